extension Timestamp {
  /// RFC 3339 in UTC with nine decimals, `2026-11-23T09:40:12.123456789Z`; `nil` where unknown.
  ///
  /// Foundation's dates lose nanoseconds.
  public var rfc3339: String? {
    var text: [UInt8] = []
    return appendRFC3339(to: &text) ? String(decoding: text, as: UTF8.self) : nil
  }

  /// Appends ``rfc3339``, digit by digit: four of these stand in each record.
  ///
  /// - Returns: `false` where the time is unknown; then nothing was done.
  public func appendRFC3339(to text: inout [UInt8]) -> Bool {
    guard isKnown else { return false }
    let (seconds, rest) = CivilTime.floored(nanoseconds, 1_000_000_000)
    let time = CivilTime(seconds: seconds)
    text.append(addingCapacity: 30) { output in
      func put(_ value: Int, _ divisor: Int) {
        output.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value / divisor % 10))
      }
      func two(_ value: Int) {
        put(value, 10)
        put(value, 1)
      }
      two(time.year / 100)
      two(time.year)
      output.append(UInt8(ascii: "-"))
      two(time.month)
      output.append(UInt8(ascii: "-"))
      two(time.day)
      output.append(UInt8(ascii: "T"))
      two(time.hour)
      output.append(UInt8(ascii: ":"))
      two(time.minute)
      output.append(UInt8(ascii: ":"))
      two(time.second)
      output.append(UInt8(ascii: "."))
      let (millions, ones) = (Int(rest) / 1_000_000, Int(rest) % 1_000_000)
      put(millions, 100)
      two(millions)
      two(ones / 10_000)
      two(ones / 100)
      two(ones)
      output.append(UInt8(ascii: "Z"))
    }
    return true
  }
}
