internal import Wire

// A head made of a field section (RFC 9113, 8.1 to 8.3).

extension MessageHead {
  public enum Kind: Sendable { case request, response, trailers }

  /// The head that a field section is.
  ///
  /// The pseudo fields that a start line has a place for stand there, of repeated ones the first;
  /// `:authority`, `:scheme` and `:protocol` stand among the fields, as they came. What RFC 9113
  /// calls malformed gets ``Wire/Anomaly/h2BadHeaderBlock``, and a more telling name where there is
  /// one.
  public init(http2 section: FieldSection, as kind: Kind) {
    self.init(
      bytes: [], startLine: .unreadable, fields: [], anomalies: [],
      isComplete: section.isComplete)
    isHTTP2 = true
    bytes.reserveCapacity(section.bytes.count &+ 4 &* section.fields.count &+ 64)
    fields.reserveCapacity(section.fields.count)
    let pseudo = PseudoFields(of: section, as: kind)
    if pseudo.isMalformed { anomalies.insert(.h2BadHeaderBlock) }
    writeStartLine(pseudo, section, kind)
    for field in section.fields { write(field, of: section) }
    bytes += [0x0D, 0x0A]
    if section.error != nil { anomalies.insert(.h2BadHeaderBlock) }
    if section.hasUnknown { anomalies.insert(.h2UnknownTable) }
    if section.error == .sectionTooLarge { anomalies.insert(.headerTooLarge) }
    if section.omitted > 0, section.error == nil { anomalies.insert(.tooManyHeaders) }
    checkFields(kind)
    if kind == .request { checkRequest(pseudo, section) }
  }

  // MARK: Bytes

  /// Appends bytes and says where they stand.
  private mutating func append(_ part: some Sequence<UInt8>) -> Range<Int> {
    let start = bytes.count
    bytes += part
    return start..<bytes.count
  }

  private mutating func writeStartLine(
    _ pseudo: PseudoFields, _ section: FieldSection, _ kind: Kind
  ) {
    switch kind {
    case .request:
      let method = append(pseudo.value(.method, of: section))
      bytes.append(0x20)
      // The target of CONNECT is an authority (RFC 9113, 8.5).
      let isTunnel = !pseudo.has(.path) && bytes[method].elementsEqual("CONNECT".utf8)
      let target = append(pseudo.value(isTunnel ? .authority : .path, of: section))
      bytes.append(0x20)
      startLine = .request(method: method, target: target, version: append("HTTP/2".utf8))
    case .response:
      let version = append("HTTP/2".utf8)
      bytes.append(0x20)
      let text = pseudo.value(.status, of: section)
      let digits = append(text)
      let code = text.count == 3 && text.allSatisfy(CharacterClass.isDigit) ? Int(decimal: text) : 0
      if code < 100, pseudo.has(.status) {
        anomalies.formUnion([AnomalySet(.badStatusLine), AnomalySet(.h2BadHeaderBlock)])
      }
      // RFC 9113, 8.6: there is no switching of protocols.
      if code == 101 { anomalies.insert(.h2BadHeaderBlock) }
      startLine = .status(
        code: code < 100 ? 0 : code, reason: digits.upperBound..<digits.upperBound,
        version: version)
    case .trailers:
      return
    }
    bytes += [0x0D, 0x0A]
  }

  private mutating func write(_ field: FieldSection.Field, of section: FieldSection) {
    guard !field.isNameUnknown, !field.isValueUnknown else {
      let here = Int32(bytes.count)
      fields.append(Field(name: here..<here, value: here..<here, isUnknown: true))
      return
    }
    let pseudo = PseudoField(section.name(of: field))
    if pseudo?.isOfStartLine == true { return }
    let name = append(section.name(of: field))
    bytes += [0x3A, 0x20]
    let value = append(section.value(of: field))
    bytes += [0x0D, 0x0A]
    fields.append(
      Field(
        name: Int32(name.lowerBound)..<Int32(name.upperBound),
        value: Int32(value.lowerBound)..<Int32(value.upperBound),
        isAuthority: pseudo == .authority))
  }

  // MARK: Requests

