/// Two lists of the same things side by side, in their order.
enum Alignment {
  /// The pairs whose weights add up to the most. What is alike at both ends is paired at once.
  ///
  /// - Parameters:
  ///   - isSame: whether two things are the same beyond doubt.
  ///   - weight: how much speaks for a pair; 0 forbids it.
  static func pairs<Left, Right>(
    _ left: [Left], _ right: [Right], isSame: (Left, Right) -> Bool,
    weight: (Left, Right) -> Int
  ) -> [(Int, Int)] {
    var start = 0
    while start < left.count, start < right.count, isSame(left[start], right[start]) {
      start += 1
    }
    var (leftEnd, rightEnd) = (left.count, right.count)
    while leftEnd > start, rightEnd > start, isSame(left[leftEnd - 1], right[rightEnd - 1]) {
      leftEnd -= 1
      rightEnd -= 1
    }
    var pairs = (0..<start).map { ($0, $0) }
    pairs += middle(
      left, start..<leftEnd, right, start..<rightEnd, weight: weight)
    pairs += (leftEnd..<left.count).map { ($0, $0 - leftEnd + rightEnd) }
    return pairs
  }

  private static func middle<Left, Right>(
    _ left: [Left], _ rows: Range<Int>, _ right: [Right], _ columns: Range<Int>,
    weight: (Left, Right) -> Int
  ) -> [(Int, Int)] {
    let (height, width) = (rows.count, columns.count)
    guard height > 0, width > 0 else { return [] }
    var weights = [Int](repeating: 0, count: height * width)
    // best[row, column]: the most that the rest of both lists can add up to.
    var best = [Int](repeating: 0, count: (height + 1) * (width + 1))
    for row in stride(from: height - 1, through: 0, by: -1) {
      for column in stride(from: width - 1, through: 0, by: -1) {
        let here = weight(left[rows.lowerBound + row], right[columns.lowerBound + column])
        weights[row * width + column] = here
        let at = row * (width + 1) + column
        let taken = here > 0 ? best[at + width + 2] + here : 0
        best[at] = max(taken, best[at + width + 1], best[at + 1])
      }
    }
    var pairs: [(Int, Int)] = []
    var (row, column) = (0, 0)
    while row < height, column < width {
      let here = weights[row * width + column]
      let at = row * (width + 1) + column
      if here > 0, best[at] == best[at + width + 2] + here {
        pairs.append((rows.lowerBound + row, columns.lowerBound + column))
        row += 1
        column += 1
      } else if best[at] == best[at + width + 1] {
        row += 1
      } else {
        column += 1
      }
    }
    return pairs
  }
}
