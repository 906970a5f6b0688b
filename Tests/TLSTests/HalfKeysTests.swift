internal import Testing
internal import Wire

@testable internal import TLS

/// What no secret opens is handshake only if what follows opens.
struct HalfKeysTests {
  private static let request = "GET /v1/models HTTP/1.1\r\n\r\n"

  /// A conversation of one request and its answer.
  ///
  /// - Returns: the session's witness, and how many encrypted bytes the client sent.
  private func watch(_ keyLog: [UInt8], requests: Int = 1) -> (Witness, sealed: Int) {
    var made = Handmade()
    var witness = Witness(keyLog)
    witness.give(Handmade.clientHello(), .forward, mayWait: true)
    witness.give(
      Handmade.serverHello() + Handmade.changeCipherSpec + made.serverFlight(), .backward,
      mayWait: true)
    var sealed = made.clientFinished()
    for _ in 0..<requests { sealed += made.say(Self.request) }
    witness.give(Handmade.changeCipherSpec + sealed, .forward, mayWait: true)
    witness.give(made.say("200 OK", .serverApplication), .backward, mayWait: true)
    return (witness, sealed.count)
  }

  @Test func tellsAsShutWhatNeverProvedToBeHandshake() {
    var (witness, sealed) = watch(
      Handmade.keyLog([.serverHandshake, .clientApplication], wrong: [.clientApplication]))
    #expect(witness.session.withheld(.forward) == sealed)
    #expect(witness.session.carried(.forward) == sealed)
    witness.finish()
    #expect(witness.shutBytes(.forward) == sealed)
    #expect(!witness.session.isOpen(.forward))
    #expect(witness.session.shut(.forward) == .noSecrets)
    #expect(witness.session.withheld(.forward) == 0)
  }

  @Test func tellsAsShutWhatIsTooLongForAHandshake() {
    var (witness, sealed) = watch(
      Handmade.keyLog([.serverHandshake, .clientApplication], wrong: [.clientApplication]),
      requests: 2000)
    #expect(witness.shutBytes(.forward) == sealed)
    #expect(witness.oddities(.forward) == [.tlsBadRecord])
    #expect(witness.session.shut(.forward) == .badRecord)
    witness.finish()
    #expect(witness.shutBytes(.forward) == sealed)
  }

  @Test func tellsAsOverheadWhatProvedToBeHandshake() {
    var (witness, _) = watch(Handmade.keyLog([.serverHandshake, .clientApplication]))
    #expect(witness.session.withheld(.forward) == 0)
    witness.finish()
    #expect(witness.text(.forward) == Self.request)
    #expect(witness.shutBytes(.forward) == 0)
    #expect(witness.session.shut(.forward) == nil)
    #expect(witness.session.isOpen(.forward))
  }

  // MARK: Early data

  private static let order = "POST /v1/chat/completions HTTP/1.1\r\n\r\n"

  private func watchEarly(_ keyLog: [UInt8]) -> (Witness, early: Int, rest: Int) {
    var made = Handmade()
    var witness = Witness(keyLog)
    let early = made.say(Self.order, .clientEarly)
    witness.give(
      Handmade.clientHello(early: true) + Handmade.changeCipherSpec + early, .forward,
      mayWait: true)
    witness.give(Handmade.serverHello() + made.serverFlight(), .backward, mayWait: true)
    let rest = made.clientFinished() + made.say(Self.request)
    witness.give(rest, .forward, mayWait: true)
    witness.finish()
    return (witness, early.count, rest.count)
  }

  @Test func countsEarlyDataThatWereRefused() {
    for labels in [Handmade.labels, Handmade.labels.filter { $0 != .clientEarly }] {
      let (witness, early, _) = watchEarly(Handmade.keyLog(labels))
      #expect(witness.session.refusedEarlyBytes == early)
      #expect(witness.text(.forward) == Self.request)
      #expect(witness.shutBytes(.forward) == 0)
    }
  }

  @Test func doesNotTakeForRefusedWhatWrongSecretsDoNotOpen() {
    let wrong: [Secrets.Label] = [.clientHandshake, .clientApplication]
    let (witness, early, rest) = watchEarly(Handmade.keyLog(wrong: wrong))
    #expect(witness.session.refusedEarlyBytes == early)
    #expect(witness.shutBytes(.forward) == rest)
    #expect(!witness.session.isOpen(.forward))
    #expect(witness.session.shut(.forward) == .noSecrets)
    let (blind, _, _) = watchEarly(Handmade.keyLog(wrong: wrong + [.clientEarly]))
    #expect(blind.session.refusedEarlyBytes == 0)
    #expect(blind.shutBytes(.forward) == early + rest)
    #expect(blind.session.shut(.forward) == .noSecrets)
  }
}
