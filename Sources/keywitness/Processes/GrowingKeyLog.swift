internal import TLS

/// A key log that its program may be about to write, and appends to: whole lines as they come.
struct GrowingKeyLog {
  private var file: GrowingFile
  /// The beginning of a line that isn't whole.
  private var carry: [UInt8] = []

  /// A longer line is none, in bytes.
  private static let longestLine = 4096

  /// - Parameter path: `container:/tmp/keys.log` is in `root`.
  init(_ path: String, root: String?) {
    let prefix = "container:"
    file =
      path.hasPrefix(prefix)
      ? GrowingFile(String(path.dropFirst(prefix.count)), root: root ?? "/nowhere")
      : GrowingFile(path)
  }

  /// - Returns: the lines that came since the last look, those that aren't of a key log left out.
  mutating func newLines() -> [String] {
    var lines: [String] = []
    var carry = carry
    func take(_ piece: [UInt8]) {
      carry += piece
      guard let end = carry.lastIndex(of: 0x0A) else {
        if carry.count > Self.longestLine { carry = [] }
        return
      }
      lines += carry[..<end].split(separator: 0x0A).filter(Self.isKeyLog).map {
        String(decoding: $0, as: UTF8.self)
      }
      carry.removeSubrange(...end)
    }
    _ = file.readNew(restart: { carry = [] }, body: take)
    self.carry = carry
    return lines
  }

  /// `CLIENT_RANDOM 64 digits 96 digits`: a label and two of hexadecimal digits (NSS key log format).
  private static func isKeyLog(_ line: ArraySlice<UInt8>) -> Bool {
    let words = line.split(separator: 0x20)
    guard words.count == 3, words[1].count == 64, line.count < longestLine else { return false }
    let isLabel = words[0].allSatisfy { (0x30...0x39) ~= $0 || (0x41...0x5A) ~= $0 || $0 == 0x5F }
    return isLabel
      && words.dropFirst().joined().allSatisfy {
        (0x30...0x39) ~= $0 || (0x41...0x46) ~= $0 || (0x61...0x66) ~= $0 || $0 == 0x0D
      }
  }
}
