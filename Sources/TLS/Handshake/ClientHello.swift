/// What of a ClientHello (RFC 8446, 4.1.2) is needed.
struct ClientHello {
  var random: ClientRandom
  /// RFC 6066, 3.
  var serverName: String?
  /// Whether early data follow (RFC 8446, 4.2.10).
  var offersEarlyData = false

  /// - Parameter body: behind the handshake header.
  init?(_ body: [UInt8]) {
    var fields = HelloFields(body[...])
    guard fields.bytes(2) != nil,
      let random = fields.bytes(32).flatMap({ ClientRandom(Array($0)) }),
      fields.vector8() != nil, fields.vector16() != nil, fields.vector8() != nil
    else { return nil }
    self.random = random
    guard let extensions = fields.vector16() else { return }
    var list = HelloFields(extensions)
    while let (type, content) = list.extension() {
      switch type {
      case ExtensionType.serverName: serverName = Self.hostName(content)
      case ExtensionType.earlyData: offersEarlyData = true
      default: break
      }
    }
  }

  private static func hostName(_ content: ArraySlice<UInt8>) -> String? {
    var fields = HelloFields(content)
    guard let list = fields.vector16() else { return nil }
    var names = HelloFields(list)
    while let type = names.number8(), let name = names.vector16() {
      if type == 0, !name.isEmpty { return String(decoding: name, as: UTF8.self) }
    }
    return nil
  }
}
