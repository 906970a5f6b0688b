internal import Wire

extension TLSSession {
  /// Bytes are missing. Where the next record begins is known only if the hole lies in one record.
  mutating func lose(_ length: Int, _ index: Int) {
    let application = RecordStream.Epoch.application.rawValue
    if streams[index].isSealed, streams[index].ciphers[application]?.isChained == true {
      // TLS 1.0: the next record can't be opened without the one before it.
      streams[index].die(.lostRecords)
      return
    }
    if streams[index].rest > 0 {
      guard length > streams[index].rest else {
        streams[index].rest &-= length
        return
      }
      streams[index].rest = 0
    } else if !streams[index].isHunting, let header = streams[index].carry.header() {
      let remaining = header.recordLength &- streams[index].carry.count
      if length <= remaining {
        streams[index].giveUpCarry()
        streams[index].rest = remaining &- length
        streams[index].slack = min(streams[index].slack &+ 1, RecordStream.slackLimit)
        loseMessages(index)
        return
      }
    }
    streams[index].giveUpCarry()
    // The shortest record that is encrypted: its header, its type and the tag.
    let records = length / 22 &+ 2
    streams[index].slack = min(streams[index].slack &+ records, RecordStream.slackLimit)
    beginHunt(index)
  }

  mutating func beginHunt(_ index: Int) {
    streams[index].isHunting = true
    streams[index].hunted = 0
    loseMessages(index)
  }

  mutating func loseMessages(_ index: Int) {
    let isBehindHandshake =
      streams[index].epoch == .application && (version == .tls13 || streams[index].isSealed)
    if isBehindHandshake { streams[index].reader.reset() } else { streams[index].reader.lose() }
  }

  /// Searches the next record: where a header may stand and what follows authenticates, it is one.
  ///
  /// - Returns: whether there is more to do.
  mutating func hunt(
    _ bytes: borrowing Span<UInt8>, _ at: inout Int, _ index: Int, _ keys: KeyLog, _ mayWait: Bool,
    _ output: inout Output
  ) -> Bool {
    if let wait = obstacle(to: ContentType.applicationData, index, keys), mayWait {
      streams[index].wait = wait
      streams[index].waitingType = ContentType.applicationData
      return false
    }
    carry(RecordHeader.recordLimit &- streams[index].carry.count, bytes, &at, index)
    while let offset = nextCandidate(index) {
      pass(offset, index, &output)
      guard let header = streams[index].carry.header() else { continue }
      let length = header.recordLength
      // The rest of it is needed.
      guard streams[index].carry.count >= length else { return at < bytes.count }
      guard streams[index].mayTry(length) else {
        pass(1, index, &output)
        return true
      }
      let first = streams[index].carry.start
      let record = Array(streams[index].carry.bytes[first..<(first &+ length)])
      if recognise(record.span, index, keys, &output) {
        streams[index].carry.drop(length)
        streams[index].isHunting = false
        return true
      }
      pass(1, index, &output)
      if streams[index].isDead { return true }
    }
    // Of a header that isn't whole, four bytes at most.
    pass(max(0, streams[index].carry.count &- (RecordHeader.length &- 1)), index, &output)
    return at < bytes.count || streams[index].isDead
  }

  /// Where in what is carried a header of this connection may stand.
  private func nextCandidate(_ index: Int) -> Int? {
    let bytes = streams[index].carry.bytes
    let start = streams[index].carry.start
    var at = start
    while bytes.count &- at >= RecordHeader.length {
      if 20...23 ~= bytes[at], bytes[at &+ 1] == 3, RecordHeader(bytes.span, at: at) != nil {
        return at &- start
      }
      at &+= 1
    }
    return nil
  }

  /// Passes over bytes that are no record, as far as can be told.
  private mutating func pass(_ count: Int, _ index: Int, _ output: inout Output) {
    guard count > 0 else { return }
    streams[index].carry.drop(count)
    output.add(.shut(count))
    streams[index].hunted &+= count
    if streams[index].hunted > RecordStream.huntLimit || streams[index].trialBudget <= 0 {
      streams[index].die(version == nil ? missing : .lostRecords)
    }
  }

  /// Whether these bytes are a record, which then was taken.
  private mutating func recognise(
    _ record: borrowing Span<UInt8>, _ index: Int, _ keys: KeyLog, _ output: inout Output
  ) -> Bool {
    if version == nil, isWholeHello(record) {
      streams[index].reader.reset()
      process(record, index, keys, &output)
      return true
    }
    if let version, version < .tls13, !streams[index].isSealed {
      if record.count == 6, record[0] == ContentType.changeCipherSpec, record[5] == 1 {
        output.add(.overhead(record.count))
        changeCipherSpec(index)
        return true
      }
      // The change itself may be missing.
      let before = streams[index]
      streams[index].isSealed = true
      streams[index].epoch = .application
      if case .opened = open(record, index, keys, &output) { return true }
      let budget = streams[index].trialBudget
      streams[index] = before
      streams[index].trialBudget = budget
      return false
    }
    guard isSealed(record[0], index) else { return false }
    if case .opened = open(record, index, keys, &output) { return true }
    return false
  }

  /// Whether a record is a hello and nothing else.
  private func isWholeHello(_ record: borrowing Span<UInt8>) -> Bool {
    guard Self.isHello(record), record.count >= 9 else { return false }
    var body: [UInt8] = []
    record.extracting(9..<record.count).append(to: &body)
    guard Int(record[6]) << 16 | Int(record.big16(7)) == body.count else { return false }
    return record[5] == HandshakeMessage.Kind.clientHello
      ? ClientHello(body) != nil : ServerHello(body) != nil
  }
}
