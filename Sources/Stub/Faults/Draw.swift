internal import Redaction

/// Chance that is the same each time.
enum Draw {
  /// From 0 to 1.
  ///
  /// - Parameters:
  ///   - rule: what it is drawn for.
  ///   - count: how often it was.
  static func share(_ seed: UInt64, _ rule: Int, _ count: Int) -> Double {
    let purpose = UInt64(truncatingIfNeeded: rule) &* 0xA076_1D64_78BD_642F
    let state = seed &+ purpose &+ UInt64(truncatingIfNeeded: count) &* StableBits.step
    return Double(StableBits.mixed(state) >> 11) * 0x1p-53
  }
}
