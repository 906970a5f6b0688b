/// Every route that one version of LiteLLM has, with what it answers there without a database.
///
/// The text of a catalogue is made by `Scripts/conformance --routes`, which asks LiteLLM itself. It
/// has two parts with an empty line between them. First the answers, one a line:
///
///     STATUS MEDIA-TYPE CONTENT
///
/// then the paths, one a line: the path as FastAPI writes it, the methods of its `allow` field, and
/// for each method the numbers of two answers, without a key and with the master key. `-` in the
/// first one's place is the ordinary check of the key, and `admin` behind them a route on which a
/// virtual key is refused.
///
///     /files/{file_id} GET GET:-:17 DELETE:-:18:admin
struct RouteCatalogue: Sendable {
  struct Operation: Sendable, Equatable {
    var method: String
    /// What is answered without a key; `nil`: what the check of the key says.
    var keyless: Int?
    /// What is answered to the master key.
    var allowed: Int
    /// Whether a virtual key is refused.
    var isOnlyForAdmins: Bool
  }

  struct Path: Sendable {
    var template: PathTemplate
    /// For the `allow` field, which names what FastAPI's first route of this path takes.
    var allow: String
    var operations: [Operation]
  }

  private let answers: [Substring]
  private let literals: [Substring: Path]
  /// In the order in which they are tried: those with more of their own text first.
  private let patterns: [Path]

  static func of(_ profile: ProxyProfile) -> RouteCatalogue {
    switch profile {
    case .v106: v106
    case .v76: v76
    }
  }

  /// - Parameter text: as described above; lines that aren't of that form are passed over.
  init(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let end = lines.firstIndex { $0.isEmpty } ?? lines.endIndex
    answers = Array(lines[..<end])
    var literals: [Substring: Path] = [:]
    var patterns: [Path] = []
    for line in lines[end...] {
      let columns = line.split(separator: " ")
      guard columns.count > 2 else { continue }
      let path = Path(
        template: PathTemplate(columns[0]), allow: String(columns[1].replacing(",", with: ", ")),
        operations: columns[2...].compactMap(Operation.init))
      if path.template.isLiteral { literals[columns[0]] = path } else { patterns.append(path) }
    }
    self.literals = literals
    self.patterns = patterns.sorted { $0.template.literalLength > $1.template.literalLength }
  }

  /// The path's entry, and the values of its parameters.
  func find(_ path: Substring) -> (path: Path, values: [PathTemplate.Value])? {
    if let found = literals[path] { return (found, []) }
    for pattern in patterns {
      if let values = pattern.template.values(in: path) { return (pattern, values) }
    }
    return nil
  }

  /// - Parameter number: of an operation of this catalogue.
  func answer(_ number: Int, _ values: [PathTemplate.Value]) -> ProxyAnswer {
    let columns = answers[number].split(separator: " ", maxSplits: 2)
    guard columns.count > 1, let status = Int(columns[0]) else {
      return Refusal.detail(404, "Not Found")
    }
    var content = columns.count > 2 ? String(columns[2]) : ""
    for value in values { content.replace("{\(value.name)}", with: value.text) }
    return ProxyAnswer(
      status: status,
      fields: columns[1] == "-"
        ? [] : [("content-type", String(columns[1].replacing(";", with: "; ")))],
      content: .bytes(Array(content.utf8)))
  }
}

extension RouteCatalogue.Operation {
  fileprivate init?(_ column: Substring) {
    let parts = column.split(separator: ":")
    guard parts.count > 2, let allowed = Int(parts[2]) else { return nil }
    method = String(parts[0])
    keyless = Int(parts[1])
    self.allowed = allowed
    isOnlyForAdmins = parts.last == "admin"
  }
}
