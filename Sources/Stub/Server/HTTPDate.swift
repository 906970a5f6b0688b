internal import Wire

/// An IMF-fixdate (RFC 9110, 5.6.7): `Thu, 01 Jan 2026 00:00:00 GMT`.
enum HTTPDate {
  private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// - Parameter seconds: since 1970; before it, 1970 is shown.
  static func text(_ seconds: Int64) -> String {
    let time = CivilTime(seconds: max(0, seconds))
    return "\(days[time.weekday]), \(CivilTime.two(time.day)) \(months[time.month - 1]) "
      + "\(time.year) \(time.clock) GMT"
  }
}
