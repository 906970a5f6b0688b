/// Finds the word that somebody probably meant.
enum NearestWord {
  /// Longer words than this are not compared: nobody mistypes them by a letter or two.
  private static let longest = 64

  /// The candidate closest to the word, if close enough to be a likely slip.
  ///
  /// At most a third of the letters may differ. The first of equally close candidates wins, so that
  /// the same text always gives the same message.
  static func find(_ word: String, in candidates: [String]) -> String? {
    let letters = Array(word.lowercased().utf8)
    guard !letters.isEmpty, letters.count <= longest else { return nil }
    var best: (word: String, distance: Int)?
    for candidate in candidates {
      let other = Array(candidate.lowercased().utf8)
      guard other.count <= longest else { continue }
      let distance = distance(letters, other)
      guard distance <= max(1, max(letters.count, other.count) / 3) else { continue }
      if best.map({ distance < $0.distance }) ?? true {
        best = (candidate, distance)
      }
    }
    return best?.word
  }

  /// Optimal string alignment distance: insertions, deletions, changes, and swaps of neighbours.
  static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforePrevious = [Int](repeating: 0, count: right.count + 1)
    var previous = Array(0...right.count)
    for (row, leftByte) in left.enumerated() {
      var current = [row + 1]
      for (column, rightByte) in right.enumerated() {
        var cost = min(
          previous[column + 1] + 1, current[column] + 1,
          previous[column] + (leftByte == rightByte ? 0 : 1))
        if row > 0, column > 0, leftByte == right[column - 1], left[row - 1] == rightByte {
          cost = min(cost, beforePrevious[column - 1] + 1)
        }
        current.append(cost)
      }
      beforePrevious = previous
      previous = current
    }
    return previous[right.count]
  }
}
