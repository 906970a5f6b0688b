/// Keys that are written in hexadecimal digits.
enum HexForms {
  /// Digits of the shortest run that is looked into.
  private static let shortest = 2 * KeyRing.shortestInsideWords

  /// The runs of digits in `bytes` that hold a key of the ring, or a part of one.
  static func matches(in bytes: [UInt8], _ ring: KeyRing) -> [SecretRange] {
    var found: [SecretRange] = []
    var index = 0
    while index < bytes.count {
      let start = index
      while index < bytes.count, Bytes.hexValue(bytes[index]) != nil { index += 1 }
      if index - start >= shortest, let entry = entry(in: bytes[start..<index], ring) {
        found.append(SecretRange(range: start..<index, standIn: .entry(entry)))
      }
      index += 1
    }
    return found
  }

  private static func entry(in digits: ArraySlice<UInt8>, _ ring: KeyRing) -> Int? {
    // Where a byte begins isn't known.
    for skipped in 0..<2 {
      var decoded: [UInt8] = []
      decoded.reserveCapacity(digits.count / 2)
      var index = digits.startIndex + skipped
      while index + 1 < digits.endIndex {
        guard let high = Bytes.hexValue(digits[index]), let low = Bytes.hexValue(digits[index + 1])
        else { return nil }
        decoded.append(high << 4 | low)
        index += 2
      }
      for automaton in ring.automata {
        if let match = automaton.matches(in: decoded).first { return match.entry }
      }
      if let match = ring.fragments.matches(in: decoded).first { return match.entry }
    }
    return nil
  }
}
