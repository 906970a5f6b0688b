internal import Wire

extension TLSSession {
  /// What became of a record that is encrypted.
  enum Opening {
    case opened
    /// It doesn't authenticate under any key that it could be under.
    case failed
    case noKeys
    /// It stays shut, but carries no application data that counts, if the secrets that didn't open it
    /// are the right ones for what follows.
    case unproved
  }

  mutating func openOrShut(
    _ record: borrowing Span<UInt8>, _ index: Int, _ keys: KeyLog, _ output: inout Output
  ) {
    switch open(record, index, keys, &output) {
    case .opened: break
    case .failed: tellBad(record, index, &output)
    case .noKeys: tellMissing(record, index, keys, &output)
    case .unproved: withhold(record.count, index, &output)
    }
  }

  /// Puts off telling what a record was, until it shows whether the secrets are the right ones.
  private mutating func withhold(_ count: Int, _ index: Int, _ output: inout Output) {
    streams[index].unproved &+= count
    let isEarly = streams[index].epoch == .early
    if isEarly { streams[index].unprovedEarly &+= count }
    let early = streams[index].unprovedEarly
    let limits = RecordStream.unprovedLimits
    let isTooLong =
      isEarly ? early > limits.early : streams[index].unproved &- early > limits.handshake
    guard !isTooLong else {
      output.add(.odd(.tlsBadRecord))
      streams[index].die(.badRecord)
      return
    }
    if !streams[index].isOpen { streams[index].shut = .noSecrets }
  }

  /// Tells what was withheld, in front of the first record that opened.
  private mutating func tellWithheld(
    _ index: Int, isProved: Bool, _ output: inout Output
  ) {
    guard streams[index].unproved > 0 else { return }
    guard isProved else {
      streams[index].giveUpUnproved()
      tellGivenUp(index, &output)
      return
    }
    output.add(.overhead(streams[index].unproved))
    refusedEarlyBytes &+= streams[index].unprovedEarly
    streams[index].unproved = 0
    streams[index].unprovedEarly = 0
  }

  /// Opens a record, if it can be, and tells what was in it; otherwise leaves all as it was.
  mutating func open(
    _ record: borrowing Span<UInt8>, _ index: Int, _ keys: KeyLog, _ output: inout Output
  ) -> Opening {
    switch version {
    case .tls13: openTLS13(record, index, keys, &output)
    case nil: openWithoutHello(record, index, keys, &output)
    default: openOlder(record, index, keys, &output)
    }
  }

  /// - Returns: the sequence number under which the record authenticates, in a window that begins
  ///   with `first`.
  private mutating func attempt(
    _ record: borrowing Span<UInt8>, _ epoch: RecordStream.Epoch, from first: UInt64, _ index: Int,
    _ output: inout Output
  ) -> UInt64? {
    for offset in 0...streams[index].slack {
      let sequence = first &+ UInt64(offset)
      if streams[index].ciphers[epoch.rawValue]?.open(
        record, sequence: sequence, into: &output.plaintext) == true
      {
        streams[index].settle(epoch)
        return sequence
      }
      guard streams[index].mayTry(record.count) else { return nil }
      for number in streams[index].rivals.indices where streams[index].rivals[number].epoch == epoch
      {
        if streams[index].rivals[number].cipher.open(
          record, sequence: sequence, into: &output.plaintext)
        {
          streams[index].settle(epoch, on: streams[index].rivals[number])
          return sequence
        }
        guard streams[index].mayTry(record.count) else { return nil }
      }
    }
    return nil
  }

  /// A record was opened.
  ///
  /// - Parameter isCounted: whether records that are missing in front of it may be of application
  ///   data.
  private mutating func succeed(
    _ index: Int, _ sequence: UInt64, isCounted: Bool, _ output: inout Output
  ) {
    // Behind a hole, what is missing in front may be what was withheld.
    tellWithheld(index, isProved: !isCounted || sequence == streams[index].sequence, &output)
    if isCounted, sequence > streams[index].sequence { streams[index].hasLost = true }
    streams[index].sequence = sequence &+ 1
    streams[index].slack = 0
    streams[index].badRecords = 0
    streams[index].isOpen = true
    streams[index].shut = nil
  }

  private mutating func addPlaintext(
    _ count: Int, of wire: Int, _ index: Int, _ output: inout Output
  ) {
    tellOpened(&output)
    if streams[index].hasLost {
      streams[index].hasLost = false
      output.add(.lost)
    }
    output.add(.plaintext(count: count, overhead: wire &- count))
  }

  // MARK: TLS 1.2 and older

