internal import Wire

extension TLSSession {
  mutating func readHandshake(
    _ content: borrowing Span<UInt8>, _ index: Int, isEncrypted: Bool, _ output: inout Output
  ) {
    var at = 0
    while let message = streams[index].reader.next(content, from: &at) {
      // Behind a change of keys nothing follows in the same record (RFC 8446, 5.1).
      if read(message, index, isEncrypted, &output) { return }
    }
  }

  /// - Returns: whether the next record is under other keys.
  private mutating func read(
    _ message: HandshakeMessage, _ index: Int, _ isEncrypted: Bool, _ output: inout Output
  ) -> Bool {
    switch message.type {
    case HandshakeMessage.Kind.clientHello: readClientHello(message.body, index, isEncrypted)
    case HandshakeMessage.Kind.serverHello: readServerHello(message.body, index, isEncrypted)
    case HandshakeMessage.Kind.clientKeyExchange where version != .tls13:
      readClientKeyExchange(message.body)
    case HandshakeMessage.Kind.encryptedExtensions
    where version == .tls13 && isEncrypted && !isClient(index):
      readEncryptedExtensions(message.body, &output)
    case HandshakeMessage.Kind.endOfEarlyData
    where version == .tls13 && streams[index].epoch == .early && isEncrypted:
      streams[index].begin(.handshake)
      return true
    case HandshakeMessage.Kind.finished
    where version == .tls13 && streams[index].epoch == .handshake && isEncrypted:
      streams[index].begin(.application)
      if !isClient(index), negotiation.earlyData == .offered { negotiation.earlyData = .unknowable }
      return true
    case HandshakeMessage.Kind.keyUpdate
    where version == .tls13 && streams[index].epoch == .application && isEncrypted:
      updateKeys(index)
      return true
    default: break
    }
    return false
  }

  func isClient(_ index: Int) -> Bool { clientDirection.map { Int($0.rawValue) } == index }

  private mutating func readClientHello(_ body: [UInt8], _ index: Int, _ isEncrypted: Bool) {
    guard version != .tls13 || !isEncrypted, let hello = ClientHello(body),
      clientDirection == nil || isClient(index)
    else { return }
    clientDirection = Direction(rawValue: UInt8(index))
    if serverName == nil { serverName = hello.serverName }
    if version == .tls13 {
      // The second one, which was asked for.
      if streams[index].epoch == .early { streams[index].begin(.handshake) }
      return
    }
    // The server's may have come first, where the capture has the directions out of order.
    let answer = isEncrypted ? nil : earlyAnswer
    earlyAnswer = nil
    negotiation = Negotiation(hello)
    if hello.offersEarlyData { streams[index].epoch = .early }
    if let answer { take(answer) }
  }

  private mutating func readServerHello(_ body: [UInt8], _ index: Int, _ isEncrypted: Bool) {
    guard version != .tls13 || !isEncrypted, let hello = ServerHello(body), !isClient(index),
      negotiation.serverRandom == nil
    else { return }
    if clientDirection == nil {
      clientDirection = Direction(rawValue: UInt8(index))?.opposite
      earlyAnswer = hello
      return
    }
    take(hello)
  }

  private mutating func take(_ hello: ServerHello) {
    negotiation.take(hello)
    cipherSuite = hello.cipherSuite
    let isFirst = version == nil
    if isFirst { version = negotiation.version }
    if let name = hello.applicationProtocol { applicationProtocol = name }
    for other in streams.indices where streams[other].isSealed && isFirst {
      if version == .tls13 {
        // That change of the cipher spec was only there for middleboxes (RFC 8446, D.4).
        streams[other].isSealed = false
      } else {
        let slack = streams[other].slack
        streams[other].begin(.application, isAnew: true)
        streams[other].slack = slack
      }
    }
  }

  private mutating func readClientKeyExchange(_ body: [UInt8]) {
    guard negotiation.suite?.isRSAKeyExchange == true else { return }
    var fields = HelloFields(body[...])
    guard let encrypted = fields.vector16(), encrypted.count >= 8 else { return }
    negotiation.encryptedPremaster = encrypted.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  private mutating func readEncryptedExtensions(_ body: [UInt8], _ output: inout Output) {
    guard let extensions = EncryptedExtensions(body) else { return }
    applicationProtocol = extensions.applicationProtocol
    if negotiation.earlyData == .offered {
      negotiation.earlyData = extensions.acceptsEarlyData ? .accepted : .rejected
    }
    tellOpened(&output)
  }

  mutating func tellOpened(_ output: inout Output) {
    guard !toldOpened else { return }
    toldOpened = true
    output.add(.opened)
  }
}
