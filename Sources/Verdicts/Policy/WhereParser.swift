/// Reads the text of a `WhereExpression` into postfix steps, with Dijkstra's shunting-yard: operators
/// wait on a stack of their own, so that no depth of parentheses needs any depth of calls.
struct WhereParser {
  private let text: String
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var steps: [WhereExpression.Step] = []
  private var waiting: [Waiting] = []
  /// Terms so far wait for an operator rather than a term.
  private var isAfterTerm = false

  private enum Waiting {
    case open(column: Int)
    case not
    case and
    case or
  }

  init(_ text: String) {
    self.text = text
    scalars = Array(text.unicodeScalars)
  }

  mutating func parse() throws(WhereError) -> [WhereExpression.Step] {
    guard scalars.count <= WhereExpression.longestText else {
      throw error(.tooLong, at: 0, "the expression is too long")
    }
    skipBlanks()
    guard position < scalars.count else {
      throw error(.empty, at: 0, "the expression is empty", expected: "a term such as status>=400")
    }
    while position < scalars.count {
      if isAfterTerm { try readAfterTerm() } else { try readTerm() }
      skipBlanks()
    }
    guard isAfterTerm else {
      throw error(
        .missingTerm, at: scalars.count, "the expression ends where a term belongs",
        expected: "a term such as status>=400")
    }
    while let last = waiting.popLast() {
      if case .open(let column) = last {
        throw error(.openParenthesis, at: column, "this \"(\" is not closed")
      }
      emit(last)
    }
    return steps
  }

  // MARK: - Grammar

  private mutating func readTerm() throws(WhereError) {
    let start = position
    switch scalars[position] {
    case "(":
      try push(.open(column: position))
      position += 1
    case ")":
      throw error(
        .strayParenthesis, at: position, "a \")\" stands where a term belongs",
        expected: "a term such as status>=400")
    case "!" where position + 1 < scalars.count && scalars[position + 1] != "=":
      throw error(.missingTerm, at: position, "\"!\" is no word here", suggestion: "not")
    default:
      let word = readWord()
      let keyword = isOperatorNext ? nil : word.lowercased()
      switch keyword {
      case "not": try push(.not)
      case "and", "or":
        throw error(
          .missingTerm, at: start, length: word.count, "\"\(word)\" stands where a term belongs",
          expected: "a term such as status>=400")
      default: try readTest(word, start: start)
      }
    }
  }

  private mutating func readAfterTerm() throws(WhereError) {
    let start = position
    switch scalars[position] {
    case ")":
      position += 1
      while let last = waiting.popLast() {
        if case .open = last { return }
        emit(last)
      }
      throw error(.strayParenthesis, at: start, "no \"(\" belongs to this \")\"")
    case "&", "|":
      let word = scalars[position] == "&" ? "and" : "or"
      throw error(.missingTerm, at: start, "terms are joined by words", suggestion: word)
    case ",", ";":
      throw error(.missingTerm, at: start, "terms are joined by words", suggestion: "and")
    default: break
    }
    let word = readWord()
    switch isOperatorNext ? nil : word.lowercased() {
    case "and": joinBy(.and)
    case "or": joinBy(.or)
    default:
      // Terms side by side: the word is the next one's.
      position = start
      joinBy(.and)
    }
  }

  /// Lets what binds closer go first, then waits for the term on the right.
  private mutating func joinBy(_ join: Waiting) {
    loop: while let last = waiting.last {
      switch (last, join) {
      case (.open, _), (.or, .and): break loop
      default:
        emit(last)
        waiting.removeLast()
      }
    }
    waiting.append(join)
    isAfterTerm = false
  }

  private mutating func push(_ item: Waiting) throws(WhereError) {
    guard waiting.count < WhereExpression.deepest else {
      throw error(
        .tooDeep, at: position,
        "parentheses and \"not\" go deeper than \(WhereExpression.deepest) levels")
    }
    waiting.append(item)
  }

  private mutating func emit(_ item: Waiting) {
    switch item {
    case .not: steps.append(.not)
    case .and: steps.append(.and)
    case .or: steps.append(.or)
    case .open: break
    }
  }

  // MARK: - Terms

