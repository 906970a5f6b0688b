internal import HTTP
internal import LiteLLM

/// What is changed in requests on purpose, beside Host and keys.
public struct Rewriting: Sendable {
  /// Fields that every request gets; one of that name that it had is replaced.
  public var fields: [(name: String, value: String)] = []
  /// Names of fields that no request keeps, in lower case.
  public var removed: [String] = []
  /// Members of JSON contents: their path, and the JSON that takes their value's place.
  public var members: [(path: [String], json: String)] = []
  /// In front of each path.
  public var prefix = ""

  public init() {}

  public var isEmpty: Bool {
    fields.isEmpty && removed.isEmpty && members.isEmpty && prefix.isEmpty
  }

  /// Paths of members that no request has a place for.
  public func unused(in requests: [RecordedRequest]) -> [String] {
    members.filter { member in
      !requests.contains {
        JSONEdit.setting(member.path, to: member.json, in: Self.plain($0).content) != nil
      }
    }.map { $0.path.joined(separator: ".") }
  }

  /// How many requests have content in a coding, in which no member can be set.
  public func coded(in requests: [RecordedRequest]) -> Int {
    guard !members.isEmpty else { return 0 }
    return requests.count {
      !$0.content.isEmpty
        && !ContentDecoder(for: MessageHead($0.head[...], isComplete: true)).isIdentity
    }
  }

  /// The content without its chunks, where it has some.
  private static func plain(_ request: RecordedRequest) -> (content: [UInt8], isChunked: Bool) {
    let head = MessageHead(request.head[...], isComplete: true)
    guard BodyFraming.ofRequest(head).framing == .chunked else { return (request.content, false) }
    var decoder = MessageDecoder()
    let bytes = request.head + request.content
    var content: [UInt8] = []
    var offset = 0
    while true {
      switch decoder.next(bytes.span, from: &offset) {
      case .head:
        _ = decoder.takeHead()
        decoder.frame(.chunked)
      case .content(let range): content += bytes[range]
      case .began, .odd: continue
      case .ended: return (content, true)
      case .more, .lost, .stray, .tunnel: return (request.content, false)
      }
    }
  }

  /// - Returns: the request, and the names of what was changed in it.
  func applied(to request: RecordedRequest) -> (request: RecordedRequest, changed: [String]) {
    guard !isEmpty else { return (request, []) }
    var request = request
    var changed: [String] = []
    let (plain, isChunked) = members.isEmpty ? (request.content, false) : Self.plain(request)
    var edited = plain
    for (path, json) in members {
      guard let content = JSONEdit.setting(path, to: json, in: edited) else { continue }
      edited = content
      changed.append("body." + path.joined(separator: "."))
    }
    let isLonger = !changed.isEmpty
    if isLonger { request.content = edited }
    let head = MessageHead(request.head[...], isComplete: true)
    var changes: [(range: Range<Int>, bytes: [UInt8])] = []
    if !prefix.isEmpty, let target = head.target, target.first == 0x2F {
      changes.append((target.startIndex..<target.startIndex, Array(prefix.utf8)))
      changed.append("target")
    }
    for field in head.fields {
      let name = String(decoding: head.name(of: field), as: UTF8.self).lowercased()
      if removed.contains(name) || fields.contains(where: { $0.name.lowercased() == name }) {
        changes.append((Self.line(field, head), []))
        if removed.contains(name) { changed.append(name) }
      } else if isLonger, isChunked, name == "transfer-encoding" {
        // What was cut into chunks has its length instead.
        changes.append(
          (Self.line(field, head), Array("content-length: \(edited.count)\r\n".utf8)))
        changed.append(name)
      } else if isLonger, name == "content-length" {
        changes.append(
          (
            Int(field.value.lowerBound)..<Int(field.value.upperBound),
            Array(String(request.content.count).utf8)
          ))
      }
    }
    let end = head.bytes.endIndex - Self.emptyLine(head.bytes)
    for (name, value) in fields {
      changes.append((end..<end, Array("\(name): \(value)\r\n".utf8)))
      changed.append(name.lowercased())
    }
    request.head = HeadEdit.replacing(changes, in: head.bytes)
    return (request, changed)
  }

  /// A field with its line's end.
  private static func line(_ field: MessageHead.Field, _ head: MessageHead) -> Range<Int> {
    let start =
      head.bytes[..<Int(field.name.lowerBound)].lastIndex(of: 0x0A).map { $0 + 1 }
      ?? head.bytes.startIndex
    let end = head.bytes[Int(field.value.upperBound)...].firstIndex(of: 0x0A).map { $0 + 1 }
    return start..<(end ?? head.bytes.endIndex)
  }

  /// How long the empty line at a head's end is.
  private static func emptyLine(_ bytes: [UInt8]) -> Int {
    bytes.suffix(2) == [0x0D, 0x0A] ? 2 : 1
  }
}
