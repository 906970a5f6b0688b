/// How many bytes may be made of those that were taken: 64 MB, and a ratio of 1000 above 1 MB.
struct DecodingBound: Sendable {
  static let sizeLimit = 64 << 20
  static let ratioLimit = 1000
  static let ratioFrom = 1 << 20
  /// What was taken counts in steps of so many bytes: however it comes in pieces, the bound is the
  /// same.
  static let ratioStep = 1024

  private(set) var taken = 0
  /// Bytes that may be made of what was taken.
  private(set) var allowed = 0

  /// Takes the bytes up to the end of a step off the front.
  mutating func takeStep(of bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let step = bytes.prefix(Self.ratioStep &- taken % Self.ratioStep)
    bytes = bytes.dropFirst(step.count)
    taken &+= step.count
    let steps = (taken &+ Self.ratioStep &- 1) / Self.ratioStep
    let byRatio = max(Self.ratioFrom, steps &* Self.ratioStep &* Self.ratioLimit)
    allowed = min(byRatio, Self.sizeLimit)
    return step
  }
}
