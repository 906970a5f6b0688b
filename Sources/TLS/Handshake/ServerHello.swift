/// What of a ServerHello (RFC 8446, 4.1.3; RFC 5246, 7.4.1.3) is needed.
struct ServerHello {
  /// The random of a HelloRetryRequest: the SHA-256 of that name.
  private static let retryRandom: [UInt8] = [
    0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
    0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
  ]

  var random: [UInt8]
  /// `nil` where it is none that can be opened.
  var version: TLSVersion?
  var cipherSuite: UInt16
  var isCompressed: Bool
  var applicationProtocol: String?
  var encryptsThenMACs = false
  var extendsMasterSecret = false
  var acceptsPreSharedKey = false

  /// Whether the client is asked for another hello.
  var isRetryRequest: Bool { random == Self.retryRandom }

  /// - Parameter body: behind the handshake header.
  init?(_ body: [UInt8]) {
    var fields = HelloFields(body[...])
    guard let legacyVersion = fields.number16(), let random = fields.bytes(32),
      fields.vector8() != nil, let suite = fields.number16(), let compression = fields.number8()
    else { return nil }
    self.random = Array(random)
    cipherSuite = suite
    isCompressed = compression != 0
    var number = legacyVersion
    var list = HelloFields(fields.vector16() ?? [])
    while let (type, content) = list.extension() {
      switch type {
      case ExtensionType.supportedVersions:
        var version = HelloFields(content)
        number = version.number16() ?? number
      case ExtensionType.applicationProtocol:
        applicationProtocol = HelloFields.protocolName(content)
      case ExtensionType.encryptThenMAC: encryptsThenMACs = true
      case ExtensionType.extendedMasterSecret: extendsMasterSecret = true
      case ExtensionType.preSharedKey: acceptsPreSharedKey = true
      default: break
      }
    }
    version = TLSVersion(rawValue: number)
  }
}
