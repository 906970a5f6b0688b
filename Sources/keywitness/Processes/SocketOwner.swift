/// The process at one end of a connection.
struct SocketOwner: Hashable, Sendable {
  var process: Int
  /// Its command line as ``ShownCommand`` has it.
  var command: String
  /// The container's name, or the beginning of its id; empty where it is in none.
  var container: String

  /// Of what others have named, in characters.
  private static let longest = 80

  /// - Parameter words: of its command line.
  init(process: Int, words: [String], container: String) {
    self.init(process: process, command: ShownCommand.text(words), container: container)
  }

  private init(process: Int, command: String, container: String) {
    self.process = process
    self.command = command
    self.container = Self.plain(container)
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
