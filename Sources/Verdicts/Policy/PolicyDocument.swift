import Yams

/// Turns a policy's text into Yams' nodes, whatever the text is.
package struct PolicyDocument {
  /// The largest policy that is read, in bytes.
  static let largestText = 131_072
  /// The most nodes that a policy may have with all its aliases expanded.
  static let mostNodes = 100_000

  let source: PolicySource
  let root: Node

  /// The whole of it.
  package var element: PolicyElement { PolicyElement(source: source, node: root) }

  /// Parses the text as one YAML document.
  ///
  /// - Throws: `PolicyError` for what is no YAML, holds no document or two, or grows too large.
  package init(_ source: PolicySource) throws(PolicyError) {
    self.source = source
    try Self.refuseControlCharacters(source)
    try Self.refuseGrowingAliases(source)
    guard let root = try Self.parse(source.text, source), !Self.isNothing(root) else {
      throw source.error(
        .empty, at: source.mark(line: 1, column: 1), "the policy is empty",
        expected: "fields such as \"proxy\", \"expect\" and \"require\"")
    }
    self.root = root
  }

  private static func isNothing(_ node: Node) -> Bool {
    guard case .scalar(let scalar) = node else { return false }
    return scalar.string.isEmpty && scalar.style == .plain
  }

  private static func parse(
    _ text: String, _ source: PolicySource
  ) throws(PolicyError) -> Node? {
    do {
      // The encoding is given since Yams' default prints to standard output when a variable is set.
      return try Parser(yaml: text, encoding: .utf8).singleRoot()
    } catch {
      throw policyError(from: error, source)
    }
  }

  // MARK: - Errors of Yams

  private static func policyError(from error: any Error, _ source: PolicySource) -> PolicyError {
    switch error as? YamlError {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      return syntaxError(context, problem, mark, source)
    case .duplicatedKeysInMapping(let names, let context):
      let name = names.first ?? ""
      return source.error(
        .duplicateKey, at: source.mark(line: context.mark.line, column: context.mark.column),
        "the field \(ShownText.quoted(name)) is given more than once, here for the first time",
        extent: .columns(name.unicodeScalars.count))
    default:
      return PolicySource.error(.syntax, file: source.file, "this is not YAML")
    }
  }

  private static func syntaxError(
    _ context: YamlError.Context?, _ problem: String, _ mark: Mark, _ source: PolicySource
  ) -> PolicyError {
    let place = source.lastText(before: source.mark(line: mark.line, column: mark.column))
    // The commonest slip in a file full of globs; libyaml's own place for it is behind the star.
    let isBareStar = context?.text == "while scanning an alias"
    if isBareStar || problem == "found undefined alias" {
      let star = isBareStar ? context?.mark ?? mark : mark
      return source.error(
        .syntax, at: source.mark(line: star.line, column: star.column),
        "YAML takes an unquoted \"*\" at the start of a value for an alias",
        expected: "the value in quotes, such as \"* /health\"")
    }
    let prefix = context.map { "\($0.text), " } ?? ""
    return source.error(.syntax, at: place, "this is not YAML: \(prefix)\(problem)")
  }

  // MARK: - What Yams doesn't bound

  private static func refuseControlCharacters(_ source: PolicySource) throws(PolicyError) {
    for (index, line) in source.lines.enumerated() {
      for (offset, scalar) in line.unicodeScalars.enumerated() {
        let isControl = scalar.value < 0x20 || (scalar.value >= 0x7F && scalar.value < 0xA0)
        let isNonCharacter = scalar.value == 0xFFFE || scalar.value == 0xFFFF
        guard (isControl && scalar != "\t") || isNonCharacter else { continue }
        throw source.error(
          .controlCharacter, at: source.mark(line: index + 1, column: offset + 1),
          "the character U+\(String(scalar.value, radix: 16, uppercase: true)) can't stand in YAML")
      }
    }
  }

  /// Refuses aliases that stand for too much.
  ///
  /// Yams puts the anchored node in the place of every alias, and hashes mapping keys while it
  /// parses: ten lines of anchors that hold each other would keep it busy for ever. So the text is
  /// parsed once with its aliases made plain words of the same length, which leaves every place as
  /// it is, and their growth is counted in that tree.
  private static func refuseGrowingAliases(_ source: PolicySource) throws(PolicyError) {
    guard let harmless = withoutAliases(source.text) else { return }
    let parser: Parser
    let root: Node?
    do {
      parser = try Parser(yaml: harmless, encoding: .utf8)
      root = try parser.singleRoot()
    } catch {
      throw policyError(from: error, source)
    }
    guard let root else { return }
    // The parser alone keeps the anchors' names alive.
    let excess = withExtendedLifetime(parser) {
      var count = AliasCount(lines: source.lines)
      count.add(root)
      return count.excess
    }
    if let excess {
      throw source.error(
        .aliasesTooLarge, at: source.mark(line: excess.line, column: excess.column),
        "with its aliases the policy grows to more than \(mostNodes) nodes")
    }
  }

  /// The text with `*name` as `_name` everywhere; nil if there is no `*name` in it.
  private static func withoutAliases(_ text: String) -> String? {
    var bytes = Array(text.utf8)
    var isChanged = false
    for (index, next) in zip(bytes.indices, bytes.dropFirst())
    where bytes[index] == UInt8(ascii: "*") && AliasCount.isNameByte(next) {
      bytes[index] = UInt8(ascii: "_")
      isChanged = true
    }
    return isChanged ? String(decoding: bytes, as: UTF8.self) : nil
  }
}
