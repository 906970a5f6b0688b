extension Timestamp {
  /// RFC 3339 in UTC with nine decimals, `2026-11-23T09:40:12.123456789Z`; `nil` where unknown.
  ///
  /// Foundation's dates lose nanoseconds.
  public var rfc3339: String? {
    guard isKnown else { return nil }
    let (seconds, rest) = CivilTime.floored(nanoseconds, 1_000_000_000)
    let time = CivilTime(seconds: seconds)
    // Written digit by digit: four of these stand in each record.
    var text: [UInt8] = []
    text.reserveCapacity(30)
    func put(_ value: Int, _ width: Int, _ end: Unicode.Scalar) {
      var divisor = 1
      for _ in 1..<width { divisor &*= 10 }
      while divisor > 0 {
        text.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value / divisor % 10))
        divisor /= 10
      }
      text.append(UInt8(ascii: end))
    }
    put(time.year, 4, "-")
    put(time.month, 2, "-")
    put(time.day, 2, "T")
    put(time.hour, 2, ":")
    put(time.minute, 2, ":")
    put(time.second, 2, ".")
    put(Int(rest), 9, "Z")
    return String(decoding: text, as: UTF8.self)
  }
}
