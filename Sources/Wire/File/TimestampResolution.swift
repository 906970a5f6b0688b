/// How a number in a capture becomes nanoseconds: pcapng's if_tsresol and if_tsoffset.
struct TimestampResolution {
  private enum Scale {
    case times(UInt64)
    case over(UInt64)
    /// Units of 2^-n seconds.
    case binary(UInt64)
  }

  private var scale: Scale
  /// Seconds to add.
  var offset: Int64 = 0

  static let microseconds = TimestampResolution(scale: .times(1000))

  private init(scale: Scale) { self.scale = scale }

  /// - Parameter option: if_tsresol, a negative power of ten, or of two with the top bit set.
  init(option: UInt8) {
    let power = UInt64(option & 0x7F)
    if option & 0x80 != 0 {
      scale = .binary(power)
    } else if power <= 9 {
      scale = .times(Self.powerOfTen(9 - power))
    } else {
      // Below 10^-28 a 64-bit count is no nanosecond at all.
      scale = .over(power <= 28 ? Self.powerOfTen(power - 9) : 0)
    }
  }

  private static func powerOfTen(_ power: UInt64) -> UInt64 {
    (0..<power).reduce(1) { product, _ in product &* 10 }
  }

  /// Clamped to what fits: a captured number must not trap.
  @inline(__always)
  func timestamp(_ units: UInt64) -> Timestamp {
    let nanoseconds: UInt64
    switch scale {
    case .times(let factor):
      let (product, overflow) = units.multipliedReportingOverflow(by: factor)
      nanoseconds = overflow ? UInt64(Int64.max) : product
    case .over(let divisor):
      nanoseconds = divisor == 0 ? 0 : units / divisor
    case .binary(let power):
      let product = units.multipliedFullWidth(by: 1_000_000_000)
      if power >= 128 {
        nanoseconds = 0
      } else {
        let wide = UInt128(product.high) << 64 | UInt128(product.low)
        nanoseconds = UInt64(clamping: wide >> UInt128(power))
      }
    }
    let base = Int64(clamping: nanoseconds)
    guard offset != 0 else { return Timestamp(nanoseconds: base) }
    let (shift, tooFar) = offset.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, overflow) = base.addingReportingOverflow(shift)
    return Timestamp(nanoseconds: tooFar || overflow ? base : sum)
  }
}
