public import Wire

/// A start line and its field section, as the bytes on the wire and an index into them
/// (RFC 9112, 2.1). Nothing is changed: order, case and repeats are those of the sender.
///
/// A head of HTTP/2 is one, too. Its bytes are what an HTTP/1 head would look like, for whoever
/// compares heads; what it says stands in the index alone, and is never read from these bytes
/// again, in which a value may look like a field.
public struct MessageHead: Sendable {
  /// The raw bytes, with the empty line where it was seen.
  public internal(set) var bytes: [UInt8]
  public internal(set) var startLine: StartLine
  public internal(set) var fields: [Field]
  public internal(set) var anomalies: AnomalySet
  /// Whether all of it was seen. A field is absent only then.
  public internal(set) var isComplete: Bool
  public internal(set) var isHTTP2 = false

  /// In HTTP/2 a method or a target that isn't there or wasn't seen is an empty range, such a status
  /// is 0; trailers have no start line.
  public enum StartLine: Sendable {
    case request(method: Range<Int>, target: Range<Int>, version: Range<Int>)
    case status(code: Int, reason: Range<Int>, version: Range<Int>)
    /// Not there, or not to be read.
    case unreadable
  }

  /// A field line: where its name and its value, trimmed of outer blanks, stand in ``bytes``.
  public struct Field: Sendable {
    public var name: Range<Int32>
    public var value: Range<Int32>
    /// The value goes on in further lines (obs-fold).
    public var isFolded = false
    /// A field of HTTP/2 whose name wasn't seen. Its value isn't kept either: nobody could say
    /// whether it is a secret.
    public var isUnknown = false
    /// `:authority`, which takes the place of Host (RFC 9113, 8.3.1), and answers to that name.
    public var isAuthority = false
  }

  public func slice(_ range: Range<Int>) -> ArraySlice<UInt8> { bytes[range] }

  private func slice(_ range: Range<Int32>) -> ArraySlice<UInt8> {
    bytes[Int(range.lowerBound)..<Int(range.upperBound)]
  }

  public var isRequest: Bool { if case .request = startLine { true } else { false } }

  public var method: ArraySlice<UInt8>? {
    guard case .request(let method, _, _) = startLine, !(isHTTP2 && method.isEmpty) else {
      return nil
    }
    return bytes[method]
  }

  public var target: ArraySlice<UInt8>? {
    guard case .request(_, let target, _) = startLine, !(isHTTP2 && target.isEmpty) else {
      return nil
    }
    return bytes[target]
  }

  public var status: Int? {
    guard case .status(let code, _, _) = startLine, !(isHTTP2 && code == 0) else { return nil }
    return code
  }

  public var reason: ArraySlice<UInt8>? {
    if case .status(_, let reason, _) = startLine { bytes[reason] } else { nil }
  }

  /// `HTTP/1.1`.
  public var version: ArraySlice<UInt8>? {
    switch startLine {
    case .request(_, _, let version), .status(_, _, let version): bytes[version]
    case .unreadable: nil
    }
  }

  /// Whether the version's minor number is below 1, or there is no version.
  public var isHTTP10: Bool { !isHTTP2 && version.map { $0.last == 0x30 } ?? true }

  public func name(of field: Field) -> ArraySlice<UInt8> { slice(field.name) }

  /// The value; a folded one with each fold as one space (RFC 9112, 5.2).
  public func value(of field: Field) -> ArraySlice<UInt8> {
    let raw = slice(field.value)
    guard field.isFolded else { return raw }
    var joined: [UInt8] = []
    var isFold = false
    for byte in raw {
      if byte == 0x0D || byte == 0x0A {
        isFold = true
      } else if isFold, CharacterClass.isBlank(byte) {
        continue
      } else {
        if isFold { joined.append(0x20) }
        isFold = false
        joined.append(byte)
      }
    }
    return joined[...]
  }

  /// Whether a field's name is `name`, which is given in lower case.
  @inline(__always)
  public func isNamed(_ field: Field, _ name: StaticString) -> Bool {
    if field.isAuthority, name.utf8CodeUnitCount == 4, name.byte(0) == 0x68 {
      return name.byte(1) == 0x6F && name.byte(2) == 0x73 && name.byte(3) == 0x74
    }
    let count = Int(field.name.upperBound &- field.name.lowerBound)
    guard count == name.utf8CodeUnitCount else { return false }
    let start = Int(field.name.lowerBound)
    for index in 0..<count
    where CharacterClass.lowercased(bytes[start + index]) != name.byte(index) { return false }
    return true
  }