  private mutating func readTest(_ word: String, start: Int) throws(WhereError) {
    guard !word.isEmpty else {
      throw error(
        .missingTerm, at: start, "\(ShownText.quoted(String(scalars[start]))) begins no term",
        expected: "a term such as status>=400")
    }
    let field = try field(word, at: start)
    let (comparison, operatorStart) = try readOperator(after: field)
    try check(comparison, for: field, at: operatorStart)
    let valueStart = position
    let value = try readValue(after: comparison)
    let operand = try operand(value, field, comparison, at: valueStart)
    steps.append(.test(WhereTest(field: field, comparison: comparison, operand: operand)))
    isAfterTerm = true
  }

  private func field(_ word: String, at start: Int) throws(WhereError) -> WhereField {
    if let field = WhereField(name: word) { return field }
    let length = word.unicodeScalars.count
    let expected = "one of " + WhereField.names.joined(separator: ", ")
    var suggestion = NearestWord.find(word, in: WhereField.names)
    if suggestion == nil, let dot = word.firstIndex(of: ".") {
      let prefix = NearestWord.find(String(word[..<dot]), in: ["header", "response-header"])
      suggestion = KeyShape.isLikely(word) ? nil : prefix.map { $0 + String(word[dot...]) }
    }
    throw error(
      .unknownField, at: start, length: length, "unknown field \(ShownText.quoted(word))",
      expected: expected, suggestion: suggestion)
  }

  private mutating func readOperator(
    after field: WhereField
  ) throws(WhereError) -> (WhereTest.Operator, at: Int) {
    skipBlanks()
    let start = position
    while position < scalars.count, position - start < 3, Self.isOperator(scalars[position]) {
      position += 1
    }
    let symbol = String(String.UnicodeScalarView(scalars[start..<position]))
    if let comparison = WhereTest.Operator(rawValue: symbol) {
      skipBlanks()
      return (comparison, start)
    }
    let expected = "one of " + WhereTest.Operator.allCases.map(\.rawValue).joined(separator: " ")
    guard !symbol.isEmpty else {
      throw error(
        .missingOperator, at: start,
        "\"\(ShownText.plain(field.description))\" needs an operator and a value",
        expected: expected)
    }
    let likely = [
      "==": "=", "===": "=", "=~": "~", "=>": ">=", "=<": "<=", "<>": "!=", "!==": "!=",
    ]
    throw error(
      .badOperator, at: start, length: position - start, "unknown operator \"\(symbol)\"",
      expected: expected, suggestion: likely[symbol])
  }

  private func check(
    _ comparison: WhereTest.Operator, for field: WhereField, at start: Int
  ) throws(WhereError) {
    let length = comparison.rawValue.utf8.count
    switch field.kind {
    case .text where comparison.isOrder:
      throw error(
        .badOperator, at: start, length: length,
        "\"\(comparison.rawValue)\" compares numbers and \(ShownText.plain(field.description)) is text",
        expected: "one of = != ~ !~")
    case .number, .duration:
      if comparison == .contains || comparison == .containsNot {
        throw error(
          .badOperator, at: start, length: length,
          "\"\(comparison.rawValue)\" looks into text and \(field) is a number",
          expected: "one of = != < <= > >=")
      }
    case .text: break
    }
  }

  private mutating func readValue(after comparison: WhereTest.Operator) throws(WhereError) -> String
  {
    let start = position
    guard position < scalars.count, scalars[position] != ")" else {
      throw error(.missingValue, at: start, "the value is missing", expected: "a value")
    }
    let quote = scalars[position]
    guard quote == "\"" || quote == "'" else { return try readPlainValue() }
    position += 1
    var value = String.UnicodeScalarView()
    while position < scalars.count, scalars[position] != quote {
      // Only a quote and a backslash need escaping, so that patterns can be written as they are.
      if scalars[position] == "\\", position + 1 < scalars.count,
        scalars[position + 1] == quote || scalars[position + 1] == "\\"
      {
        position += 1
      }
      value.append(scalars[position])
      position += 1
    }
    guard position < scalars.count else {
      throw error(.openQuote, at: start, "this quote is not closed")
    }
    position += 1
    return String(value)
  }