  private mutating func checkRequest(_ pseudo: PseudoFields, _ section: FieldSection) {
    let method = pseudo.value(.method, of: section)
    let isConnect = method.elementsEqual("CONNECT".utf8)
    let isExtended = pseudo.has(.protocol)
    if section.isComplete {
      // RFC 9113, 8.3.1 and 8.5; RFC 8441, 4.
      let isWhole =
        isConnect && !isExtended
        ? pseudo.has(.authority) && !pseudo.has(.scheme) && !pseudo.has(.path)
        : pseudo.has(.method) && pseudo.has(.scheme) && pseudo.has(.path)
          && (isConnect || !isExtended)
      if !isWhole { anomalies.insert(.h2BadHeaderBlock) }
      if !fields.contains(where: { isNamed($0, "host") }) { anomalies.insert(.missingHost) }
    }
    if pseudo.has(.method) {
      if method.isEmpty || !method.allSatisfy(CharacterClass.isToken) {
        anomalies.formUnion([AnomalySet(.badRequestLine), AnomalySet(.h2BadHeaderBlock)])
      }
      if !Method.isKnown(method.span, 0..<method.count) { anomalies.insert(.unknownMethod) }
    }
    if pseudo.has(.path) {
      let path = pseudo.value(.path, of: section)
      let isAsterisk = path.elementsEqual("*".utf8) && method.elementsEqual("OPTIONS".utf8)
      if path.first != 0x2F && !isAsterisk || path.contains(where: { $0 <= 0x20 || $0 >= 0x7F }) {
        anomalies.formUnion([AnomalySet(.badRequestLine), AnomalySet(.h2BadHeaderBlock)])
      }
    }
    if pseudo.has(.authority) {
      checkAuthority(pseudo.value(.authority, of: section))
    }
  }

  /// RFC 9113, 8.3.1: no user in it, and a Host beside it says the same.
  private mutating func checkAuthority(_ authority: ArraySlice<UInt8>) {
    let isOdd = authority.contains { byte in
      byte <= 0x20 || byte >= 0x7F || byte == 0x40 || byte == 0x2F || byte == 0x3F || byte == 0x23
    }
    if isOdd { anomalies.insert(.h2BadHeaderBlock) }
    for field in fields where !field.isAuthority && isNamed(field, "host") {
      let isSame = value(of: field).elementsEqual(authority) { one, other in
        CharacterClass.lowercased(one) == CharacterClass.lowercased(other)
      }
      if !isSame {
        anomalies.formUnion([AnomalySet(.duplicateHost), AnomalySet(.h2BadHeaderBlock)])
      }
    }
  }
}

/// The first of each pseudo field of a section.
private struct PseudoFields {
  private var found = [FieldSection.Field?](repeating: nil, count: 7)
  /// One is unknown, repeated, of another kind of message, or behind a regular field.
  private(set) var isMalformed = false

  init(of section: FieldSection, as kind: MessageHead.Kind) {
    var isBehind = false
    for field in section.fields {
      guard !field.isNameUnknown else { continue }
      guard let pseudo = PseudoField(section.name(of: field)) else {
        isBehind = true
        continue
      }
      let place = Int(pseudo.rawValue)
      if isBehind || found[place] != nil || !pseudo.isOf(kind) { isMalformed = true }
      if found[place] == nil, !field.isValueUnknown { found[place] = field }
    }
    if kind == .response, !has(.status), section.isComplete { isMalformed = true }
  }

  func has(_ pseudo: PseudoField) -> Bool { found[Int(pseudo.rawValue)] != nil }

  func value(_ pseudo: PseudoField, of section: FieldSection) -> ArraySlice<UInt8> {
    found[Int(pseudo.rawValue)].map { section.value(of: $0) } ?? []
  }
}

extension Int {
  /// The number that digits are: of more than 18 of them, only that there are many.
  init(decimal digits: some Sequence<UInt8>) {
    self = 0
    for (place, digit) in digits.enumerated() {
      guard place < 18 else {
        self = .max
        return
      }
      self = self &* 10 &+ Int(digit &- 0x30)
    }
  }
}