  private mutating func openOlder(
    _ record: borrowing Span<UInt8>, _ index: Int, _ keys: KeyLog, _ output: inout Output
  ) -> Opening {
    guard prepareOlder(index, keys) else { return .noKeys }
    let start = output.plaintext.count
    guard
      let sequence = attempt(
        record, .application, from: streams[index].sequence, index, &output)
    else { return .failed }
    streams[index].ciphers[RecordStream.Epoch.application.rawValue]?.pass(record)
    succeed(index, sequence, isCounted: true, &output)
    tellOpened(&output)
    let count = output.plaintext.count &- start
    guard record[0] != ContentType.applicationData else {
      addPlaintext(count, of: record.count, index, &output)
      return .opened
    }
    let content = takeContent(from: start, count, &output)
    output.add(.overhead(record.count))
    switch record[0] {
    case ContentType.handshake: readHandshake(content.span, index, isEncrypted: true, &output)
    case ContentType.alert: readAlert(content.span, &output)
    case ContentType.changeCipherSpec: changeCipherSpec(index)
    default: break
    }
    return .opened
  }

  /// Takes what isn't application data out of the output again.
  private func takeContent(
    from start: Int, _ count: Int, _ output: inout Output
  ) -> [UInt8] {
    let content = Array(output.plaintext[start..<(start &+ count)])
    output.plaintext.removeLast(output.plaintext.count &- start)
    return content
  }

  // MARK: TLS 1.3

  private mutating func openTLS13(
    _ record: borrowing Span<UInt8>, _ index: Int, _ keys: KeyLog, _ output: inout Output
  ) -> Opening {
    let epoch = streams[index].epoch
    let start = output.plaintext.count
    var isTried = false
    if epoch == .early, negotiation.earlyData == .rejected {
      if passOverEarly(record, index, keys, &output) { return .opened }
    } else if prepare(epoch, index, keys) {
      isTried = true
      if let sequence = attempt(record, epoch, from: streams[index].sequence, index, &output) {
        succeed(index, sequence, isCounted: epoch == .application, &output)
        deliver(from: start, of: record.count, index, &output)
        return .opened
      }
    }
    let hasCurrent = isTried
    for next in laterEpochs(index) where prepare(next, index, keys) {
      isTried = true
      guard let sequence = attempt(record, next, from: 0, index, &output) else { continue }
      if next == .updated {
        updateKeys(index)
        streams[index].hasLost = true
      } else {
        streams[index].begin(next)
      }
      succeed(index, sequence, isCounted: next != .handshake, &output)
      deliver(from: start, of: record.count, index, &output)
      return .opened
    }
    return judge(index, isTried: isTried, hasCurrent: hasCurrent)
  }

  /// Early data that the server refused are passed over, as the server does.
  ///
  /// - Returns: whether the record is of them.
  private mutating func passOverEarly(
    _ record: borrowing Span<UInt8>, _ index: Int, _ keys: KeyLog, _ output: inout Output
  ) -> Bool {
    let start = output.plaintext.count
    guard prepare(.early, index, keys),
      let sequence = attempt(record, .early, from: streams[index].sequence, index, &output)
    else { return false }
    output.plaintext.removeLast(output.plaintext.count &- start)
    streams[index].sequence = sequence &+ 1
    streams[index].slack = 0
    refusedEarlyBytes &+= record.count
    output.add(.overhead(record.count))
    return true
  }

  /// Epochs that may have begun without having been seen to.
  private func laterEpochs(_ index: Int) -> [RecordStream.Epoch] {
    switch streams[index].epoch {
    case .early: [.handshake, .application]
    case .handshake: [.application]
    default: streams[index].slack > 0 ? [.updated] : []
    }
  }

  /// What it means that a record of TLS 1.3 didn't open.
  private func judge(_ index: Int, isTried: Bool, hasCurrent: Bool) -> Opening {
    guard isTried else { return .noKeys }
    if hasCurrent { return .failed }
    switch streams[index].epoch {
    case .early: return negotiation.earlyData == .rejected ? .unproved : .noKeys
    case .handshake:
      // The first record of the application's keys has the number 0: this is in front of it.
      switch negotiation.earlyData {
      case .notOffered, .rejected: return .unproved
      default: return isClient(index) ? .noKeys : .unproved
      }
    default: return .failed
    }
  }

