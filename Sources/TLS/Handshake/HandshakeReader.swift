internal import Wire

/// A message of the handshake protocol (RFC 8446, 4).
struct HandshakeMessage: Sendable {
  enum Kind {
    static let helloRequest: UInt8 = 0
    static let clientHello: UInt8 = 1
    static let serverHello: UInt8 = 2
    static let newSessionTicket: UInt8 = 4
    static let endOfEarlyData: UInt8 = 5
    static let encryptedExtensions: UInt8 = 8
    static let certificate: UInt8 = 11
    static let certificateRequest: UInt8 = 13
    static let certificateVerify: UInt8 = 15
    static let clientKeyExchange: UInt8 = 16
    static let finished: UInt8 = 20
    static let keyUpdate: UInt8 = 24
    /// RFC 8879.
    static let compressedCertificate: UInt8 = 25

    /// Those that may stand in the clear: in TLS 1.3 hellos alone; before, all up to the change of
    /// the cipher spec (RFC 5246, A.4; RFC 4680; RFC 5077; RFC 6066).
    static func inClear(isTLS13: Bool) -> [UInt8] {
      isTLS13 ? [clientHello, serverHello] : [0, 1, 2, 4, 11, 12, 13, 14, 15, 16, 20, 21, 22, 23]
    }

    /// Those of TLS 1.3 that are encrypted (RFC 8446, B.3).
    static func encrypted(isClient: Bool) -> [UInt8] {
      let both = [certificate, certificateVerify, finished, keyUpdate, compressedCertificate]
      return both
        + (isClient
          ? [endOfEarlyData] : [newSessionTicket, encryptedExtensions, certificateRequest])
    }

    /// The length of the bodies of a kind, where it is always the same.
    static func length(of kind: UInt8) -> Int? {
      switch kind {
      case helloRequest, endOfEarlyData: 0
      case keyUpdate: 1
      default: nil
      }
    }
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

  /// Whether all messages that begin in `bytes`, which come next, are of these kinds, as far as it
  /// shows.
  func expects(_ bytes: borrowing Span<UInt8>, only kinds: [UInt8]) -> Bool {
    guard !isLost else { return true }
    var header = header
    var remaining = remaining
    var at = 0
    while true {
      if header.count == 4 {
        guard bytes.count &- at >= remaining else { return true }
        at &+= remaining
        header.removeAll(keepingCapacity: true)
      }
      while header.count < 4 {
        guard at < bytes.count else { return header.first.map { kinds.contains($0) } ?? true }
        header.append(bytes[at])
        at &+= 1
      }
      remaining = Self.length(header)
      guard kinds.contains(header[0]),
        HandshakeMessage.Kind.length(of: header[0]) ?? remaining == remaining
      else { return false }
    }
  }

  private static func length(_ header: [UInt8]) -> Int {
    Int(header[1]) << 16 | Int(header[2]) << 8 | Int(header[3])
  }

  private mutating func begin() {
    remaining = Self.length(header)
    switch header[0] {
    case HandshakeMessage.Kind.clientHello, HandshakeMessage.Kind.serverHello,
      HandshakeMessage.Kind.encryptedExtensions, HandshakeMessage.Kind.clientKeyExchange:
      isKept = remaining <= Self.bodyLimit
    default: isKept = false
    }
  }
}
