/// Values that show that nobody filled the key in: variables that weren't expanded, and values of the
/// wrong type that were turned into text. Only where that is the whole value.
public enum UnfilledValue: Sendable {
  case variable
  case stringified

  /// What the whole value is; nil where somebody did fill it in.
  public init?(_ value: ArraySlice<UInt8>) {
    guard !value.isEmpty, value.count <= 4096 else { return nil }
    let value = Array(value)
    if Self.isVariable(value) {
      self = .variable
    } else if Self.isStringified(value) || Self.isPrintedObject(value) {
      self = .stringified
    } else {
      return nil
    }
  }

  /// Whether the whole value is an unexpanded variable or a stringified value, and nothing in it is
  /// a secret.
  static func matches(_ value: [UInt8]) -> Bool {
    guard !value.isEmpty, value.count <= 128 else { return false }
    return isStringified(value) || isVariable(value)
  }

  /// An object, a list or bytes as JavaScript or Python print them: `{'api_key': …}`, `b'…'`. A key
  /// may well stand inside.
  private static func isPrintedObject(_ value: [UInt8]) -> Bool {
    let whole = value[...]
    return Bytes.inside(whole, "[object ", "]") != nil || Bytes.inside(whole, "{", "}") != nil
      || Bytes.inside(whole, "['", "']") != nil || Bytes.inside(whole, "b'", "'") != nil
      || Bytes.inside(whole, "b\"", "\"") != nil || Bytes.inside(whole, "SecretStr(", ")") != nil
      || Bytes.inside(whole, "<", ">") != nil && whole.contains(0x20)
  }

  private static let stringifiedWords: Set<[UInt8]> = Set(
    [
      "undefined", "null", "none", "nil", "nan", "true", "false", "[object object]",
      "[object promise]", "{}", "[]", "()", "\"\"", "''",
    ].map { Array($0.utf8) })

  private static func isStringified(_ value: [UInt8]) -> Bool {
    value.count <= 16 && stringifiedWords.contains(Bytes.lowercased(value[...]))
  }

  private static func isVariable(_ value: [UInt8]) -> Bool {
    let whole = value[...]
    if let name = Bytes.inside(whole, "${{", "}}") ?? Bytes.inside(whole, "{{", "}}") {
      return isName(name, also: [0x20, 0x2E, 0x24, 0x2D])
    }
    if let name = Bytes.inside(whole, "${", "}") ?? Bytes.inside(whole, "$(", ")")
      ?? Bytes.inside(whole, "%", "%")
    {
      return isName(name, also: [])
    }
    if whole.starts(with: "os.environ/".utf8) { return isName(whole.dropFirst(11), also: []) }
    if whole.starts(with: "process.env.".utf8) { return isName(whole.dropFirst(12), also: []) }
    // Bare `$name`: capitals only, because `$ecret1` may well be a password.
    guard whole.first == UInt8(ascii: "$"), whole.count > 1 else { return false }
    return whole.dropFirst().allSatisfy {
      ($0 >= 0x41 && $0 <= 0x5A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == UInt8(ascii: "_")
    } && !Bytes.isDigit(whole[whole.startIndex + 1])
  }

  private static func isName(_ bytes: ArraySlice<UInt8>, also others: [UInt8]) -> Bool {
    !bytes.isEmpty
      && bytes.allSatisfy {
        Bytes.isAlphanumeric($0) || $0 == UInt8(ascii: "_") || others.contains($0)
      }
  }
}