  /// What was in a record (TLSInnerPlaintext: RFC 8446, 5.4): content, its type, zeros.
  private mutating func deliver(
    from start: Int, of wire: Int, _ index: Int, _ output: inout Output
  ) {
    var end = output.plaintext.count
    while end > start, output.plaintext[end &- 1] == 0 { end &-= 1 }
    guard end > start else {
      output.plaintext.removeLast(output.plaintext.count &- start)
      tellForeign(wire, index, &output)
      return
    }
    let type = output.plaintext[end &- 1]
    let count = end &- 1 &- start
    let epoch = streams[index].epoch
    if type == ContentType.applicationData, epoch != .handshake {
      if epoch == .early, negotiation.earlyData != .accepted {
        // Whether the server took them isn't known: they can't be told as sent.
        output.plaintext.removeLast(output.plaintext.count &- start)
        tellPartialKeys(index, &output)
        output.add(.shut(wire))
        streams[index].hasLost = true
        return
      }
      output.plaintext.removeLast(output.plaintext.count &- start &- count)
      addPlaintext(count, of: wire, index, &output)
      return
    }
    let content = takeContent(from: start, count, &output)
    guard mayBeInside(content.span, type, index) else {
      tellForeign(wire, index, &output)
      return
    }
    output.add(.overhead(wire))
    switch type {
    case ContentType.handshake: readHandshake(content.span, index, isEncrypted: true, &output)
    case ContentType.alert: readAlert(content.span, &output)
    default: break
    }
  }

  /// The server's hello is missing: secrets show that it is TLS 1.3, and what authenticates shows the
  /// suite.
  private mutating func openWithoutHello(
    _ record: borrowing Span<UInt8>, _ index: Int, _ keys: KeyLog, _ output: inout Output
  ) -> Opening {
    guard record[0] == ContentType.applicationData, !negotiation.isUnsupported,
      serverHelloIsLost || isOneSided,
      let random = negotiation.clientRandom, let secrets = keys.secrets(of: random)
    else { return .noKeys }
    let handshake = secrets.all(label(.handshake, index))
    let found = handshake.isEmpty ? secrets.all(label(.application, index)) : handshake
    guard !found.isEmpty else { return .noKeys }
    let before = (streams[index], negotiation, cipherSuite)
    for number in CipherSuite.tls13
    where found.contains(where: { $0.count == CipherSuite(number)?.hash.length }) {
      version = .tls13
      cipherSuite = number
      negotiation.version = .tls13
      negotiation.suite = CipherSuite(number)
      if negotiation.earlyData == .offered { negotiation.earlyData = .unknowable }
      if case .opened = openTLS13(record, index, keys, &output) {
        for other in streams.indices { streams[other].isSealed = false }
        return .opened
      }
      version = nil
      let budget = streams[index].trialBudget
      (streams[index], negotiation, cipherSuite) = before
      streams[index].trialBudget = budget
    }
    guard serverHelloIsLost else { return .noKeys }
    return handshake.isEmpty ? .unproved : .failed
  }

  // MARK: What stays shut

  private mutating func tellBad(
    _ record: borrowing Span<UInt8>, _ index: Int, _ output: inout Output
  ) {
    if streams[index].badRecords == 0 { output.add(.odd(.tlsBadRecord)) }
    output.add(.shut(record.count))
    for slot in streams[index].ciphers.indices { streams[index].ciphers[slot]?.pass(record) }
    for number in streams[index].rivals.indices {
      streams[index].rivals[number].cipher.pass(record)
    }
    streams[index].badRecords &+= 1
    streams[index].slack = min(streams[index].slack &+ 1, RecordStream.slackLimit)
    let limits = RecordStream.badLimits
    if !streams[index].isOpen { streams[index].shut = .badRecord }
    if streams[index].badRecords >= (streams[index].isOpen ? limits.open : limits.never) {
      streams[index].die(.badRecord)
    }
  }

  private mutating func tellMissing(
    _ record: borrowing Span<UInt8>, _ index: Int, _ keys: KeyLog, _ output: inout Output
  ) {
    let isOlder = version.map { $0 < .tls13 } ?? false
    if isOlder, record[0] != ContentType.applicationData {
      output.add(.overhead(record.count))
    } else {
      tellPartialKeys(index, keys, &output)
      output.add(.shut(record.count))
      streams[index].hasLost = true
    }
    streams[index].shut = missing
    if isOlder {
      streams[index].sequence &+= 1
    } else {
      streams[index].slack = min(streams[index].slack &+ 1, RecordStream.slackLimit)
    }
  }

  /// Why there are no keys.
  var missing: Shut {
    if negotiation.isUnsupported { return .unsupportedSuite }
    guard negotiation.clientRandom != nil, negotiation.serverRandom != nil || version == .tls13
    else { return beganBeforeCapture ? .beganBeforeCapture : .incompleteHandshake }
    return .noSecrets
  }

  /// Some secrets of the connection are there, but not this one.
  private mutating func tellPartialKeys(_ index: Int, _ keys: KeyLog, _ output: inout Output) {
    guard version == .tls13, negotiation.suite != nil, let random = negotiation.clientRandom,
      keys.secrets(of: random) != nil
    else { return }
    tellPartialKeys(index, &output)
  }

  private mutating func tellPartialKeys(_ index: Int, _ output: inout Output) {
    guard !streams[index].toldPartialKeys else { return }
    streams[index].toldPartialKeys = true
    output.add(.odd(.tlsPartialKeys))
  }
}
