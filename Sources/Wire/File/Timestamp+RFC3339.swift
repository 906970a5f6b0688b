extension Timestamp {
  /// RFC 3339 in UTC with nine decimals, `2026-11-23T09:40:12.123456789Z`; `nil` where unknown.
  ///
  /// Foundation's dates lose nanoseconds.
  public var rfc3339: String? {
    guard isKnown else { return nil }
    let (seconds, rest) = CivilTime.floored(nanoseconds, 1_000_000_000)
    let time = CivilTime(seconds: seconds)
    func padded(_ value: some BinaryInteger, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(time.year, 4))-\(CivilTime.two(time.month))-\(CivilTime.two(time.day))T"
      + "\(time.clock).\(padded(rest, 9))Z"
  }
}
