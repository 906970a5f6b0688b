public import Wire

// A head's index in numbers, for whoever keeps heads outside of memory: an HTTP/2 head can't be
// read from its bytes again.

extension MessageHead {
  /// Where the parts of an HTTP/2 head stand; empty for one of HTTP/1, which its bytes say all of.
  public var index: [Int] {
    guard isHTTP2 else { return [] }
    var numbers: [Int] = []
    numbers.reserveCapacity(9 &+ 5 &* fields.count)
    numbers.append(isComplete ? 1 : 0)
    switch startLine {
    case .request(let method, let target, let version):
      numbers.append(1)
      for range in [method, target, version] { numbers += [range.lowerBound, range.upperBound] }
    case .status(let code, let reason, let version):
      numbers += [2, code]
      for range in [reason, version] { numbers += [range.lowerBound, range.upperBound] }
    case .unreadable: numbers.append(0)
    }
    for field in fields {
      for range in [field.name, field.value] {
        numbers += [Int(range.lowerBound), Int(range.upperBound)]
      }
      numbers.append((field.isUnknown ? 1 : 0) | (field.isAuthority ? 2 : 0))
    }
    return numbers
  }

  /// A head of HTTP/2 from its bytes and its ``index``.
  ///
  /// - Returns: `nil` where they don't belong together.
  public init?(http2 bytes: ArraySlice<UInt8>, index: [Int], anomalies: AnomalySet) {
    self.init(
      bytes: Array(bytes), startLine: .unreadable, fields: [], anomalies: anomalies,
      isComplete: false)
    isHTTP2 = true
    var rest = index[...]
    guard let whole = rest.popFirst(), let kind = rest.popFirst() else { return nil }
    isComplete = whole == 1
    switch kind {
    case 1:
      guard let method = range(&rest), let target = range(&rest), let version = range(&rest)
      else { return nil }
      startLine = .request(method: method, target: target, version: version)
    case 2:
      guard let code = rest.popFirst(), let reason = range(&rest), let version = range(&rest)
      else { return nil }
      startLine = .status(code: code, reason: reason, version: version)
    default: break
    }
    while !rest.isEmpty {
      guard let name = range(&rest), let value = range(&rest), let marks = rest.popFirst()
      else { return nil }
      fields.append(
        Field(
          name: Int32(name.lowerBound)..<Int32(name.upperBound),
          value: Int32(value.lowerBound)..<Int32(value.upperBound), isUnknown: marks & 1 != 0,
          isAuthority: marks & 2 != 0))
    }
  }

  /// The next two numbers, as a range of the bytes.
  private func range(_ numbers: inout ArraySlice<Int>) -> Range<Int>? {
    guard let start = numbers.popFirst(), let end = numbers.popFirst(), start >= 0, start <= end,
      end <= bytes.count
    else { return nil }
    return start..<end
  }
}
