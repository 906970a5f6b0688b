internal import HTTP
internal import Wire

/// A form that a request carries: `application/x-www-form-urlencoded` (URL Standard, 5.1) or
/// `multipart/form-data` (RFC 7578).
///
/// Read strictly: what two readers could read in two ways is no form here.
struct FormContent {
  struct Field {
    var name: [UInt8]
    /// `nil` for a file.
    var value: ArraySlice<UInt8>?
  }

  /// More fields than any client sends; beyond that a form isn't read.
  static let fieldLimit = 1024
  /// RFC 2046, 5.1.1, allows 70.
  private static let boundaryLimit = 200

  private(set) var fields: [Field] = []
  /// Whether parts are told apart by a boundary.
  private(set) var isMultipart = false

  /// Whether LiteLLM looks for a form in the content, whatever it finds.
  static func isAnnounced(by head: MessageHead) -> Bool {
    head.values(of: "content-type").contains { type in
      String(decoding: type, as: UTF8.self).lowercased().contains("form")
    }
  }

  /// - Returns: `nil` where the content isn't of the type that the head says, or can be read in more
  ///   than one way.
  init?(_ content: [UInt8], _ head: MessageHead) {
    let types = head.values(of: "content-type")
    guard types.count == 1, let parameters = HeaderParameters(types[0]) else { return nil }
    if let charset = parameters["charset"] {
      let charset = String(decoding: charset, as: UTF8.self).lowercased()
      guard ["utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1"].contains(charset) else {
        return nil
      }
    }
    switch parameters.value {
    case "application/x-www-form-urlencoded":
      guard readPairs(of: content) else { return nil }
    case "multipart/form-data":
      isMultipart = true
      guard let boundary = parameters["boundary"], !boundary.isEmpty,
        boundary.count <= Self.boundaryLimit, readParts(of: content, Array(boundary))
      else { return nil }
    default: return nil
    }
  }

  /// The text of a field, which may be there once.
  func text(of name: String) -> Fact<String> {
    let found = fields.filter { $0.name.elementsEqual(name.utf8) }
    guard let field = found.first else { return .absent }
    guard found.count == 1, let value = field.value else { return .unknown(.ambiguousFraming) }
    return .present(String(decoding: value, as: UTF8.self))
  }

  private mutating func readPairs(of content: [UInt8]) -> Bool {
    for pair in content.split(separator: 0x26, maxSplits: Self.fieldLimit) {
      let parts = pair.split(separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false)
      // Some readers divide at a semicolon, too.
      guard fields.count < Self.fieldLimit, let name = parts.first, !pair.contains(0x3B) else {
        return false
      }
      let value = parts.count == 2 ? PercentCode.decodedForm(parts[1]) : []
      fields.append(Field(name: PercentCode.decodedForm(name), value: value[...]))
    }
    return true
  }

  /// Each part stands between two lines `--boundary`; the last line ends with `--`.
  private mutating func readParts(of content: [UInt8], _ boundary: [UInt8]) -> Bool {
    let mark = [0x2D, 0x2D] + boundary
    var line = 0
    // Where the part begins whose end is looked for.
    var start: Int?
    while line < content.count {
      let feed = content[line...].firstIndex(of: 0x0A) ?? content.count
      if content[line...].starts(with: mark) {
        // A delimiter that isn't a line of its own would count with some readers.
        let rest = content[(line &+ mark.count)..<max(feed, line &+ mark.count)]
        let isLast = rest.starts(with: [0x2D, 0x2D])
        guard isLast || rest.elementsEqual([0x0D]) else { return false }
        if let start {
          guard line >= start &+ 2, content[line &- 2] == 0x0D,
            fields.count < Self.fieldLimit, readPart(content[start..<(line &- 2)])
          else { return false }
        } else if line != 0 {
          return false
        }
        if isLast { return start != nil }
        start = feed &+ 1
      } else if start == nil {
        return false
      }
      line = feed &+ 1
    }
    return false
  }

  private mutating func readPart(_ part: ArraySlice<UInt8>) -> Bool {
    var rest = part
    var disposition: HeaderParameters?
    while let feed = rest.firstIndex(of: 0x0A) {
      guard feed > rest.startIndex, rest[feed &- 1] == 0x0D else { return false }
      let line = rest[rest.startIndex..<(feed &- 1)]
      rest = rest[(feed &+ 1)...]
      if line.isEmpty {
        guard let disposition, disposition.value == "form-data",
          let name = disposition["name"], disposition["name*"] == nil
        else { return false }
        let isFile = disposition["filename"] != nil || disposition["filename*"] != nil
        fields.append(Field(name: Array(name), value: isFile ? nil : rest))
        return true
      }
      guard let colon = line.firstIndex(of: 0x3A), line.first != 0x20, line.first != 0x09 else {
        return false
      }
      guard line[..<colon].equalsIgnoringCase("content-disposition") else { continue }
      guard disposition == nil, let found = HeaderParameters(line[(colon &+ 1)...]) else {
        return false
      }
      disposition = found
    }
    return false
  }
}
