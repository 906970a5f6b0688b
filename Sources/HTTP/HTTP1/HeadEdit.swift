/// Changes parts of a head, and leaves every other byte as it is.
public enum HeadEdit {
  /// - Parameter changes: what is put in the place of which bytes; of two that overlap, the first.
  public static func replacing(
    _ changes: [(range: Range<Int>, bytes: [UInt8])], in bytes: [UInt8]
  ) -> [UInt8] {
    var result: [UInt8] = []
    var written = 0
    for change in changes.sorted(by: { $0.range.lowerBound < $1.range.lowerBound })
    where change.range.lowerBound >= written {
      result += bytes[written..<change.range.lowerBound] + change.bytes
      written = change.range.upperBound
    }
    return result + bytes[written...]
  }
}
