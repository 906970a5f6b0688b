internal import Glibc
internal import TestSupport

/// Draws of the benchmark's own: those of the standard library may be others in its next version, and
/// with them the captures, whose instructions are counted.
extension Dice {
  mutating func roll(_ range: ClosedRange<Int>) -> Int {
    let count = UInt64(range.upperBound - range.lowerBound + 1)
    return range.lowerBound + Int(next().multipliedFullWidth(by: count).high)
  }

  /// Less than one.
  mutating func share() -> Double { Double(next() >> 11) * 0x1p-53 }

  mutating func happens(_ percent: Double) -> Bool { share() * 100 < percent }

  mutating func pick<Element>(_ choices: [Element]) -> Element {
    choices[roll(0...choices.count - 1)]
  }

  /// Small numbers as often as large ones: each doubling is as likely as the next.
  mutating func rollLogarithmically(_ range: ClosedRange<Int>) -> Int {
    let lowest = Double(range.lowerBound)
    return Int(lowest * pow(Double(range.upperBound) / lowest, share()))
  }
}
