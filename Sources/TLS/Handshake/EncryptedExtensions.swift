/// What of the EncryptedExtensions (RFC 8446, 4.3.1) is needed.
struct EncryptedExtensions {
  var applicationProtocol: String?
  var acceptsEarlyData = false

  /// - Parameter body: behind the handshake header.
  init?(_ body: [UInt8]) {
    var fields = HelloFields(body[...])
    guard let extensions = fields.vector16() else { return nil }
    var list = HelloFields(extensions)
    while let (type, content) = list.extension() {
      switch type {
      case ExtensionType.applicationProtocol:
        applicationProtocol = HelloFields.protocolName(content)
      case ExtensionType.earlyData: acceptsEarlyData = true
      default: break
      }
    }
  }
}
