internal import Wire

extension TLSSession {
  /// What the next record of a direction can't be opened without, if it may still come.
  func obstacle(to type: UInt8, _ index: Int, _ keys: KeyLog) -> Wait? {
    let epoch = streams[index].epoch
    guard !streams[index].isDead, isSealed(type, index) || streams[index].isHunting,
      version == nil || epoch == .early || streams[index].ciphers[epoch.rawValue] == nil
    else { return nil }
    guard let random = negotiation.clientRandom else {
      return clientHelloIsLost || isOlder(type, index) ? nil : .peer
    }
    let secrets = keys.secrets(of: random)
    switch version {
    case nil where negotiation.isUnsupported: return nil
    case nil:
      guard serverHelloIsLost else { return .peer }
      return trafficSecrets(index, secrets).isEmpty ? .keys : nil
    case .tls13:
      guard negotiation.suite != nil else { return nil }
      if epoch == .early, negotiation.earlyData == .offered, mayReadEncryptedExtensions {
        return secrets?[.serverHandshake] == nil ? .keys : .peer
      }
      let isThere =
        epoch == .application
        ? secrets?[label(.application, index)] != nil : !trafficSecrets(index, secrets).isEmpty
      return isThere ? nil : .keys
    default:
      guard negotiation.suite != nil || negotiation.serverRandom == nil else { return nil }
      guard negotiation.serverRandom != nil else { return serverHelloIsLost ? nil : .peer }
      return negotiation.masters(in: keys).isEmpty ? .keys : nil
    }
  }

  /// Whether a direction's first record shows that the connection is older than the capture.
  private func isOlder(_ type: UInt8, _ index: Int) -> Bool {
    beganBeforeCapture && !streams[index].hasBegun
  }

  var clientHelloIsLost: Bool {
    guard negotiation.clientRandom == nil else { return false }
    guard let client = clientDirection else {
      return streams.contains { $0.hasHole || $0.isDead }
    }
    let stream = streams[Int(client.rawValue)]
    return stream.hasHole || stream.isDead
  }

  var serverHelloIsLost: Bool {
    guard negotiation.serverRandom == nil, let client = clientDirection else { return false }
    let server = streams[Int(client.opposite.rawValue)]
    return server.hasHole || server.isDead
  }

  /// Whether nothing was seen of the server.
  var isOneSided: Bool {
    guard let client = clientDirection else { return false }
    return !streams[Int(client.opposite.rawValue)].hasBegun
  }

  /// Whether the server's answer to early data may still be read.
  private var mayReadEncryptedExtensions: Bool {
    guard let client = clientDirection else { return false }
    let server = streams[Int(client.opposite.rawValue)]
    return server.epoch == .handshake && !server.isDead
  }

  func label(_ epoch: RecordStream.Epoch, _ index: Int) -> Secrets.Label {
    switch epoch {
    case .early: .clientEarly
    case .handshake: isClient(index) ? .clientHandshake : .serverHandshake
    case .application, .updated: isClient(index) ? .clientApplication : .serverApplication
    }
  }

  /// The secrets of TLS 1.3 that records of a direction can be under.
  private func trafficSecrets(_ index: Int, _ secrets: Secrets?) -> [[UInt8]] {
    guard let secrets else { return [] }
    var found = [secrets[label(.handshake, index)], secrets[label(.application, index)]]
    if streams[index].epoch == .early { found.append(secrets[.clientEarly]) }
    return found.compactMap { $0 }
  }

  // MARK: Ciphers

  /// Makes the cipher of an epoch of TLS 1.3, unless it is there.
  ///
  /// - Returns: `false` where its secret is missing.
  mutating func prepare(_ epoch: RecordStream.Epoch, _ index: Int, _ keys: KeyLog) -> Bool {
    if streams[index].ciphers[epoch.rawValue] != nil { return true }
    guard let suite = negotiation.suite, let random = negotiation.clientRandom else { return false }
    let secrets =
      epoch == .updated
      ? [nextSecret(index, suite)] : keys.secrets(of: random)?.all(label(epoch, index)) ?? []
    let found = secrets.filter { $0.count == suite.hash.length }
    guard let secret = found.first else { return false }
    if epoch == .application { streams[index].trafficSecret = secret }
    streams[index].ciphers[epoch.rawValue] = RecordCipher(tls13: suite, secret: secret)
    for other in found.dropFirst() {
      streams[index].rivals.append(
        RecordStream.Rival(
          epoch: epoch, cipher: RecordCipher(tls13: suite, secret: other), trafficSecret: other))
    }
    return true
  }

  /// Makes the cipher of TLS 1.2 and older, unless it is there.
  mutating func prepareOlder(_ index: Int, _ keys: KeyLog) -> Bool {
    let slot = RecordStream.Epoch.application.rawValue
    if streams[index].ciphers[slot] != nil { return true }
    guard let version, let suite = negotiation.suite, let client = negotiation.clientRandom,
      let server = negotiation.serverRandom
    else { return false }
    for master in negotiation.masters(in: keys) {
      let cipher = RecordCipher(
        suite: suite, version: version, master: master, randoms: server + client.bytes,
        isClient: isClient(index), encryptsThenMACs: negotiation.encryptsThenMACs)
      if streams[index].ciphers[slot] == nil {
        streams[index].ciphers[slot] = cipher
      } else {
        streams[index].rivals.append(
          RecordStream.Rival(epoch: .application, cipher: cipher, trafficSecret: []))
      }
    }
    return streams[index].ciphers[slot] != nil
  }

  /// RFC 8446, 7.2.
  private func nextSecret(_ index: Int, _ suite: CipherSuite) -> [UInt8] {
    let secret = streams[index].trafficSecret
    guard secret.count == suite.hash.length else { return [] }
    return KeySchedule.expandLabel(secret, "traffic upd", suite.hash, count: suite.hash.length)
      .byteArray
  }

  /// The records of a direction go on under the next keys (RFC 8446, 4.6.3).
  mutating func updateKeys(_ index: Int) {
    guard let suite = negotiation.suite else { return }
    let secret = nextSecret(index, suite)
    guard !secret.isEmpty else { return }
    streams[index].begin(.application, isAnew: true)
    streams[index].trafficSecret = secret
    streams[index].ciphers[RecordStream.Epoch.application.rawValue] = RecordCipher(
      tls13: suite, secret: secret)
  }
}
