/// The process at one end of a connection.
struct SocketOwner: Hashable, Sendable {
  var process: Int
  /// Its command line, in one line and shortened; it may hold a key.
  var command: String
  /// The container's name, or the beginning of its id; empty where it is in none.
  var container: String

  /// Of a command line, in characters.
  private static let longest = 80

  /// - Parameter command: its words.
  init(process: Int, words: [String], container: String) {
    self.init(process: process, command: Self.shown(words), container: container)
  }

  private init(process: Int, command: String, container: String) {
    self.process = process
    self.command = command
    self.container = Self.plain(container)
  }

  /// The program and its first arguments: what is long or looks like content, and what follows the
  /// name of a secret, is nobody's business.
  private static func shown(_ words: [String]) -> String {
    var shown = ""
    var hidesNext = false
    for word in words {
      let name = word.prefix { $0 != "=" }.lowercased()
      let isSecret =
        word.hasPrefix("-")
        && ["key", "token", "secret", "pass", "auth", "header", "-u", "-h"]
          .contains { $0.hasPrefix("-") ? name == $0 : name.contains($0) }
      var text = plain(word)
      if hidesNext || word.contains(where: { "{[\"'\n".contains($0) }) { text = "…" }
      if isSecret, name.count < word.count { text = "\(word.prefix(name.count))=…" }
      hidesNext = isSecret && name.count == word.count
      guard shown.count + text.count < longest else { return shown + (shown.isEmpty ? text : " …") }
      shown += (shown.isEmpty ? "" : " ") + text
    }
    return shown
  }

  private static func plain(_ text: String) -> String {
    let scalars = text.unicodeScalars.prefix(longest).map {
      $0.value < 0x20 || $0.value == 0x7F ? " " : $0
    }
    return String(String.UnicodeScalarView(scalars))
  }

  /// `node /app/dist/main.js (process 4711, in bytebot-agent)`
  var text: String {
    "\(command) (process \(process)\(container.isEmpty ? "" : ", in \(container)"))"
  }

  /// As the two processes tell it to each other: fields that hold no tab and no line end.
  var line: String { "\(process)\t\(command)\t\(container)" }

  /// - Returns: `nil` where nobody was found.
  init?(fields: some Collection<Substring>) {
    let fields = Array(fields)
    guard fields.count == 3, let process = Int(fields[0]) else { return nil }
    self.init(process: process, command: String(fields[1]), container: String(fields[2]))
  }

  static let nobody = "\t\t"
}
