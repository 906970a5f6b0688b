/// An IMF-fixdate (RFC 9110, 5.6.7): `Thu, 01 Jan 2026 00:00:00 GMT`.
enum HTTPDate {
  private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// - Parameter seconds: since 1970; before it, 1970 is shown.
  static func text(_ seconds: Int64) -> String {
    // The year 9999 is the last that has a form.
    let seconds = min(max(seconds, 0), 253_402_300_799)
    let day = Int(seconds / 86_400)
    let second = Int(seconds % 86_400)
    // Days since 0000-03-01 in eras of 400 years.
    let z = day + 719_468
    let era = z / 146_097
    let ofEra = z % 146_097
    let year = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * year + year / 4 - year / 100)
    let shifted = (5 * ofYear + 2) / 153
    let ofMonth = ofYear - (153 * shifted + 2) / 5 + 1
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let shownYear = year + era * 400 + (month <= 2 ? 1 : 0)
    return "\(days[day % 7]), \(two(ofMonth)) \(months[month - 1]) \(shownYear) "
      + "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60)) GMT"
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
