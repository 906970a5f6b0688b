internal import TestSupport

@testable internal import TLS
@testable internal import Wire

/// What opens TLS, and the key logs that it takes its secrets from.
///
/// An input is which of RFC 8448's handshakes is changed, and how: steps of a byte that says what
/// happens, and what that needs. The bytes behind the steps are a key log.
enum TLSTarget: FuzzTarget {
  private static let traces = [RFC8448Trace.oneRTT, .zeroRTT, .retry].map { trace in
    (keys: Array(trace.secrets.utf8), chunks: trace.chunks)
  }

  /// What happens to one direction.
  private enum Event {
    case bytes([UInt8], Direction)
    case hole(Int, Direction)
  }

  static func run(_ input: [UInt8]) {
    var input = InputBytes(input)
    let first = input.byte()
    let trace = traces[Int(first & 3) % traces.count]
    let began = first & 4 != 0
    let events = events(of: trace.chunks, &input)
    readKeyLog(input.all())
    var keys = KeyLog()
    // Some secrets may be missing.
    for (index, line) in trace.keys.split(separator: 0x0A).enumerated()
    where first & 8 == 0 || index % 2 == 0 {
      keys.add(line + [0x0A])
    }
    keys.finish()
    let whole = watch(events, keys, pieces: .max, beganBeforeCapture: began)
    let pieces = watch(events, keys, pieces: 7, beganBeforeCapture: began)
    require(whole == pieces, "\(whole) at once, \(pieces) in pieces")
    waitAndSee(events, keys)
  }

  private static func events(
    of chunks: [(direction: Direction, bytes: [UInt8])], _ input: inout InputBytes
  ) -> [Event] {
    var events: [Event] = []
    for chunk in chunks {
      var bytes = chunk.bytes
      let step = input.byte()
      switch step & 7 {
      case 1: bytes[min(input.number(), bytes.count - 1)] ^= input.byte()
      case 2: bytes.removeFirst(min(input.number(), bytes.count))
      case 3: bytes.insert(contentsOf: input.take(Int(input.byte())), at: 0)
      case 4: bytes.append(contentsOf: input.take(Int(input.byte())))
      case 5:
        let cut = min(input.number(), bytes.count)
        let length = min(input.number(), bytes.count - cut)
        events.append(.bytes(Array(bytes[..<cut]), chunk.direction))
        events.append(.hole(length, chunk.direction))
        bytes.removeFirst(cut + length)
      case 6: events.append(.hole(input.number(), chunk.direction))
      case 7: continue
      default: break
      }
      events.append(.bytes(bytes, chunk.direction))
      if step & 8 != 0 { events.append(.bytes(bytes, chunk.direction)) }
    }
    return events
  }

  private struct Told: Equatable {
    var plaintext: [[UInt8]] = [[], []]
    var steps: [[TLSSession.Step]] = [[], []]
    var shut: [TLSSession.Shut?] = []
  }

  private static func watch(
    _ events: [Event], _ keys: KeyLog, pieces: Int, beganBeforeCapture: Bool
  ) -> Told {
    var session = TLSSession(beganBeforeCapture: beganBeforeCapture)
    var told = Told()
    var accounts = [0, 0]
    for event in events {
      switch event {
      case .hole(let length, let direction): session.skip(length, direction)
      case .bytes(let bytes, let direction):
        let index = Int(direction.rawValue)
        var start = 0
        while start < bytes.count {
          let end = min(bytes.count, start + min(pieces, bytes.count))
          let piece = Array(bytes[start..<end])
          var output = TLSSession.Output()
          let taken = session.take(
            piece.span, direction, keys: keys, mayWait: false, into: &output)
          require(taken == piece.count, "all is taken where nobody waits")
          accounts[index] += taken
          start = end
          add(output, to: &told, index, &accounts)
          let carried = session.carried(direction)
          require(
            accounts[index] == carried, "\(accounts[index]) bytes aren't told, \(carried) kept")
          require(carried <= RecordHeader.recordLimit, "\(carried) bytes are kept")
        }
      }
    }
    for direction in [Direction.forward, .backward] {
      let index = Int(direction.rawValue)
      require(session.finish(direction) == accounts[index], "the rest is what is kept")
      told.shut.append(session.shut(direction))
    }
    return told
  }

  /// - Parameter accounts: by direction, the bytes that were taken and not told yet.
  private static func add(
    _ output: TLSSession.Output, to told: inout Told, _ index: Int, _ accounts: inout [Int]
  ) {
    var steps = TLSSession.Output()
    steps.steps = told.steps[index]
    var plain = 0
    for step in output.steps {
      switch step {
      case .plaintext(let count, let overhead):
        plain += count
        accounts[index] -= count + overhead
      case .overhead(let count), .shut(let count): accounts[index] -= count
      default: break
      }
      steps.add(step)
    }
    require(plain == output.plaintext.count, "each byte of plaintext is told")
    told.steps[index] = steps.steps
    told.plaintext[index] += output.plaintext
  }

  /// Gives what waits again, as soon as it can go on.
  private static func waitAndSee(_ events: [Event], _ keys: KeyLog) {
    var session = TLSSession(beganBeforeCapture: false)
    var held: [[UInt8]] = [[], []]
    func take(_ direction: Direction, mayWait: Bool) {
      let index = Int(direction.rawValue)
      let bytes = held[index]
      var output = TLSSession.Output()
      let taken = session.take(bytes.span, direction, keys: keys, mayWait: mayWait, into: &output)
      let isWaiting = session.waits(direction) != nil
      require(taken == bytes.count || mayWait && isWaiting, "it stops only to wait")
      held[index].removeFirst(taken)
    }
    for event in events {
      switch event {
      case .hole(let length, let direction):
        if session.waits(direction) != nil { take(direction, mayWait: false) }
        session.skip(length, direction)
      case .bytes(let bytes, let direction):
        held[Int(direction.rawValue)] += bytes
        take(direction, mayWait: true)
        if session.canGoOn(direction.opposite, keys: keys) {
          take(direction.opposite, mayWait: true)
        }
      }
    }
  }

  private static func readKeyLog(_ text: [UInt8]) {
    var whole = KeyLog()
    whole.add(text)
    whole.finish()
    var pieces = KeyLog()
    for byte in text { pieces.add([byte]) }
    pieces.finish()
    require(
      whole.count == pieces.count && whole.badLines == pieces.badLines
        && whole.firstBadLine == pieces.firstBadLine && whole.generation == pieces.generation,
      "a key log is the same in pieces")
  }

  static var seeds: [[UInt8]] {
    let keys = traces[1].keys
    var seeds: [[UInt8]] = []
    for trace in UInt8(0)..<3 {
      for flags in [0, 4, 8] as [UInt8] {
        seeds.append([trace | flags] + [UInt8](repeating: 0, count: 10) + keys)
      }
      for step in UInt8(1)...8 {
        for place in 1..<10 {
          var steps = [UInt8](repeating: 0, count: 10 + 5)
          steps[place] = step
          seeds.append([trace] + steps)
        }
      }
    }
    return seeds
  }
}
