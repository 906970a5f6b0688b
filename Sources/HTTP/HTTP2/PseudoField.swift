/// The fields that say in HTTP/2 what a start line says in HTTP/1 (RFC 9113, 8.3; RFC 8441, 4).
enum PseudoField: UInt8, Sendable {
  case method, scheme, authority, path, status
  /// Of an extended CONNECT.
  case `protocol`
  case unknown

  /// - Returns: `nil` for a name that doesn't begin with a colon.
  init?(_ name: ArraySlice<UInt8>) {
    guard name.first == 0x3A else { return nil }
    switch name.count {
    case 5 where name.elementsEqual(":path".utf8): self = .path
    case 7 where name.elementsEqual(":method".utf8): self = .method
    case 7 where name.elementsEqual(":scheme".utf8): self = .scheme
    case 7 where name.elementsEqual(":status".utf8): self = .status
    case 9 where name.elementsEqual(":protocol".utf8): self = .protocol
    case 10 where name.elementsEqual(":authority".utf8): self = .authority
    default: self = .unknown
    }
  }

  /// Whether a start line has a place for it: then it doesn't stand among the fields.
  var isOfStartLine: Bool { self == .method || self == .path || self == .status }

  func isOf(_ kind: MessageHead.Kind) -> Bool {
    switch kind {
    case .request: self != .status && self != .unknown
    case .response: self == .status
    case .trailers: false
    }
  }
}
