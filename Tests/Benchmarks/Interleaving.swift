internal import TestSupport

/// Many connections at once: their frames one after the other, as they come in time.
struct Interleaving {
  private struct Slot {
    var connection: Connection
    var frames = Frames()
    var next = 0

    mutating func proceed(
      _ traffic: inout Traffic, isLast: Bool, _ dice: inout Dice
    ) -> Exchange? {
      connection.proceed(&traffic, isLast: isLast, into: &frames, &dice)
    }
  }

  /// 2025-10-09, in microseconds.
  private static let beginning: Int64 = 1_760_000_000_000_000

  private let mix: Mix
  private let link: Link
  private var disorder: Disorder
  private var dice: Dice
  private var traffic: Traffic
  private var slots: [Slot] = []
  /// When the next frame of each slot comes: looking at all of some dozens is as fast as a heap.
  private var due: [Int64] = []
  private var truth = Truth()

  init(_ mix: Mix, _ link: Link, _ disorder: Disorder, seed: UInt64) {
    self.mix = mix
    self.link = link
    self.disorder = disorder
    dice = Dice(seed: seed)
    traffic = Traffic(mix, &dice)
  }

  /// Writes frames until they are `size` bytes, and what is then under way to its end.
  mutating func write(
    to writer: inout CaptureFileWriter, size: Int, connections: Int
  ) throws -> Truth {
    for index in 0..<connections {
      slots.append(Slot(connection: connect(at: Self.beginning + Int64(dice.roll(mix.opening)))))
      due.append(0)
      proceed(index, isLast: false)
    }
    while let index = due.indices.min(by: { due[$0] < due[$1] }), due[index] < .max {
      let frame = slots[index].frames.all[slots[index].next]
      try writer.write(slots[index].frames.bytes[frame.bytes], at: frame.time)
      slots[index].next += 1
      if slots[index].next < slots[index].frames.all.count {
        due[index] = slots[index].frames.all[slots[index].next].time
      } else {
        proceed(index, isLast: writer.count >= size)
      }
    }
    try writer.flush()
    truth.bytes = writer.count
    truth.packets = writer.packets
    truth.swapped = disorder.swaps
    truth.retransmitted = disorder.repetitions
    return truth
  }

  private mutating func connect(at time: Int64) -> Connection {
    defer { truth.connections += 1 }
    return Connection(truth.connections, mix, link, at: time, &dice)
  }

  /// Makes the next frames of a slot: of its connection, or of a new one.
  private mutating func proceed(_ index: Int, isLast: Bool) {
    let before = due[index]
    slots[index].next = 0
    slots[index].frames.removeAll()
    if !slots[index].connection.isOver { speak(index, isLast: isLast) }
    if slots[index].frames.all.isEmpty, !isLast {
      // Over, whether it was closed or not.
      slots[index].connection = connect(at: before + Int64(dice.roll(mix.pause)))
      speak(index, isLast: isLast)
    }
    due[index] = slots[index].frames.all.first?.time ?? .max
  }

  private mutating func speak(_ index: Int, isLast: Bool) {
    guard let exchange = slots[index].proceed(&traffic, isLast: isLast, &dice) else { return }
    truth.exchanges += 1
    switch exchange.credential {
    case .missing: truth.missing += 1
    case .placeholder: truth.placeholder += 1
    case .right: break
    }
    disorder.apply(to: &slots[index].frames, &dice)
  }
}
