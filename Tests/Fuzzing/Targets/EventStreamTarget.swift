internal import Wire

@testable internal import HTTP

/// The decoder of event streams.
///
/// An input is a list of cuts and the stream.
enum EventStreamTarget: FuzzTarget {
  static func run(_ input: [UInt8]) {
    var input = InputBytes(input)
    let cuts = (0..<Int(input.byte() & 7)).map { _ in input.number() }
    let stream = input.all()
    let whole = Told(stream, [])
    let pieces = Told(stream, cuts)
    require(whole == pieces, "cuts change an event:\n\(whole)\n\(pieces)")
    let bytes = whole.events.reduce(0) { $0 + $1.data.count + $1.type.count }
    require(bytes <= stream.count, "more is told than came")
  }

  private struct Told: Equatable {
    var events: [EventStreamDecoder.Event] = []
    var retry: Int?
    var isInsideEvent = false

    init(_ stream: [UInt8], _ cuts: [Int]) {
      var decoder = EventStreamDecoder()
      var input = InputBytes([])
      for piece in input.pieces(of: stream, cuts: cuts) {
        decoder.take(piece) { events.append($0) }
        require(decoder.carriedBytes <= stream.count, "more is kept than came")
      }
      require(decoder.count == events.count, "events are counted")
      for event in events {
        require(!event.type.contains { $0 == 0x0A || $0 == 0x0D }, "a type is one line")
        require(!event.lastEventID.contains(0), "an ID has no NUL")
        require(!event.data.contains(0x0D), "lines of data are joined by LF")
      }
      retry = decoder.retry
      isInsideEvent = decoder.isInsideEvent
    }
  }

  static var seeds: [[UInt8]] {
    let streams = [
      "data: {\"choices\":[]}\n\ndata: [DONE]\n\n",
      "event: message_start\r\ndata: {}\r\n\r\nevent: ping\rdata\r\r",
      "\u{FEFF}: comment\n\nid: 1\nretry: 3000\ndata:a\ndata: ü\nfoo\n\nid\ndata\n\n",
    ]
    return streams.flatMap { [[0] + $0.utf8, [3, 0, 1, 0, 20, 0, 21] + $0.utf8] }
  }

  static func seeds(of capture: [UInt8]) -> [[UInt8]] {
    // What looks like events, wherever it stands.
    let field = Array("data: ".utf8)
    guard
      let start = capture.indices.dropLast(field.count).first(where: {
        capture[$0] == field[0] && capture[$0...].starts(with: field)
      })
    else { return [] }
    return [[2, 0, 100, 1, 0] + capture[start...].prefix(3000)]
  }
}
