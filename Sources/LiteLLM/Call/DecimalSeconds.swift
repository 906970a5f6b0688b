/// Nanoseconds as seconds in decimal: no locale, no exponent, nothing rounded.
public enum DecimalSeconds {
  /// `0.001234567`, `12.5`, `3`: at most nine decimals, without zeros at the end.
  public static func text(_ nanoseconds: Int64) -> String {
    let digits = String(nanoseconds.magnitude % 1_000_000_000)
    var fraction = Substring(String(repeating: "0", count: 9 - digits.count) + digits)
    while fraction.last == "0" { fraction.removeLast() }
    let sign = nanoseconds < 0 ? "-" : ""
    let whole = nanoseconds.magnitude / 1_000_000_000
    return fraction.isEmpty ? "\(sign)\(whole)" : "\(sign)\(whole).\(fraction)"
  }
}
