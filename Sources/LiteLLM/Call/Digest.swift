internal import Redaction

/// A number that differs where the bytes differ, but for a chance in 2^64 (FNV-1a): for comparing what
/// is too large to keep. No protection against somebody who looks for two texts with the same one.
struct Digest {
  private(set) var value = StableBits.emptyHash

  mutating func add(_ bytes: some Sequence<UInt8>) {
    value = StableBits.hash(bytes, behind: value)
  }
}
