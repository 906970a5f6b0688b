internal import TestSupport

/// Segments that come in another order, and again.
struct Disorder {
  /// In percent of the segments with data.
  var swapped: Double
  var repeated: Double

  private(set) var swaps = 0
  private(set) var repetitions = 0

  init(swapped: Double, repeated: Double) {
    self.swapped = swapped
    self.repeated = repeated
  }

  mutating func apply(to frames: inout Frames, _ dice: inout Dice) {
    if swapped > 0 { swap(&frames, &dice) }
    if repeated > 0 { repeats(&frames, &dice) }
  }

  /// A segment changes its place with one of the next three of its direction, if the other says
  /// nothing in between. The times stay.
  private mutating func swap(_ frames: inout Frames, _ dice: inout Dice) {
    var index = 0
    while index < frames.all.count {
      defer { index += 1 }
      guard frames.all[index].hasData, dice.happens(swapped) else { continue }
      var left = dice.roll(1...3)
      var other: Int?
      for next in frames.all[(index + 1)...].indices where left > 0 && frames.all[next].hasData {
        guard frames.all[next].sender == frames.all[index].sender else { break }
        other = next
        left -= 1
      }
      guard let other else { continue }
      let (first, second) = (frames.all[index].time, frames.all[other].time)
      frames.all.swapAt(index, other)
      (frames.all[index].time, frames.all[other].time) = (first, second)
      swaps += 1
      index = other
    }
  }

  /// A segment comes again, one to eight packets later.
  private mutating func repeats(_ frames: inout Frames, _ dice: inout Dice) {
    var all: [Frames.Frame] = []
    all.reserveCapacity(frames.all.count + frames.all.count / 32)
    var waiting: [(left: Int, frame: Frames.Frame)] = []
    for frame in frames.all {
      all.append(frame)
      if frame.hasData, dice.happens(repeated) { waiting.append((dice.roll(1...8), frame)) }
      for index in waiting.indices { waiting[index].left -= 1 }
      for (left, frame) in waiting where left <= 0 { again(frame, &all) }
      waiting.removeAll { $0.left <= 0 }
    }
    for (_, frame) in waiting { again(frame, &all) }
    frames.all = all
  }

  private mutating func again(_ frame: Frames.Frame, _ all: inout [Frames.Frame]) {
    var copy = frame
    copy.time = (all.last?.time ?? frame.time) + 1
    all.append(copy)
    repetitions += 1
  }
}
