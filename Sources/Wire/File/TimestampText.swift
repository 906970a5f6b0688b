extension Timestamp {
  /// RFC 3339 in UTC with nine decimals, `2026-11-23T09:40:12.123456789Z`; `nil` where unknown.
  ///
  /// Foundation's dates lose nanoseconds, so the calendar is worked out here.
  public var rfc3339: String? {
    guard isKnown else { return nil }
    let (seconds, nanos) = Self.floored(nanoseconds, 1_000_000_000)
    let (days, secondOfDay) = Self.floored(seconds, 86_400)
    // Days since 0000-03-01 in eras of 400 years: leap days come last in such a year.
    let shifted = days &+ 719_468
    let (era, dayOfEra) = Self.floored(shifted, 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthIndex = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
    let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    func padded(_ value: Int64, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T"
      + "\(padded(secondOfDay / 3600, 2)):\(padded(secondOfDay / 60 % 60, 2)):"
      + "\(padded(secondOfDay % 60, 2)).\(padded(nanos, 9))Z"
  }

  private static func floored(_ value: Int64, _ divisor: Int64) -> (Int64, Int64) {
    let remainder = (value % divisor + divisor) % divisor
    return ((value - remainder) / divisor, remainder)
  }
}
