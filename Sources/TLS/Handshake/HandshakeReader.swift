internal import Wire

/// A message of the handshake protocol (RFC 8446, 4).
struct HandshakeMessage: Sendable {
  enum Kind {
    static let clientHello: UInt8 = 1
    static let serverHello: UInt8 = 2
    static let endOfEarlyData: UInt8 = 5
    static let encryptedExtensions: UInt8 = 8
    static let clientKeyExchange: UInt8 = 16
    static let finished: UInt8 = 20
    static let keyUpdate: UInt8 = 24
  }

  var type: UInt8
  /// Only of the kinds that are read.
  var body: [UInt8]
}

/// Cuts the handshake messages out of the records of one direction, over whose bounds they may lie.
/// Only those that are read are kept, and none that is longer than 64 KB.
struct HandshakeReader: Sendable {
  private static let bodyLimit = 1 << 16

  private var header: [UInt8] = []
  private var body: [UInt8] = []
  /// Bytes of the body that still come.
  private var remaining = 0
  private var isKept = false
  /// Where messages begin isn't known any more, until the keys change.
  private(set) var isLost = false

  /// The next bytes begin a message.
  mutating func reset() { self = HandshakeReader() }

  /// Bytes are missing.
  mutating func lose() {
    self = HandshakeReader()
    isLost = true
  }

  /// Reads on in `bytes` from `at`, which is moved.
  ///
  /// - Returns: `nil` once more bytes are needed.
  mutating func next(_ bytes: borrowing Span<UInt8>, from at: inout Int) -> HandshakeMessage? {
    guard !isLost else {
      at = bytes.count
      return nil
    }
    while header.count < 4 {
      guard at < bytes.count else { return nil }
      header.append(bytes[at])
      at &+= 1
      if header.count == 4 { begin() }
    }
    let count = min(remaining, bytes.count &- at)
    if isKept { bytes.extracting(at..<(at &+ count)).append(to: &body) }
    at &+= count
    remaining &-= count
    guard remaining == 0 else { return nil }
    let message = HandshakeMessage(type: header[0], body: body)
    header.removeAll(keepingCapacity: true)
    body.removeAll()
    return message
  }

  private mutating func begin() {
    remaining = Int(header[1]) << 16 | Int(header[2]) << 8 | Int(header[3])
    switch header[0] {
    case HandshakeMessage.Kind.clientHello, HandshakeMessage.Kind.serverHello,
      HandshakeMessage.Kind.encryptedExtensions, HandshakeMessage.Kind.clientKeyExchange:
      isKept = remaining <= Self.bodyLimit
    default: isKept = false
    }
  }
}
