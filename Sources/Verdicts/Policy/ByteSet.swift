/// A set of byte values, for the sets and wildcards of a `Glob`.
struct ByteSet: Hashable, Sendable {
  private var low: UInt64 = 0
  private var lowerMiddle: UInt64 = 0
  private var upperMiddle: UInt64 = 0
  private var high: UInt64 = 0

  init() {}

  /// Every byte.
  static let all = ByteSet().inverted

  /// The bytes that only occur inside a UTF-8 character, never first (RFC 3629, 3).
  static let continuations: ByteSet = {
    var set = ByteSet()
    set.upperMiddle = .max
    return set
  }()

  /// An ASCII capital as its small letter, any other byte as it is.
  static func lowercase(_ byte: UInt8) -> UInt8 {
    byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
  }

  func contains(_ byte: UInt8) -> Bool {
    let bit: UInt64 = 1 << UInt64(byte & 63)
    return switch byte >> 6 {
    case 0: low & bit != 0
    case 1: lowerMiddle & bit != 0
    case 2: upperMiddle & bit != 0
    default: high & bit != 0
    }
  }

  mutating func insert(_ byte: UInt8) {
    let bit: UInt64 = 1 << UInt64(byte & 63)
    switch byte >> 6 {
    case 0: low |= bit
    case 1: lowerMiddle |= bit
    case 2: upperMiddle |= bit
    default: high |= bit
    }
  }

  var inverted: ByteSet {
    var set = ByteSet()
    set.low = ~low
    set.lowerMiddle = ~lowerMiddle
    set.upperMiddle = ~upperMiddle
    set.high = ~high
    return set
  }

  func subtracting(_ other: ByteSet) -> ByteSet {
    var set = ByteSet()
    set.low = low & ~other.low
    set.lowerMiddle = lowerMiddle & ~other.lowerMiddle
    set.upperMiddle = upperMiddle & ~other.upperMiddle
    set.high = high & ~other.high
    return set
  }

  func subtracting(_ byte: UInt8) -> ByteSet {
    var single = ByteSet()
    single.insert(byte)
    return subtracting(single)
  }
}
