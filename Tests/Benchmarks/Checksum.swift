internal import Wire

/// RFC 1071, for any number of bytes at a time.
enum Checksum {
  /// - Parameter sum: of what isn't among the bytes.
  static func of(
    _ bytes: Span<UInt8>, _ range: Range<Int>, startingWith sum: UInt64 = 0
  ) -> UInt16 {
    var sum = sum + Self.sum(of: bytes, range)
    while sum > 0xFFFF { sum = (sum & 0xFFFF) + sum >> 16 }
    return ~UInt16(sum)
  }

  /// Carries are added at the end, so that four bytes are added at once (2, B).
  static func sum(of bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
    var (sum, at) = (UInt64(0), range.lowerBound)
    while at + 4 <= range.upperBound {
      sum += UInt64(bytes.big32(at))
      at += 4
    }
    var shift: UInt64 = 24
    while at < range.upperBound {
      sum += UInt64(bytes[at]) << shift
      shift -= 8
      at += 1
    }
    return sum
  }
}

/// Numbers in network order.
extension [UInt8] {
  mutating func append16(_ number: UInt16) {
    append(UInt8(number >> 8))
    append(UInt8(number & 0xFF))
  }

  mutating func append32(_ number: UInt32) {
    append16(UInt16(number >> 16))
    append16(UInt16(number & 0xFFFF))
  }

  mutating func set16(_ number: UInt16, at index: Int) {
    self[index] = UInt8(number >> 8)
    self[index + 1] = UInt8(number & 0xFF)
  }
}