  private mutating func readPlainValue() throws(WhereError) -> String {
    let start = position
    while position < scalars.count, !Self.isBlank(scalars[position]), scalars[position] != ")" {
      position += 1
    }
    let value = String(String.UnicodeScalarView(scalars[start..<position]))
    let isKeyword = ["and", "or", "not"].contains(value.lowercased())
    guard !isKeyword || start == 0 || !Self.isBlank(scalars[start - 1]) else {
      throw error(
        .missingValue, at: start, length: value.count, "the value is missing",
        expected: "a value; the word \"\(value)\" as a value stands in quotes")
    }
    return value
  }

  private func operand(
    _ value: String, _ field: WhereField, _ comparison: WhereTest.Operator, at start: Int
  ) throws(WhereError) -> WhereTest.Operand {
    let length = position - start
    let shown = ShownText.quoted(value)
    switch field.kind {
    case .duration:
      guard let seconds = DurationText.seconds(value) else {
        throw error(
          .badValue, at: start, length: length, "\(shown) is no duration",
          expected: DurationText.expectation)
      }
      return .seconds(seconds)
    case .number:
      if !value.isEmpty, value.utf8.count <= 15,
        value.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
        let number = Double(value)
      {
        return .number(number)
      }
      if !comparison.isOrder, let pattern = digitPattern(value) { return .digits(pattern) }
      throw error(
        .badValue, at: start, length: length, "\(shown) is no number",
        expected: comparison.isOrder ? "a whole number" : "a whole number, or a pattern such as 4xx"
      )
    case .text:
      if comparison == .contains || comparison == .containsNot {
        return .part(Array(value.lowercased().utf8))
      }
      return .pattern(try pattern(value, field, at: start, length: length))
    }
  }

  /// `4xx`, `40?` and `4*`; nil for anything that digits can't match.
  private func digitPattern(_ value: String) -> Glob? {
    let isPossible = value.utf8.allSatisfy { byte in
      (byte >= 0x30 && byte <= 0x39) || "xX?*".utf8.contains(byte)
    }
    guard isPossible, value.utf8.count <= 15 else { return nil }
    let pattern = String(value.map { $0 == "x" || $0 == "X" ? "?" : $0 })
    return try? Glob(pattern, mode: .text)
  }

  private func pattern(
    _ value: String, _ field: WhereField, at start: Int, length: Int
  ) throws(WhereError) -> Glob {
    if value.isEmpty {
      throw error(
        .badValue, at: start, length: length, "the value is empty",
        expected: "a value; \"\(ShownText.plain(field.description))=?*\" means any that isn't empty"
      )
    }
    if let known = field.knownValues, !value.contains(where: { "*?[".contains($0) }),
      !known.contains(value.lowercased())
    {
      throw error(
        .badValue, at: start, length: length, "unknown \(field) \(ShownText.quoted(value))",
        expected: "one of " + known.joined(separator: ", "),
        suggestion: NearestWord.find(value, in: known))
    }
    let hasBrackets = field == .client || field == .server || field == .host
    do {
      return try Glob(
        value, mode: field == .path ? .path : .text,
        ignoringCase: field != .path && field != .target, classes: !hasBrackets)
    } catch {
      throw self.error(
        .badValue, at: start, length: length,
        "\(ShownText.quoted(value)): \(error.description)")
    }
  }

  // MARK: - Characters

  private mutating func readWord() -> String {
    let start = position
    while position < scalars.count, Self.isWord(scalars[position]) { position += 1 }
    return String(String.UnicodeScalarView(scalars[start..<position]))
  }

  /// Whether the next character that isn't blank begins an operator.
  private var isOperatorNext: Bool {
    var next = position
    while next < scalars.count, Self.isBlank(scalars[next]) { next += 1 }
    return next < scalars.count && Self.isOperator(scalars[next])
  }

  private mutating func skipBlanks() {
    while position < scalars.count, Self.isBlank(scalars[position]) { position += 1 }
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r"
  }

  private static func isOperator(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "=" || scalar == "!" || scalar == "~" || scalar == "<" || scalar == ">"
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".": true
    default: false
    }
  }

  // MARK: - Errors

  /// - Parameter offset: counted from 0.
  private func error(
    _ code: WhereError.Code, at offset: Int, length: Int = 1, _ problem: String,
    expected: String? = nil, suggestion: String? = nil
  ) -> WhereError {
    WhereError(
      code: code, text: text, column: offset + 1, length: max(1, length), problem: problem,
      expected: expected, suggestion: suggestion)
  }
}
