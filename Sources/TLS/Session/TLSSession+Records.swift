internal import Wire

extension TLSSession {
  /// Takes the next record, or what there is of it.
  ///
  /// - Returns: whether there is more to do: `false` where all bytes were taken, and in front of a
  ///   record that waits.
  mutating func nextRecord(
    _ bytes: borrowing Span<UInt8>, _ at: inout Int, _ index: Int, _ keys: KeyLog, _ mayWait: Bool,
    _ output: inout Output
  ) -> Bool {
    let carried = streams[index].carry.count
    if carried < RecordHeader.length, carried > 0 || bytes.count &- at < RecordHeader.length {
      carry(RecordHeader.length &- carried, bytes, &at, index)
      guard streams[index].carry.count == RecordHeader.length else { return false }
    }
    let found =
      streams[index].carry.isEmpty
      ? RecordHeader(bytes, at: at) : streams[index].carry.header()
    guard let header = found else {
      loseFraming(index, &output)
      return true
    }
    let length = header.recordLength
    if let wait = obstacle(to: header.type, index, keys), mayWait {
      streams[index].wait = wait
      streams[index].waitingType = header.type
      return false
    }
    if streams[index].carry.isEmpty {
      if bytes.count &- at >= length {
        process(bytes.extracting(at..<(at &+ length)), index, keys, &output)
        at &+= length
        return true
      }
      streams[index].carry.reserve(length)
    }
    carry(length &- streams[index].carry.count, bytes, &at, index)
    guard streams[index].carry.count >= length else { return false }
    let record = streams[index].carry.take(length)
    process(record.span, index, keys, &output)
    return true
  }

  /// Keeps at most `count` bytes for later.
  mutating func carry(
    _ count: Int, _ bytes: borrowing Span<UInt8>, _ at: inout Int, _ index: Int
  ) {
    let taken = min(count, bytes.count &- at)
    guard taken > 0 else { return }
    streams[index].carry.append(bytes.extracting(at..<(at &+ taken)))
    at &+= taken
  }

  mutating func tellGivenUp(_ index: Int, _ output: inout Output) {
    guard streams[index].givenUp > 0 else { return }
    output.add(.shut(streams[index].givenUp))
    streams[index].givenUp = 0
  }

  /// No record begins where one should.
  private mutating func loseFraming(_ index: Int, _ output: inout Output) {
    if !streams[index].hasBegun, beganBeforeCapture {
      streams[index].die(.beganBeforeCapture)
      return
    }
    if streams[index].badRecords == 0 { output.add(.odd(.tlsBadRecord)) }
    streams[index].badRecords &+= 1
    guard streams[index].isOpen, streams[index].badRecords < RecordStream.badLimits.open else {
      streams[index].die(.badRecord)
      return
    }
    streams[index].hasLost = true
    streams[index].slack = RecordStream.slackLimit
    beginHunt(index)
  }

  // MARK: Whole records

  mutating func process(
    _ record: borrowing Span<UInt8>, _ index: Int, _ keys: KeyLog, _ output: inout Output
  ) {
    if !streams[index].hasBegun {
      streams[index].hasBegun = true
      // What begins with anything else began earlier.
      if beganBeforeCapture, negotiation.clientRandom == nil, !Self.isHello(record) {
        streams[index].die(.beganBeforeCapture)
        output.add(.shut(record.count))
        return
      }
    }
    if isSealed(record[0], index) {
      openOrShut(record, index, keys, &output)
    } else {
      readPlain(record, index, &output)
    }
  }

  /// Whether a record of this type is encrypted.
  func isSealed(_ type: UInt8, _ index: Int) -> Bool {
    switch version {
    case .tls13: type == ContentType.applicationData
    case nil: type == ContentType.applicationData || streams[index].isSealed
    default: streams[index].isSealed
    }
  }

  /// Whether a record begins with the hello of either side.
  static func isHello(_ record: borrowing Span<UInt8>) -> Bool {
    record.count > RecordHeader.length && record[0] == ContentType.handshake
      && (record[5] == HandshakeMessage.Kind.clientHello
        || record[5] == HandshakeMessage.Kind.serverHello)
  }

  private mutating func readPlain(
    _ record: borrowing Span<UInt8>, _ index: Int, _ output: inout Output
  ) {
    guard mayBeInClear(record, index) else {
      tellForeign(record.count, index, &output)
      return
    }
    switch record[0] {
    case ContentType.handshake:
      output.add(.overhead(record.count))
      readHandshake(
        record.extracting(RecordHeader.length..<record.count), index, isEncrypted: false, &output)
    case ContentType.changeCipherSpec:
      output.add(.overhead(record.count))
      if version != .tls13 { changeCipherSpec(index) }
    case ContentType.alert:
      output.add(.overhead(record.count))
      readAlert(record.extracting(RecordHeader.length..<record.count), &output)
    case ContentType.applicationData:
      // Of TLS 1.2 and older, in front of any key.
      output.add(.odd(.tlsBadRecord))
      output.add(.shut(record.count))
      streams[index].die(.badRecord)
    default: break
    }
  }

  /// Whether a record is one that a peer may send in the clear.
  private func mayBeInClear(_ record: borrowing Span<UInt8>, _ index: Int) -> Bool {
    let content = record.extracting(RecordHeader.length..<record.count)
    // In TLS 1.3 nothing is any more, once records are encrypted (RFC 8446, 5), but for what
    // middleboxes are shown. A client that has sent early data may be asked for another hello.
    let isOver = version == .tls13 && streams[index].isOpen && streams[index].epoch != .early
    switch record[0] {
    case ContentType.changeCipherSpec: return content.count == 1 && content[0] == 1
    case ContentType.alert: return content.count == 2 && !isOver
    case ContentType.handshake:
      let kinds = HandshakeMessage.Kind.inClear(isTLS13: version == .tls13)
      return !isOver && streams[index].reader.expects(content, only: kinds)
    case ContentType.applicationData: return true
    default: return false
    }
  }

  /// Whether what a record of TLS 1.3 had in it, other than application data, may be there.
  func mayBeInside(_ content: borrowing Span<UInt8>, _ type: UInt8, _ index: Int) -> Bool {
    switch type {
    case ContentType.alert: content.count == 2
    case ContentType.handshake:
      streams[index].reader.expects(
        content, only: HandshakeMessage.Kind.encrypted(isClient: isClient(index)))
    default: false
    }
  }

  /// A record that nobody may send: what is in it can't be passed over as handshake.
  mutating func tellForeign(_ count: Int, _ index: Int, _ output: inout Output) {
    if !streams[index].toldForeign {
      streams[index].toldForeign = true
      output.add(.odd(.tlsBadRecord))
    }
    output.add(.shut(count))
    streams[index].hasLost = true
    if !streams[index].isOpen { streams[index].shut = .badRecord }
    loseMessages(index)
  }

  /// TLS 1.2 and older (RFC 5246, 7.1): the next records are under the keys just agreed on.
  mutating func changeCipherSpec(_ index: Int) {
    streams[index].isSealed = true
    // Before the server's hello it isn't known whether this is TLS 1.3.
    if version != nil { streams[index].begin(.application, isAnew: true) }
  }

  /// RFC 8446, 6: all alerts are fatal there, but for one.
  func readAlert(_ content: borrowing Span<UInt8>, _ output: inout Output) {
    guard content.count == 2 else { return }
    let (level, description) = (content[0], content[1])
    let userCanceled: UInt8 = 90
    if description == 0 || level == 2 || version == .tls13 && description != userCanceled {
      output.add(.closed(alert: description))
    }
  }
}
