import TestSupport
import Testing

@testable import Wire

@Suite("A walk on a thread of its own tells what one without tells") struct WalkAheadTests {
  /// Many short connections between few ports, so that slots are used again, some packets of which
  /// are lost, come twice or too late, and some of which belong to none.
  private func packets(_ dice: inout Dice) -> [TestSupport.Packet] {
    var all: [TestSupport.Packet] = []
    for round in 0..<Int64(60) {
      var talks: [[TestSupport.Packet]] = []
      for port in UInt16(0)..<4 {
        var talk = Conversation(
          clientPort: 40_000 + port, startingAt: 1_700_000_000_000_000_000 + round * 1_000_000_000,
          clientISN: UInt32.random(in: 0...(.max), using: &dice),
          serverISN: UInt32.random(in: 0...(.max), using: &dice), handshake: port != 3)
        for _ in 0..<Int.random(in: 0...6, using: &dice) {
          talk.client("question")
          talk.server([UInt8](repeating: 0x61, count: 3000))
        }
        switch Int.random(in: 0..<4, using: &dice) {
        case 0: talk.reset(byClient: true)
        case 1: break
        default: talk.close()
        }
        talks.append(talk.packets())
      }
      while let index = talks.indices.filter({ !talks[$0].isEmpty }).randomElement(using: &dice) {
        all.append(talks[index].removeFirst())
      }
    }
    for _ in 0..<40 {
      let place = Int.random(in: 1..<all.count, using: &dice)
      switch Int.random(in: 0..<3, using: &dice) {
      case 0: all.remove(at: place)
      case 1: all.insert(all[place], at: Int.random(in: place..<all.count, using: &dice))
      default: all.swapAt(place, place - 1)
      }
    }
    return all
  }

  private struct Told: Equatable {
    var events: [String] = []
    var sums = ""
  }

  private func walk(
    _ path: String, ahead: Bool, eventCount: Int = WireBatch.eventCount, filter: String? = nil
  ) throws -> Told {
    var wire = try WireReader(
      files: [path], filter: filter, walksAhead: ahead, eventCount: eventCount)
    var told = Told()
    while wire.step() {
      for event in wire.events {
        told.events.append("\(event) \(wire.connection(event.connection))")
      }
    }
    let goesOn = wire.step()
    #expect(!goesOn)
    told.sums =
      "\(wire.payload) \(wire.frames) \(wire.anomalies.occurred) \(wire.firstTime) \(wire.lastTime)"
    return told
  }

  @Test(arguments: 0..<6)
  func nothingIsOtherwise(_ seed: UInt64) throws {
    var dice = Dice(seed: seed)
    let file = try TemporaryFile(CaptureBytes.pcap(packets(&dice)))
    // One step for each segment: nothing of it is batched.
    let alone = try walk(file.path, ahead: false, eventCount: 1)
    #expect(alone.events.count > 1000)
    #expect(try walk(file.path, ahead: false) == alone)
    #expect(try walk(file.path, ahead: true) == alone)
    // Each connection is told with its own number, however often its slot was used.
    #expect(Set(alone.events.compactMap { $0.split(separator: "number: ").last }).count > 100)
  }

  /// Where frames are chosen, each is taken for itself, and none goes the short way.
  @Test(arguments: 0..<6)
  func theShortWayTellsWhatTheLongOneDoes(_ seed: UInt64) throws {
    var dice = Dice(seed: seed &+ 100)
    let bytes = CaptureBytes.pcap(packets(&dice))
    // Whole, and with damage behind frames that were counted already.
    for tail in [[], [UInt8](repeating: 255, count: 64)] {
      let file = try TemporaryFile(bytes.prefix(bytes.count &- (tail.isEmpty ? 0 : 1000)) + tail)
      let long = try walk(file.path, ahead: false, filter: "greater 0")
      #expect(try walk(file.path, ahead: false) == long)
      #expect(try walk(file.path, ahead: true) == long)
      let some = try walk(file.path, ahead: true, filter: "port 40001")
      #expect(some.events.count > 100 && some.events.count < long.events.count / 2)
    }
  }

  /// A program may write what its TLS is opened with long behind the packets that need it.
  @Test func noSecretIsBetweenWhatWasReadAndWhatLiesAhead() throws {
    var dice = Dice(seed: 3)
    let header = CaptureBytes.pcapng([])
    func secrets(_ text: String) -> [UInt8] {
      CaptureBytes.block(
        10, CaptureBytes.little32(0x544C_534B) + CaptureBytes.little32(4) + Array(text.utf8))
    }
    var bytes = header
    for (number, packet) in packets(&dice).enumerated() {
      bytes += CaptureBytes.pcapng([packet]).dropFirst(header.count)
      if number % 300 == 299 { bytes += secrets("abcd") }
    }
    bytes += secrets("last")
    let count = bytes.indices.count { bytes[$0...].starts(with: [0x4B, 0x53, 0x4C, 0x54]) }
    #expect(count > 5)
    let file = try TemporaryFile(bytes)
    for ahead in [false, true] {
      var wire = try WireReader(files: [file.path], filter: nil, walksAhead: ahead)
      while wire.step() {
        #expect((wire.secrets + wire.secretsAhead()).count == count)
      }
      #expect(wire.secrets.count == count)
    }
  }

  @Test func damageEndsIt() throws {
    var dice = Dice(seed: 1)
    let bytes = CaptureBytes.pcap(packets(&dice))
    let file = try TemporaryFile(
      Array(bytes.prefix(bytes.count / 2)) + [UInt8](repeating: 255, count: 64))
    let (alone, ahead) = (try walk(file.path, ahead: false), try walk(file.path, ahead: true))
    #expect(alone == ahead)
  }

  /// Who stops in the middle waits for the thread, and for nothing else.
  @Test func nobodyHasToTakeAllOfIt() throws {
    var dice = Dice(seed: 2)
    let file = try TemporaryFile(CaptureBytes.pcap(packets(&dice)))
    for steps in 0..<4 {
      var wire = try WireReader(files: [file.path], filter: nil, walksAhead: true)
      for _ in 0..<steps { _ = wire.step() }
    }
  }
}
