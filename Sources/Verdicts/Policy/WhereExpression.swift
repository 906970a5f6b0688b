/// Which exchanges are meant: the expression of `--where`.
///
/// ```
/// expression = term | "not" expression | "(" expression ")"
///            | expression ["and"] expression | expression "or" expression
/// term       = FIELD OP VALUE        OP one of = != ~ !~ < <= > >=
/// ```
///
/// `not` binds closer than `and`, `and` closer than `or`; terms side by side are joined by `and`.
/// `=` compares the whole value with a pattern (`*`, `?`, `[…]`; on `path` by segments), `~` looks
/// for a part, letters in either case. `=` minds the case of `path` and `target` only. A value with
/// blanks or parentheses stands in quotes.
///
/// What is absent is unequal to everything: `!=` and `!~` hold, all others don't. What is unknown
/// makes its term unknown, `not` leaves it so, and an expression that ends unknown selects nothing.
public struct WhereExpression: Sendable, CustomStringConvertible {
  /// The longest expression that is read, in Unicode scalars.
  public static let longestText = 65_536
  /// The most parentheses and `not` within each other.
  public static let deepest = 256

  enum Step: Sendable {
    case test(WhereTest)
    case not
    case and
    case or
  }

  /// The expression as it was written.
  public let text: String
  /// In postfix order: neither reading nor evaluating recurses, however deep the text goes.
  private let steps: [Step]

  /// Reads an expression.
  public init(_ text: String) throws(WhereError) {
    var parser = WhereParser(text)
    steps = try parser.parse()
    self.text = text
  }

  public var description: String { text }

  /// The fields that are asked for, in the order of the text, repeats left out.
  public var fields: [WhereField] {
    var fields: [WhereField] = []
    for case .test(let test) in steps where !fields.contains(test.field) {
      fields.append(test.field)
    }
    return fields
  }

  /// Whether the subject is selected; an unknown answer selects nothing.
  public func matches(_ subject: some WhereSubject) -> Bool {
    evaluate(subject) ?? false
  }

  /// The answer in three values; nil is unknown.
  public func evaluate(_ subject: some WhereSubject) -> Bool? {
    var stack: [Bool?] = []
    for step in steps {
      switch step {
      case .test(let test):
        stack.append(test.passes(subject.whereValue(test.field)))
      case .not:
        stack.append(stack.popLast().flatMap { $0 }.map { !$0 })
      case .and:
        let right = stack.popLast().flatMap { $0 }
        let left = stack.popLast().flatMap { $0 }
        stack.append(
          left == false || right == false ? false : left == nil || right == nil ? nil : true)
      case .or:
        let right = stack.popLast().flatMap { $0 }
        let left = stack.popLast().flatMap { $0 }
        stack.append(
          left == true || right == true ? true : left == nil || right == nil ? nil : false)
      }
    }
    return stack.last.flatMap { $0 }
  }
}
