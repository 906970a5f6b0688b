/// Numbers of bytes as a person reads them, in powers of ten.
public enum ByteCount {
  /// `812 bytes`, `183 kB`, `1.4 MB`.
  public static func text(_ bytes: Int) -> String {
    if bytes < 1000 { return "\(bytes) bytes" }
    if bytes < 999_500 { return tenths(bytes, 1000) + " kB" }
    return tenths(bytes, 1_000_000) + " MB"
  }

  /// With one decimal below ten.
  private static func tenths(_ bytes: Int, _ unit: Int) -> String {
    if bytes >= unit * 10 - unit / 20 { return String((bytes + unit / 2) / unit) }
    let tenths = (bytes * 10 + unit / 2) / unit
    return "\(tenths / 10).\(tenths % 10)"
  }
}
