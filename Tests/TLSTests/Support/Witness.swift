internal import Testing
internal import Wire

@testable internal import TLS

/// Gives a session the bytes of a conversation, keeps what it tells, and holds it to its promise
/// that every byte is accounted for.
struct Witness {
  typealias Step = TLSSession.Step

  var session: TLSSession
  var keys: KeyLog
  /// By direction.
  private(set) var plaintext: [[UInt8]] = [[], []]
  private(set) var steps: [[Step]] = [[], []]
  /// What wasn't taken yet.
  private(set) var held: [[UInt8]] = [[], []]
  private var taken = [0, 0]
  private var output = TLSSession.Output()

  init(_ keyLog: [UInt8], beganBeforeCapture: Bool = false) {
    session = TLSSession(beganBeforeCapture: beganBeforeCapture)
    keys = KeyLog()
    keys.add(keyLog)
    keys.finish()
  }

  init(_ recording: OpenSSL.Recording, keyLog: [UInt8]? = nil) {
    self.init(keyLog ?? recording.keyLog)
  }

  /// Gives all of a conversation, in pieces of at most so many bytes.
  mutating func watch(_ chunks: [Relay.Chunk], pieces: Int = .max, mayWait: Bool = true) {
    for chunk in chunks {
      var start = 0
      while start < chunk.bytes.count {
        let end = start + min(pieces, chunk.bytes.count - start)
        give(Array(chunk.bytes[start..<end]), chunk.direction, mayWait: mayWait)
        start = end
      }
    }
    finish()
  }

  mutating func give(_ bytes: [UInt8], _ direction: Direction, mayWait: Bool = false) {
    take(bytes, direction, mayWait)
    // What was taken may be what the other direction waits for.
    if session.canGoOn(direction.opposite, keys: keys) { take([], direction.opposite, mayWait) }
  }

  private mutating func take(_ more: [UInt8], _ direction: Direction, _ mayWait: Bool) {
    let index = Int(direction.rawValue)
    held[index] += more
    output.removeAll()
    let bytes = held[index]
    let count = session.take(
      bytes.span, direction, keys: keys, mayWait: mayWait, into: &output)
    #expect(count == held[index].count || mayWait && session.waits(direction) != nil)
    held[index].removeFirst(count)
    taken[index] += count
    let told = output.steps.reduce(0) { sum, step in
      switch step {
      case .plaintext(let count, _): sum + count
      default: sum
      }
    }
    #expect(told == output.plaintext.count)
    plaintext[index] += output.plaintext
    for step in output.steps { steps[index].append(step) }
    expectAccount(direction)
  }

  mutating func grow(_ text: [UInt8]) {
    keys.add(text)
    for direction in [Direction.forward, .backward]
    where session.canGoOn(direction, keys: keys) {
      take([], direction, true)
    }
  }

  /// Takes what waits, though it stays shut.
  mutating func settle(_ direction: Direction) { take([], direction, false) }

  mutating func skip(_ length: Int, _ direction: Direction) { session.skip(length, direction) }

  /// Nothing more comes: what waits is given up.
  mutating func finish() {
    for direction in [Direction.forward, .backward] {
      if session.waits(direction) != nil { take([], direction, false) }
    }
    for direction in [Direction.forward, .backward] {
      let index = Int(direction.rawValue)
      let rest = session.finish(direction)
      if rest > 0 { steps[index].append(.shut(rest)) }
      expectAccount(direction)
    }
  }

  private func expectAccount(_ direction: Direction) {
    let index = Int(direction.rawValue)
    #expect(accounted(direction) + session.carried(direction) == taken[index])
  }

  /// The bytes of all steps.
  func accounted(_ direction: Direction) -> Int {
    steps[Int(direction.rawValue)].reduce(0) { sum, step in
      switch step {
      case .plaintext(let count, let overhead): sum + count + overhead
      case .overhead(let count), .shut(let count): sum + count
      default: sum
      }
    }
  }

  // MARK: What was seen

  func text(_ direction: Direction) -> String {
    String(decoding: plaintext[Int(direction.rawValue)], as: UTF8.self)
  }

  /// Bytes that stayed shut.
  func shutBytes(_ direction: Direction) -> Int {
    steps[Int(direction.rawValue)].reduce(0) { sum, step in
      if case .shut(let count) = step { sum + count } else { sum }
    }
  }

  func oddities(_ direction: Direction) -> [Anomaly] {
    steps[Int(direction.rawValue)].compactMap {
      if case .odd(let anomaly) = $0 { anomaly } else { nil }
    }
  }

  func count(_ step: Step) -> Int { steps.joined().count { $0 == step } }

  /// The steps, with neighbours of a kind in one: they don't depend on how the bytes came.
  func joined(_ direction: Direction) -> [Step] {
    var output = TLSSession.Output()
    for step in steps[Int(direction.rawValue)] { output.add(step) }
    return output.steps
  }
}
