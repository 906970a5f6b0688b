internal import Testing
internal import Wire

@testable internal import TLS

/// Records that nobody may send are doubts: nothing hides in them as handshake.
struct ForeignRecordsTests {
  private static let hidden = Array("POST /v1/chat/completions HTTP/1.1\r\n\r\n".utf8)

  private func expectForeign(
    _ count: Int, _ witness: Witness, text: String = "onetwo",
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(witness.shutBytes(.forward) == count, sourceLocation: sourceLocation)
    #expect(witness.oddities(.forward) == [.tlsBadRecord], sourceLocation: sourceLocation)
    #expect(witness.text(.forward) == text, sourceLocation: sourceLocation)
    #expect(witness.count(.lost) == 1, sourceLocation: sourceLocation)
  }

  private func begin(_ made: inout Handmade) -> Witness {
    var witness = Witness(Handmade.keyLog())
    witness.give(Handmade.clientHello(), .forward)
    witness.give(Handmade.serverHello() + made.serverFlight(), .backward)
    return witness
  }

  @Test func namesApplicationDataUnderTheHandshakesKeys() {
    var made = Handmade()
    var witness = begin(&made)
    let foreign = made.seal(Self.hidden, 23, .clientHandshake)
    witness.give(foreign + made.clientFinished() + made.say("one") + made.say("two"), .forward)
    expectForeign(foreign.count, witness)
  }

  static let contents: [(type: UInt8, content: [UInt8])] = [
    (22, hidden), (21, hidden), (20, [1]), (24, hidden), (0, []), (99, hidden),
    // A ticket comes from the server, and a KeyUpdate is one byte long.
    (22, Handmade.message(4, hidden)), (22, Handmade.message(24, hidden)),
    (22, [20, 0, 0, 1, 0] + hidden),
  ]

  @Test(arguments: contents) func namesContentThatIsNone(_ type: UInt8, _ content: [UInt8]) {
    var made = Handmade()
    var witness = begin(&made)
    witness.give(made.clientFinished() + made.say("one"), .forward)
    let foreign = made.seal(content, type, .clientApplication)
    // Twice, and told once.
    let again = made.seal(content, type, .clientApplication)
    witness.give(foreign + again + made.say("two"), .forward)
    expectForeign(foreign.count + again.count, witness)
    #expect(witness.session.isOpen(.forward))
  }

  @Test(arguments: [
    Handmade.plain(22, hidden), Handmade.clientHello(), Handmade.plain(21, [1, 0]),
    Handmade.plain(20, hidden), Handmade.plain(24, hidden),
  ]) func namesRecordsInTheClearBehindEncryptedOnes(_ foreign: [UInt8]) {
    var made = Handmade()
    var witness = begin(&made)
    witness.give(made.clientFinished() + made.say("one"), .forward)
    witness.give(Handmade.changeCipherSpec + foreign + made.say("two"), .forward)
    expectForeign(foreign.count, witness)
  }

  @Test(arguments: [
    Handmade.plain(22, hidden), Handmade.plain(21, hidden), Handmade.plain(20, hidden),
    Handmade.plain(24, hidden),
  ]) func namesRecordsInTheClearThatAreNoHandshake(_ foreign: [UInt8]) {
    var witness = Witness([])
    witness.give(Handmade.clientHello() + foreign, .forward)
    witness.finish()
    #expect(witness.shutBytes(.forward) == foreign.count)
    #expect(witness.oddities(.forward) == [.tlsBadRecord])
    #expect(witness.session.shut(.forward) == .badRecord)
  }

  @Test func knowsTheMessagesBehindTheHandshake() {
    var made = Handmade()
    var witness = begin(&made)
    witness.give(made.clientFinished() + made.say("one"), .forward)
    witness.give(made.seal(Handmade.message(24, [0]), 22, .clientApplication), .forward)
    // Over two records.
    let ticket = Handmade.message(4, Self.hidden)
    for part in [ticket.prefix(2), ticket.dropFirst(2)] {
      witness.give(made.seal(Array(part), 22, .serverApplication), .backward)
    }
    witness.give(made.say("200", .serverApplication), .backward)
    #expect(witness.text(.backward) == "200")
    #expect(witness.shutBytes(.forward) + witness.shutBytes(.backward) == 0)
    #expect(witness.oddities(.forward) + witness.oddities(.backward) == [])
  }
}
