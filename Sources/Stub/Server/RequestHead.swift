internal import LiteLLM

/// A request's first line and fields, as h11 takes them.
struct RequestHead {
  enum Framing {
    case length(Int)
    case chunked
  }

  var served = ServedRequest()
  var framing = Framing.length(0)
  var expectsContinue = false

  /// - Parameter bytes: with the empty line at the end.
  /// - Returns: `nil` for what h11 refuses.
  init?(_ bytes: ArraySlice<UInt8>) {
    var lines = Self.lines(bytes)
    guard !lines.isEmpty, readFirstLine(lines.removeFirst()) else { return nil }
    var fields: [(name: String, value: String)] = []
    fields.reserveCapacity(lines.count)
    var index = 0
    while index < lines.count {
      var line = lines[index]
      index += 1
      while index < lines.count, let first = lines[index].first, Self.isBlank(first) {
        // A folded line is joined with one blank.
        line = ArraySlice(Array(line) + [0x20] + lines[index].drop(while: Self.isBlank))
        index += 1
      }
      guard let field = Self.field(line) else { return nil }
      fields.append(field)
    }
    served.request.fields = fields
    guard readFraming(fields) else { return nil }
  }

  private static func lines(_ bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    lines.reserveCapacity(24)
    var start = bytes.startIndex
    while let feed = bytes[start...].firstIndex(of: 0x0A) {
      let end = feed > start && bytes[feed - 1] == 0x0D ? feed - 1 : feed
      if end == start { break }
      lines.append(bytes[start..<end])
      start = feed + 1
    }
    return lines
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  /// token SP 1*VCHAR SP HTTP/DIGIT.DIGIT
  private mutating func readFirstLine(_ line: ArraySlice<UInt8>) -> Bool {
    guard let first = line.firstIndex(of: 0x20), let last = line.lastIndex(of: 0x20),
      first < last, first > line.startIndex
    else { return false }
    let method = line[..<first]
    let target = line[(first + 1)..<last]
    let version = line[(last + 1)...]
    guard method.allSatisfy(Self.isToken), !target.isEmpty,
      target.allSatisfy({ 0x21...0x7E ~= $0 }), version.count == 8,
      version.starts(with: "HTTP/".utf8), version[version.startIndex + 6] == 0x2E,
      0x30...0x39 ~= version[version.startIndex + 5],
      0x30...0x39 ~= version[version.startIndex + 7]
    else { return false }
    served.request.method = String(decoding: method, as: UTF8.self)
    served.request.target = String(decoding: target, as: UTF8.self)
    served.isHTTP10 = version.elementsEqual("HTTP/1.0".utf8)
    return true
  }

  private static func isToken(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E,
      0x5F, 0x60, 0x7C, 0x7E:
      true
    default: false
    }
  }

  /// In a value h11 takes everything but NUL and the blanks that are none of HTTP's.
  private static func isValue(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x00, 0x0A...0x0D: false
    default: true
    }
  }

  private static func field(_ line: ArraySlice<UInt8>) -> (name: String, value: String)? {
    guard let colon = line.firstIndex(of: 0x3A), colon > line.startIndex else { return nil }
    let name = line[..<colon]
    var value = line[(colon + 1)...].drop(while: isBlank)
    while let last = value.last, isBlank(last) { value = value.dropLast() }
    guard name.allSatisfy(isToken), value.allSatisfy(isValue) else { return nil }
    let lower = name.map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }
    // Starlette reads Latin-1.
    let text =
      value.allSatisfy { $0 < 0x80 }
      ? String(decoding: value, as: UTF8.self)
      : String(String.UnicodeScalarView(value.map { Unicode.Scalar($0) }))
    return (String(decoding: lower, as: UTF8.self), text)
  }

  private mutating func readFraming(_ fields: [(name: String, value: String)]) -> Bool {
    var hosts = 0
    var length: String?
    var isChunked = false
    served.keepsAlive = !served.isHTTP10
    for (name, value) in fields {
      switch name {
      case "host": hosts += 1
      case "content-length":
        for part in value.split(separator: ",", omittingEmptySubsequences: false) {
          let digits = part.trimmingBlanks()
          guard length == nil || length == digits else { return false }
          length = digits
        }
      case "transfer-encoding":
        // One, and of the codings only this.
        guard !isChunked, value.lowercased() == "chunked" else { return false }
        isChunked = true
      case "connection":
        for part in value.split(separator: ",") where part.trimmingBlanks().lowercased() == "close"
        {
          served.keepsAlive = false
        }
      case "expect":
        if value.lowercased() == "100-continue", !served.isHTTP10 { expectsContinue = true }
      default: break
      }
    }
    guard hosts == 1 || hosts == 0 && served.isHTTP10 else { return false }
    if let length {
      guard !length.isEmpty, length.utf8.count <= 20, length.utf8.allSatisfy({ 0x30...0x39 ~= $0 })
      else { return false }
      framing = .length(Int(length) ?? .max)
    }
    if isChunked { framing = .chunked }
    return true
  }
}

extension StringProtocol {
  /// Without blanks at both ends.
  fileprivate func trimmingBlanks() -> String {
    let start = drop { $0 == " " || $0 == "\t" }
    guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
    return String(start[...last])
  }
}
