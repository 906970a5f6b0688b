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

  /// - Parameter seconds: since 1970; what lies outside the years 0 to 9999 is shown as the nearer
  ///   end.
  public init(seconds: Int64) {
    let seconds = Int(min(max(seconds, -62_167_219_200), 253_402_300_799))
    let (days, ofDay) = Self.floored(seconds, 86_400)
    // Days since 0000-03-01, in eras of 400 years: a leap day is then the last of its year.
    let (era, ofEra) = Self.floored(days + 719_468, 146_097)
    let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * ofYear + 2) / 153
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    day = ofYear - (153 * monthFromMarch + 2) / 5 + 1
    hour = ofDay / 3600
    minute = ofDay / 60 % 60
    second = ofDay % 60
    weekday = Self.floored(days + 4, 7).rest
  }

  /// The quotient toward the past, and a rest that is never negative.
  static func floored<Number: BinaryInteger>(
    _ value: Number, _ divisor: Number
  ) -> (quotient: Number, rest: Number) {
    let rest = value % divisor
    // Not by way of a smaller number: there may be none.
    return rest < 0 ? (value / divisor - 1, rest + divisor) : (value / divisor, rest)
  }

  /// `00:00:00`
  public var clock: String { [hour, minute, second].map(Self.two).joined(separator: ":") }

  /// With a nought in front of a single digit.
  public static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
