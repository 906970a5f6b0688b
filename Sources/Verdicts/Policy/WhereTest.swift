/// One term of a `WhereExpression`: `FIELD OP VALUE`.
struct WhereTest: Sendable {
  enum Operator: String, Sendable, CaseIterable {
    case equal = "="
    case unequal = "!="
    case contains = "~"
    case containsNot = "!~"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="

    var isNegative: Bool { self == .unequal || self == .containsNot }
    var isOrder: Bool {
      switch self {
      case .less, .lessOrEqual, .greater, .greaterOrEqual: true
      case .equal, .unequal, .contains, .containsNot: false
      }
    }
  }

  enum Operand: Sendable {
    /// The whole value matches the pattern.
    case pattern(Glob)
    /// The value has this inside: small letters, UTF-8.
    case part([UInt8])
    /// The value's decimal digits match the pattern.
    case digits(Glob)
    case number(Double)
    case seconds(Double)
  }

  let field: WhereField
  let comparison: Operator
  let operand: Operand

  /// Whether a value passes; nil if that is unknown.
  func passes(_ value: WhereValue) -> Bool? {
    switch value {
    case .unknown: return nil
    case .absent: return comparison.isNegative
    case .text(let text): return matchesText(text).map { $0 != comparison.isNegative }
    case .texts(let texts):
      var isAny = false
      for text in texts {
        guard let matches = matchesText(text) else { return nil }
        isAny = isAny || matches
      }
      return isAny != comparison.isNegative
    case .number(let number):
      switch operand {
      case .number(let expected): return compares(number, expected)
      case .digits(let pattern):
        guard let whole = Int(exactly: number) else { return nil }
        return pattern.matches(String(whole)) != comparison.isNegative
      case .pattern, .part, .seconds: return nil
      }
    case .seconds(let seconds):
      guard case .seconds(let expected) = operand else { return nil }
      return compares(seconds, expected)
    }
  }

  private func matchesText(_ text: String) -> Bool? {
    switch operand {
    case .pattern(let pattern): pattern.matches(text)
    case .part(let part): Self.contains(Array(text.lowercased().utf8), part)
    case .digits, .number, .seconds: nil
    }
  }

  private func compares(_ left: Double, _ right: Double) -> Bool? {
    switch comparison {
    case .equal: left == right
    case .unequal: left != right
    case .less: left < right
    case .lessOrEqual: left <= right
    case .greater: left > right
    case .greaterOrEqual: left >= right
    case .contains, .containsNot: nil
    }
  }

  /// Knuth-Morris-Pratt: a header of 256 KB is an ordinary value here, and anyone may have sent it.
  static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
    guard !part.isEmpty else { return true }
    var borders = [Int](repeating: 0, count: part.count)
    var length = 0
    for index in part.indices.dropFirst() {
      while length > 0, part[index] != part[length] { length = borders[length - 1] }
      if part[index] == part[length] { length += 1 }
      borders[index] = length
    }
    length = 0
    for byte in text {
      while length > 0, byte != part[length] { length = borders[length - 1] }
      if byte == part[length] { length += 1 }
      if length == part.count { return true }
    }
    return false
  }
}
