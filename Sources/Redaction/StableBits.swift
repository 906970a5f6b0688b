/// Numbers that look random and are the same each time: for stand-ins, ids and chance by a seed.
public enum StableBits {
  /// Spreads a counter over all bits (SplitMix64's step from its state to its output).
  @inlinable
  public static func mixed(_ state: UInt64) -> UInt64 {
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// From one state of SplitMix64 to the next.
  public static let step: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// The hash of nothing (FNV-1a).
  public static let emptyHash: UInt64 = 0xCBF2_9CE4_8422_2325

  /// The hash of what was hashed and `bytes` behind it. No protection against somebody who looks for
  /// two texts with the same one.
  @inlinable
  public static func hash(_ bytes: some Sequence<UInt8>, behind hash: UInt64 = emptyHash) -> UInt64
  {
    bytes.reduce(hash) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
