internal import HTTP
internal import Wire

/// A value with parameters, as of Content-Type and Content-Disposition (RFC 9110, 5.6.6).
struct HeaderParameters {
  /// In lower case.
  let value: String
  /// Names in lower case.
  private var parameters: [(name: String, value: ArraySlice<UInt8>)] = []

  subscript(name: String) -> ArraySlice<UInt8>? {
    parameters.first { $0.name == name }?.value
  }

  /// - Returns: `nil` where two readers could read two things: a parameter that is there twice, an
  ///   escape between quotes, quotes that don't end.
  init?(_ field: ArraySlice<UInt8>) {
    let end = field.firstIndex(of: 0x3B) ?? field.endIndex
    value = String(decoding: field[..<end].trimmingBlanks(), as: UTF8.self).lowercased()
    var rest = field[end...]
    while rest.first == 0x3B {
      rest = rest.dropFirst().drop { $0 == 0x20 || $0 == 0x09 }
      if rest.isEmpty || rest.first == 0x3B { continue }
      guard let equals = rest.firstIndex(of: 0x3D) else { return nil }
      let name = rest[..<equals]
      guard !name.isEmpty, name.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x3B })
      else { return nil }
      rest = rest[(equals &+ 1)...]
      let found: ArraySlice<UInt8>
      if rest.first == 0x22 {
        rest = rest.dropFirst()
        guard let close = rest.firstIndex(of: 0x22) else { return nil }
        found = rest[..<close]
        guard !found.contains(0x5C) else { return nil }
        rest = rest[(close &+ 1)...].drop { $0 == 0x20 || $0 == 0x09 }
        guard rest.isEmpty || rest.first == 0x3B else { return nil }
      } else {
        let end = rest.firstIndex(of: 0x3B) ?? rest.endIndex
        found = rest[..<end].trimmingBlanks()
        guard !found.contains(0x22) else { return nil }
        rest = rest[end...]
      }
      let lowered = String(decoding: name, as: UTF8.self).lowercased()
      guard self[lowered] == nil, parameters.count < 32 else { return nil }
      parameters.append((lowered, found))
    }
  }
}
