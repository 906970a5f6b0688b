/// A moment by the Gregorian calendar, in UTC.
public struct CivilTime: Sendable {
  public var year: Int
  /// From 1.
  public var month: Int
  /// From 1.
  public var day: Int
  public var hour: Int
  public var minute: Int
  public var second: Int
  /// From 0, Sunday.
  public var weekday: Int

  /// - Parameter seconds: since 1970; what lies outside 1970 to 9999 is shown as the nearer end.
  public init(seconds: Int64) {
    let seconds = Int(min(max(seconds, 0), 253_402_300_799))
    let days = seconds / 86_400
    // Days since 0000-03-01, in eras of 400 years: a leap day is then the last of its year.
    let shifted = days + 719_468
    let ofEra = shifted % 146_097
    let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * ofYear + 2) / 153
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + shifted / 146_097 * 400 + (month <= 2 ? 1 : 0)
    day = ofYear - (153 * monthFromMarch + 2) / 5 + 1
    hour = seconds / 3600 % 24
    minute = seconds / 60 % 60
    second = seconds % 60
    weekday = (days + 4) % 7
  }

  /// `00:00:00`
  public var clock: String { [hour, minute, second].map(Self.two).joined(separator: ":") }

  /// With a nought in front of a single digit.
  public static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
