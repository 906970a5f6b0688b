/// A text as it reads after escapes are undone, with the way back to where each byte stood.
///
/// Escapes can be written in many ways (`s`, `\u0073`, `%73`), so secrets are not searched for in every
/// way to write them: the text is read in every way instead.
struct DecodedView: Sendable {
  let bytes: [UInt8]
  /// Where in the source each byte begins and ends; empty for the source itself.
  private let starts: [UInt32]
  private let ends: [UInt32]

  /// The source itself.
  init(_ source: [UInt8]) {
    bytes = source
    starts = []
    ends = []
  }

  private init(bytes: [UInt8], starts: [UInt32], ends: [UInt32]) {
    self.bytes = bytes
    self.starts = starts
    self.ends = ends
  }

  /// Pieces of the source as one text.
  init(pieces: [Range<Int>], of source: [UInt8]) {
    var bytes: [UInt8] = []
    var starts: [UInt32] = []
    var ends: [UInt32] = []
    for piece in pieces {
      bytes += source[piece]
      for index in piece {
        starts.append(UInt32(truncatingIfNeeded: index))
        ends.append(UInt32(truncatingIfNeeded: index + 1))
      }
    }
    self.init(bytes: bytes, starts: starts, ends: ends)
  }

  /// The places in the source of a range that isn't empty, where it is made of pieces.
  func sourceRanges(_ range: Range<Int>) -> [Range<Int>] {
    guard !starts.isEmpty, !range.isEmpty else { return [range] }
    var found: [Range<Int>] = []
    for index in range {
      let (start, end) = (Int(starts[index]), Int(ends[index]))
      if let last = found.last, start <= last.upperBound, start >= last.lowerBound {
        found[found.count - 1] = last.lowerBound..<max(last.upperBound, end)
      } else {
        found.append(start..<max(start, end))
      }
    }
    return found
  }

  /// Where in the source the bytes of a range that isn't empty stand.
  func sourceRange(_ range: Range<Int>) -> Range<Int> {
    guard !starts.isEmpty, !range.isEmpty else { return range }
    let lower = Int(starts[range.lowerBound])
    return lower..<max(lower, Int(ends[range.upperBound - 1]))
  }

  /// With `%XX` undone; nil where there is none.
  func decodingPercent() -> DecodedView? {
    guard bytes.contains(UInt8(ascii: "%")) else { return nil }
    return decoding { bytes, index in
      guard bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
        let high = Bytes.hexValue(bytes[index + 1]), let low = Bytes.hexValue(bytes[index + 2])
      else { return nil }
      return (UInt32(high << 4 | low), 3, false)
    }
  }

  /// With the escapes of JSON strings undone (RFC 8259, 7), also `\xNN` and `\'` as other languages
  /// write them; nil where there is none.
  func unescapingJSON() -> DecodedView? {
    guard bytes.contains(UInt8(ascii: "\\")) else { return nil }
    return decoding { bytes, index in Self.jsonEscape(bytes, index) }
  }

  /// The bytes with JSON escapes undone.
  static func unescapedJSON(_ bytes: [UInt8]) -> [UInt8] {
    DecodedView(bytes).unescapingJSON()?.bytes ?? bytes
  }

  /// The bytes with `%XX` undone.
  static func percentDecoded(_ bytes: [UInt8]) -> [UInt8] {
    DecodedView(bytes).decodingPercent()?.bytes ?? bytes
  }

  /// The value, the length of the escape at `index`, and whether the value is a scalar rather than a
  /// byte.
  private typealias Escape = (value: UInt32, length: Int, isScalar: Bool)

  private func decoding(_ escape: ([UInt8], Int) -> Escape?) -> DecodedView? {
    var decoded: [UInt8] = []
    var starts: [UInt32] = []
    var ends: [UInt32] = []
    decoded.reserveCapacity(bytes.count)
    starts.reserveCapacity(bytes.count)
    ends.reserveCapacity(bytes.count)
    var isChanged = false
    var index = 0
    while index < bytes.count {
      var length = 1
      var value = UInt32(bytes[index])
      var isScalar = false
      if let found = escape(bytes, index) {
        (value, length, isScalar) = found
        isChanged = true
      }
      let range = sourceRange(index..<(index + length))
      let start = UInt32(truncatingIfNeeded: range.lowerBound)
      let end = UInt32(truncatingIfNeeded: range.upperBound)
      if isScalar, value >= 0x80 {
        for byte in UTF8Text.encode(value) {
          decoded.append(byte)
          starts.append(start)
          ends.append(end)
        }
      } else {
        decoded.append(UInt8(truncatingIfNeeded: value))
        starts.append(start)
        ends.append(end)
      }
      index += length
    }
    return isChanged ? DecodedView(bytes: decoded, starts: starts, ends: ends) : nil
  }

  private static func jsonEscape(_ bytes: [UInt8], _ index: Int) -> Escape? {
    guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count else { return nil }
    switch bytes[index + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "'"):
      return (UInt32(bytes[index + 1]), 2, false)
    case UInt8(ascii: "n"): return (0x0A, 2, false)
    case UInt8(ascii: "r"): return (0x0D, 2, false)
    case UInt8(ascii: "t"): return (0x09, 2, false)
    case UInt8(ascii: "b"): return (0x08, 2, false)
    case UInt8(ascii: "f"): return (0x0C, 2, false)
    case UInt8(ascii: "x"):
      guard let value = hex(bytes, index + 2, 2) else { return nil }
      return (value, 4, false)
    case UInt8(ascii: "u"):
      guard let first = hex(bytes, index + 2, 4) else { return nil }
      guard first & 0xF800 == 0xD800 else { return (first, 6, true) }
      if first < 0xDC00, index + 7 < bytes.count, bytes[index + 6] == UInt8(ascii: "\\"),
        bytes[index + 7] == UInt8(ascii: "u"), let second = hex(bytes, index + 8, 4),
        second & 0xFC00 == 0xDC00
      {
        return (0x10000 + ((first & 0x3FF) << 10 | second & 0x3FF), 12, true)
      }
      return (0xFFFD, 6, true)
    default: return nil
    }
  }

  private static func hex(_ bytes: [UInt8], _ index: Int, _ count: Int) -> UInt32? {
    guard index + count <= bytes.count else { return nil }
    var value: UInt32 = 0
    for offset in 0..<count {
      guard let digit = Bytes.hexValue(bytes[index + offset]) else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}
