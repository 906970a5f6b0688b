/// How a request line ends: a blank and `HTTP/1.1`, before its line's end.
enum RequestLineEnd {
  /// With a carriage return behind it.
  static let length = 10

  static func ends(_ line: [UInt8]) -> Bool {
    let line = line.last == 0x0D ? line.dropLast() : line[...]
    let end = Array(line.suffix(9))
    guard end.count == 9, end[0] == 0x20, end.dropFirst().starts(with: "HTTP/".utf8) else {
      return false
    }
    return end[7] == 0x2E && end[6] &- 0x30 < 10 && end[8] &- 0x30 < 10
  }
}
