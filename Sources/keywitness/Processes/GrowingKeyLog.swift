/// A key log that its program may be about to write, and appends to: whole lines as they come.
struct GrowingKeyLog {
  private let path: String
  private var offset = 0

  /// A larger one isn't read, in bytes.
  private static let limit = 64 << 20

  init(_ path: String) { self.path = path }

  /// - Returns: the lines that came since the last look, those that aren't of a key log left out.
  mutating func newLines() -> [String] {
    guard let size = ProcessGuard.size(path), size != offset, size < Self.limit else { return [] }
    // It was cut, or is another one.
    if size < offset { offset = 0 }
    var bytes: [UInt8] = []
    // A link in a container would be followed on this host.
    guard ProcessGuard.read(path, followsLinks: false, { bytes += $0 }), bytes.count > offset,
      let end = bytes.lastIndex(of: 0x0A), end >= offset
    else { return [] }
    let new = bytes[offset...end]
    offset = end + 1
    return new.split(separator: 0x0A).filter(Self.isKeyLog).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  /// `CLIENT_RANDOM 64 digits 96 digits`: a label and two of hexadecimal digits (NSS key log format).
  private static func isKeyLog(_ line: ArraySlice<UInt8>) -> Bool {
    let words = line.split(separator: 0x20)
    guard words.count == 3, words[1].count == 64, line.count < 1024 else { return false }
    let isLabel = words[0].allSatisfy { (0x30...0x39) ~= $0 || (0x41...0x5A) ~= $0 || $0 == 0x5F }
    return isLabel
      && words.dropFirst().joined().allSatisfy {
        (0x30...0x39) ~= $0 || (0x41...0x46) ~= $0 || (0x61...0x66) ~= $0 || $0 == 0x0D
      }
  }
}
