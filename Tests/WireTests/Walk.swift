import TestSupport
import Testing

@testable import Wire

typealias TestPacket = TestSupport.Packet

/// What the room makes of a capture, in a form that tests can read: of each connection both
/// streams, with their holes.
struct Walk {
  struct Told {
    var number: Int
    var event: StreamEvent
    var bytes: [UInt8]
  }

  private(set) var told: [Told] = []
  private(set) var payload = PayloadLedger()
  private(set) var anomalies = AnomalyCounts()
  private(set) var frames: [Int] = []
  private(set) var failure: CaptureError?
  private(set) var connections: [Int: ConnectionInfo] = [:]
  private(set) var source: CaptureSource?

  init(_ packets: [TestPacket]) throws {
    try self.init(file: CaptureBytes.pcap(packets))
  }

  init(file bytes: [UInt8], filter: String? = nil) throws {
    let file = try TemporaryFile(bytes)
    try self.init(files: [file.path], filter: filter)
  }

  init(files: [String], filter: String? = nil) throws {
    var wire = try WireReader(files: files, filter: filter)
    while wire.step() {
      for index in wire.events.indices {
        let event = wire.events[index]
        let info = wire.connection(event.connection)
        connections[info.number] = info
        told.append(
          Told(number: info.number, event: event, bytes: wire.store.bytes(event.range)))
      }
    }
    payload = wire.payload
    anomalies = wire.anomalies
    frames = wire.frames
    failure = wire.failure
    source = wire.source
  }

  /// A stream as text, each hole as `[length reason]`.
  func stream(_ direction: Direction, of number: Int = 1) -> String {
    var text = ""
    for one in told where one.number == number && one.event.direction == direction {
      switch one.event.kind {
      case .data: text += String(decoding: one.bytes, as: UTF8.self)
      case .gap: text += "[\(one.event.length) \(one.event.gapReason)]"
      default: break
      }
    }
    return text
  }

  var client: String { stream(.forward) }
  var server: String { stream(.backward) }

  /// What happened, in order.
  func kinds(of number: Int = 1) -> [StreamEvent.Kind] {
    told.filter { $0.number == number }.map(\.event.kind)
  }

  func events(_ kind: StreamEvent.Kind, of number: Int = 1) -> [StreamEvent] {
    told.filter { $0.number == number && $0.event.kind == kind }.map(\.event)
  }
}

/// Numbers that look random, and are the same on every run.
struct Dice: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
