/// Durations such as `250ms`, `5s`, `1.5s` and `2m`.
public enum DurationText {
  /// What an error says was expected.
  public static let expectation = "a duration such as 250ms, 5s or 2m"

  /// Units and their length in nanoseconds.
  private static let units: [(name: String, nanoseconds: Int64)] = [
    ("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000),
    ("m", 60_000_000_000), ("h", 3_600_000_000_000),
  ]

  /// The duration in nanoseconds; nil if the text is none, is negative, or is too long to count.
  public static func nanoseconds(_ text: String) -> Int64? {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let unitName = text.dropFirst(digits.count)
    guard let unit = units.first(where: { $0.name == unitName }) else { return nil }
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let first = parts.first, !first.isEmpty, let whole = Int64(first)
    else { return nil }
    let (product, overflow) = whole.multipliedReportingOverflow(by: unit.nanoseconds)
    guard !overflow else { return nil }
    guard parts.count == 2, let fraction = parts.last else { return product }
    guard !fraction.isEmpty, fraction.count <= 9, let numerator = Int64(fraction) else {
      return nil
    }
    var denominator: Int64 = 1
    for _ in fraction { denominator *= 10 }
    // Ten to the ninth times an hour's nanoseconds would overflow, hence Double for the fraction.
    let part = Double(numerator) / Double(denominator) * Double(unit.nanoseconds)
    let (sum, sumOverflow) = product.addingReportingOverflow(Int64(part.rounded()))
    return sumOverflow ? nil : sum
  }

  /// The duration in seconds, or nil.
  static func seconds(_ text: String) -> Double? {
    nanoseconds(text).map { Double($0) / 1e9 }
  }
}
