/// A number that differs where the bytes differ, but for a chance in 2^64 (FNV-1a): for comparing what
/// is too large to keep. No protection against somebody who looks for two texts with the same one.
struct Digest {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
  }
}
