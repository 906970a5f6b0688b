/// Reads the vectors of hellos (RFC 8446, 3.4): nothing beyond the end, whatever lengths say.
struct HelloFields {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
    guard count <= rest.count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  mutating func number8() -> Int? { bytes(1)?.first.map(Int.init) }

  mutating func number16() -> UInt16? { bytes(2).map { $0.reduce(0) { $0 << 8 | UInt16($1) } } }

  /// A vector with a length of one byte.
  mutating func vector8() -> ArraySlice<UInt8>? { number8().flatMap { bytes($0) } }

  /// A vector with a length of two bytes.
  mutating func vector16() -> ArraySlice<UInt8>? { number16().flatMap { bytes(Int($0)) } }

  /// An extension (RFC 8446, 4.2): its number and content.
  mutating func `extension`() -> (type: UInt16, content: ArraySlice<UInt8>)? {
    guard let type = number16(), let content = vector16() else { return nil }
    return (type, content)
  }

  /// A list of protocol names (RFC 7301, 3.1) with exactly one in it.
  static func protocolName(_ content: ArraySlice<UInt8>) -> String? {
    var fields = HelloFields(content)
    guard let list = fields.vector16() else { return nil }
    var names = HelloFields(list)
    guard let name = names.vector8(), !name.isEmpty, names.isAtEnd else { return nil }
    return String(decoding: name, as: UTF8.self)
  }
}

/// Numbers of the extensions that are read.
enum ExtensionType {
  static let serverName: UInt16 = 0
  static let applicationProtocol: UInt16 = 16
  static let encryptThenMAC: UInt16 = 22
  static let extendedMasterSecret: UInt16 = 23
  static let preSharedKey: UInt16 = 41
  static let earlyData: UInt16 = 42
  static let supportedVersions: UInt16 = 43
}
