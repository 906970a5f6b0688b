internal import Wire

/// Times as LiteLLM's Python writes and reads them.
enum ISO8601 {
  /// `2020-01-01T00:00:00+00:00`, also with a blank or a `Z`, or the day alone; in seconds since
  /// 1970. Without an offset it is UTC.
  static func seconds(_ text: String) -> Int64? {
    let bytes = Array(text.utf8)
    func number(_ range: Range<Int>) -> Int64? {
      guard range.upperBound <= bytes.count else { return nil }
      return Int64(String(decoding: bytes[range], as: UTF8.self))
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      0...9999 ~= year, 1...12 ~= month, 1...31 ~= day
    else { return nil }
    let hour = number(11..<13) ?? 0
    let minute = number(14..<16) ?? 0
    let second = number(17..<19) ?? 0
    guard 0...23 ~= hour, 0...59 ~= minute, 0...60 ~= second else { return nil }
    var offset: Int64 = 0
    if let sign = bytes.dropFirst(19).firstIndex(where: { $0 == 0x2B || $0 == 0x2D }),
      let hours = number(sign + 1..<sign + 3), let minutes = number(sign + 4..<sign + 6)
    {
      offset = (hours * 3600 + minutes * 60) * (bytes[sign] == 0x2D ? -1 : 1)
    }
    return days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset
  }

  /// `2020-01-01 00:00:00+00:00`
  static func text(_ seconds: Int64) -> String { plain(seconds) + "+00:00" }

  /// `2020-01-01 00:00:00`
  static func plain(_ seconds: Int64) -> String {
    let time = CivilTime(seconds: seconds)
    return "\(time.year)-\(CivilTime.two(time.month))-\(CivilTime.two(time.day)) \(time.clock)"
  }

  /// Days since 1970, by the Gregorian calendar.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let ofEra = shifted % 400
    let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return shifted / 400 * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
  }
}
