import Yams

/// A node of a policy with what is needed to read it and to say what is wrong with it.
package struct PolicyElement {
  let source: PolicySource
  let node: Node

  var mark: SourceMark {
    source.mark(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
  }

  /// What a plain scalar is; quoted ones are always text (YAML 1.2, 10.3.2).
  ///
  /// Decided here rather than by Yams, whose YAML 1.1 makes `no` a truth value and `1:30` a number.
  /// Tags such as `!!int` change nothing.
  enum Kind {
    case mapping
    case list
    case text(String)
    case number(String)
    case truth(String)
    case nothing
  }

  var kind: Kind {
    switch node {
    case .mapping: return .mapping
    case .sequence: return .list
    case .alias: return .nothing
    case .scalar(let scalar):
      let text = scalar.string
      guard scalar.style == .plain else { return .text(text) }
      switch text {
      case "", "~", "null", "Null", "NULL": return .nothing
      case "true", "True", "TRUE", "false", "False", "FALSE": return .truth(text)
      default: break
      }
      let digits = text.drop { $0 == "-" || $0 == "+" }
      let isNumber =
        text.count - digits.count <= 1 && digits.utf8.contains { $0 >= 0x30 && $0 <= 0x39 }
        && digits.utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2E }
      return isNumber ? .number(text) : .text(text)
    }
  }

  // MARK: - Reading

  /// The entries of a list.
  package func list(of what: String) throws(PolicyError) -> [PolicyElement] {
    guard case .sequence(let sequence) = node else {
      throw wrongType(expected: "a list of \(what)")
    }
    return sequence.map { PolicyElement(source: source, node: $0) }
  }

  /// The entries of a list, or a single text as a list of one.
  func listOrText(of what: String, orOne one: String) throws(PolicyError) -> [PolicyElement] {
    switch kind {
    case .text: return [self]
    case .list: return try list(of: what)
    case .mapping, .number, .truth, .nothing: throw wrongType(expected: "\(one), or a list of them")
    }
  }

  /// Text that isn't empty; numbers and truth values need quotes to be text.
  package func text(_ what: String) throws(PolicyError) -> String {
    guard case .text(let text) = kind else { throw wrongType(expected: what) }
    guard !text.isEmpty else {
      throw error(.badValue, "an empty text stands here", expected: what)
    }
    return text
  }

  /// Text or a number, as it was written.
  package func scalar(_ what: String) throws(PolicyError) -> String {
    switch kind {
    case .text(let text), .number(let text): return text
    case .mapping, .list, .truth, .nothing: throw wrongType(expected: what)
    }
  }

  /// The entries of a mapping whose names may be any.
  package func pairs(
    _ what: String
  ) throws(PolicyError) -> [(name: String, value: PolicyElement)] {
    guard case .mapping(let mapping) = node else { throw wrongType(expected: what) }
    var pairs: [(name: String, value: PolicyElement)] = []
    for (keyNode, valueNode) in mapping {
      guard case .scalar(let scalar) = keyNode else {
        throw PolicyElement(source: source, node: keyNode).wrongType(expected: what)
      }
      pairs.append((scalar.string, PolicyElement(source: source, node: valueNode)))
    }
    return pairs
  }

  /// A whole number within bounds, as a plain scalar.
  package func number(_ what: String, in range: ClosedRange<Int>) throws(PolicyError) -> Int {
    guard case .number(let text) = kind else { throw wrongType(expected: what) }
    guard text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), text.utf8.count <= 9,
      let number = Int(text), range.contains(number)
    else {
      throw error(.badValue, "found the number \(ShownText.plain(text, limit: 20))", expected: what)
    }
    return number
  }

  // MARK: - Errors

  func wrongType(expected: String) -> PolicyError {
    error(.wrongType, "found \(found)", expected: expected)
  }

  /// An error that is about this element's value.
  package func error(
    _ code: PolicyError.Code, _ problem: String, expected: String? = nil,
    suggestion: String? = nil
  ) -> PolicyError {
    source.error(
      code, at: mark, problem, expected: expected, suggestion: suggestion,
      extent: .columns(width))
  }

  /// How many columns a scalar takes; one for everything larger.
  private var width: Int {
    guard case .scalar(let scalar) = node else { return 1 }
    let quotes = scalar.style == .singleQuoted || scalar.style == .doubleQuoted ? 2 : 0
    return max(1, scalar.string.unicodeScalars.count + quotes)
  }

  private var found: String {
    switch kind {
    case .mapping: "a mapping"
    case .list: "a list"
    case .text(let text): "the text \(ShownText.quoted(text))"
    case .number(let text): "the number \(ShownText.plain(text, limit: 20))"
    case .truth(let text): "the truth value \(text)"
    case .nothing: "nothing"
    }
  }
}