  /// The same for a name that isn't known beforehand.
  public func isNamed(_ field: Field, _ name: [UInt8]) -> Bool {
    if field.isAuthority, name.elementsEqual("host".utf8) { return true }
    let count = Int(field.name.upperBound &- field.name.lowerBound)
    guard count == name.count else { return false }
    let start = Int(field.name.lowerBound)
    for index in 0..<count
    where CharacterClass.lowercased(bytes[start + index]) != name[index] { return false }
    return true
  }

  /// The values of all fields of a name, in lower case, that are known to be there.
  public func values(of name: StaticString) -> [ArraySlice<UInt8>] {
    fields.lazy.filter { isNamed($0, name) }.map { value(of: $0) }
  }

  /// The first value of a field: absent only where the whole head was seen.
  ///
  /// - Parameter reason: what an incomplete head's silence is to be put down to.
  public func value(
    of name: StaticString, unless reason: UnknownReason = .cut
  ) -> Fact<ArraySlice<UInt8>> {
    if let field = fields.first(where: { isNamed($0, name) }) { return .present(value(of: field)) }
    return isComplete ? .absent : .unknown(reason)
  }

  /// Whether a comma-separated field holds a token, in lower case.
  public func hasToken(_ token: StaticString, in name: StaticString) -> Bool {
    values(of: name).contains { value in
      value.split(separator: 0x2C).contains { part in
        let part = part.trimmingBlanks()
        return part.count == token.utf8CodeUnitCount
          && zip(part, 0...).allSatisfy { CharacterClass.lowercased($0) == token.byte($1) }
      }
    }
  }
}

extension MessageHead {
  /// Whether a request says that it is the connection's last (RFC 9112, 9.3). llhttp takes it from
  /// Proxy-Connection too, which no standard knows.
  var isLastRequest: Bool {
    if hasToken("close", in: "connection") || hasToken("close", in: "proxy-connection") {
      return true
    }
    return isHTTP10 && !hasToken("keep-alive", in: "connection")
  }

  /// Whether one of the blanks between a field's value and its line's end is a tab.
  func hasTab(behind field: Field) -> Bool {
    bytes[Int(field.value.upperBound)...].prefix(while: CharacterClass.isBlank).contains(0x09)
  }

  /// Whether a request asks for another protocol on its connection (RFC 9110, 7.8 and 9.3.6).
  public var asksForAnotherProtocol: Bool {
    guard let method else { return false }
    return method.elementsEqual("CONNECT".utf8) || fields.contains { isNamed($0, "upgrade") }
  }
}

extension MessageHead {
  /// Whether the content is an event stream (WHATWG HTML, 9.2), whatever the parameters of its type.
  public var isEventStream: Bool {
    let type: StaticString = "text/event-stream"
    for field in fields where isNamed(field, "content-type") {
      let start = Int(field.value.lowerBound)
      let end = Int(field.value.upperBound)
      var at = start
      while at < end, at &- start < type.utf8CodeUnitCount,
        CharacterClass.lowercased(bytes[at]) == type.byte(at &- start)
      { at &+= 1 }
      guard at &- start == type.utf8CodeUnitCount else { return false }
      while at < end, CharacterClass.isBlank(bytes[at]) { at &+= 1 }
      return at == end || bytes[at] == 0x3B
    }
    return false
  }

  /// Reads a head whose bytes are known already.
  ///
  /// - Parameter isComplete: whether they end with the empty line.
  public init(_ bytes: ArraySlice<UInt8>, isComplete: Bool) {
    self = HeadParser.parse(Array(bytes), isComplete: isComplete)
  }
}

extension StaticString {
  @inline(__always)
  func byte(_ index: Int) -> UInt8 {
    withUTF8Buffer { unsafe $0[index] }
  }
}

extension ArraySlice<UInt8> {
  /// Without spaces and tabs at either end.
  public func trimmingBlanks() -> ArraySlice<UInt8> {
    var trimmed = self
    while let first = trimmed.first, CharacterClass.isBlank(first) { trimmed.removeFirst() }
    while let last = trimmed.last, CharacterClass.isBlank(last) { trimmed.removeLast() }
    return trimmed
  }

  /// Whether the bytes are these, whatever their case; `other` is in lower case.
  public func equalsIgnoringCase(_ other: StaticString) -> Bool {
    count == other.utf8CodeUnitCount
      && zip(self, 0...).allSatisfy { CharacterClass.lowercased($0) == other.byte($1) }
  }
}
