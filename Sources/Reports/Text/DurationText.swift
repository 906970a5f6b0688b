/// Nanoseconds as a person reads them.
enum DurationText {
  /// `+0.456 s`
  static func offset(_ nanoseconds: Int64) -> String {
    (nanoseconds < 0 ? "" : "+") + seconds(nanoseconds)
  }

  /// `0.456 s`
  static func seconds(_ nanoseconds: Int64) -> String { plain(nanoseconds) + " s" }

  /// `0.456`
  static func plain(_ nanoseconds: Int64) -> String {
    let milliseconds = nanoseconds / 1_000_000
    let fraction = String((milliseconds % 1000).magnitude)
    let zeros = String(repeating: "0", count: 3 - fraction.count)
    let sign = nanoseconds < 0 ? "-" : ""
    return "\(sign)\((milliseconds / 1000).magnitude).\(zeros)\(fraction)"
  }
}
