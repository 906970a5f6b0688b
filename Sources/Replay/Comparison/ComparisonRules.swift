internal import LiteLLM
public import Verdicts

/// Where answers may differ, and how far.
public struct ComparisonRules: Sendable {
  /// How far a number may be from the recorded one.
  public enum Tolerance: Sendable, Equatable {
    case absolute(Double)
    /// A share of the recorded one.
    case relative(Double)

    /// - Returns: `nil` for what isn't `5`, `0.5` or `10%`.
    public init?(_ text: String) {
      let isShare = text.hasSuffix("%")
      guard let number = Double(isShare ? text.dropLast() : text[...]), number >= 0,
        number.isFinite
      else { return nil }
      self = isShare ? .relative(number / 100) : .absolute(number)
    }

    func allows(_ then: Double, _ now: Double) -> Bool {
      switch self {
      case .absolute(let most): abs(then - now) <= most
      case .relative(let share): abs(then - now) <= abs(then) * share
      }
    }
  }

  /// JSON paths that may be anything: `$.usage`, `$.choices[*].message.content`, `$..created`.
  public var ignored: [JSONPath] = []
  /// Only the type has to be the same.
  public var typeOnly: [JSONPath] = []
  /// Lists whose order means nothing.
  public var unordered: [JSONPath] = []
  /// Texts that have to match a pattern, whatever was recorded.
  public var patterns: [(path: JSONPath, pattern: Glob)] = []
  public var tolerances: [(path: JSONPath, tolerance: Tolerance)] = []
  /// Names of fields of the head that have to be the same.
  public var fields: [String] = []
  /// In nanoseconds.
  public var longestFirstEvent: Int64?
  public var longestEventGap: Int64?

  public init(ignoring ignored: [JSONPath] = []) { self.ignored = ignored }

  /// What is another one each time may be so.
  public static let usual = ComparisonRules(ignoring: volatile)

  private static let volatile = [
    "$..id", "$..created", "$..created_at", "$..completed_at", "$..system_fingerprint",
    "$..call_id", "$..item_id", "$..response_id", "$..obfuscation",
  ].compactMap(JSONPath.init)

  func ignores(_ place: JSONPlace) -> Bool { ignored.contains { $0.matches(place) } }

  func isUnordered(_ place: JSONPlace) -> Bool { unordered.contains { $0.matches(place) } }

  /// - Returns: what a rule for the place says; `nil` where there is none.
  func judgement(_ then: JSONValue, _ now: JSONValue, at place: JSONPlace) -> [String]? {
    if let (_, pattern) = patterns.first(where: { $0.path.matches(place) }) {
      let text = now.string ?? now.description
      return pattern.matches(text)
        ? [] : ["\(place): \(Comparison.short(now)), doesn't match \(pattern)"]
    }
    if typeOnly.contains(where: { $0.matches(place) }) {
      return Self.type(then) == Self.type(now)
        ? [] : ["\(place): \(Self.type(then)), now \(Self.type(now))"]
    }
    if let (_, tolerance) = tolerances.first(where: { $0.path.matches(place) }),
      let one = Self.number(then), let other = Self.number(now)
    {
      return tolerance.allows(one, other)
        ? [] : ["\(place): \(Comparison.short(then)), now \(Comparison.short(now)), too far"]
    }
    return nil
  }

  private static func number(_ value: JSONValue) -> Double? {
    switch value {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }

  private static func type(_ value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .boolean: "a truth value"
    case .integer, .number: "a number"
    case .string: "a text"
    case .array: "a list"
    case .object: "an object"
    }
  }
}

/// Reads rules from YAML.
public enum ComparisonRulesReader {
  public static let schema = "keywitness-compare/1"

  /// - Returns: the usual rules, and those of the file.
  /// - Throws: ``PolicyError`` with line and column.
  public static func read(contentsOf path: String) throws(PolicyError) -> ComparisonRules {
    let bytes: [UInt8]
    do throws(BoundedFile.Failure) {
      bytes = try BoundedFile.read(path, limit: 1 << 20)
    } catch {
      throw PolicySource.error(
        .fileUnreadable, file: path,
        error == .absent ? "there is no such file" : "it can't be read")
    }
    return try read(text: String(decoding: bytes, as: UTF8.self), file: path)
  }

  public static func read(text: String, file: String) throws(PolicyError) -> ComparisonRules {
    let document = try PolicyDocument(PolicySource(text: text, file: file))
    let fields = try PolicyFields(
      document.element, what: "rules",
      names: [
        "schema", "ignore", "type-only", "unordered", "match", "tolerance", "headers",
        "first-event", "event-gap",
      ])
    if let schema = fields["schema"], try schema.text(Self.schema) != Self.schema {
      throw schema.error(.badSchema, "another schema", expected: Self.schema)
    }
    var rules = ComparisonRules.usual
    rules.ignored += try paths(fields["ignore"])
    rules.typeOnly = try paths(fields["type-only"])
    rules.unordered = try paths(fields["unordered"])
    for (path, element) in try pairs(fields["match"], "path: pattern") {
      let text = try element.text("a pattern with *")
      do throws(GlobError) {
        rules.patterns.append((path, try Glob(text, mode: .text)))
      } catch {
        throw element.error(.badPattern, "no pattern: \(error)")
      }
    }
    for (path, element) in try pairs(fields["tolerance"], "path: 5 or 10%") {
      guard let tolerance = ComparisonRules.Tolerance(try element.scalar("a number or a share"))
      else { throw element.error(.badValue, "no tolerance", expected: "such as 5, 0.5 or 10%") }
      rules.tolerances.append((path, tolerance))
    }
    for element in try fields["headers"]?.list(of: "names") ?? [] {
      rules.fields.append(try element.text("a field's name").lowercased())
    }
    rules.longestFirstEvent = try duration(fields["first-event"])
    rules.longestEventGap = try duration(fields["event-gap"])
    return rules
  }

  private static func duration(_ element: PolicyElement?) throws(PolicyError) -> Int64? {
    guard let element else { return nil }
    guard let time = DurationText.nanoseconds(try element.text(DurationText.expectation)) else {
      throw element.error(.badDuration, "no duration", expected: DurationText.expectation)
    }
    return time
  }

  private static func paths(_ element: PolicyElement?) throws(PolicyError) -> [JSONPath] {
    var paths: [JSONPath] = []
    for entry in try element?.list(of: "paths") ?? [] {
      paths.append(try path(try entry.text("a path"), entry))
    }
    return paths
  }

  private static func path(
    _ text: String, _ element: PolicyElement
  ) throws(PolicyError) -> JSONPath {
    guard let path = JSONPath(text) else {
      throw element.error(.badPattern, "no path", expected: "such as $.usage or $..id")
    }
    return path
  }

  private static func pairs(
    _ element: PolicyElement?, _ what: String
  ) throws(PolicyError) -> [(path: JSONPath, element: PolicyElement)] {
    var pairs: [(path: JSONPath, element: PolicyElement)] = []
    for (name, value) in try element?.pairs(what) ?? [] {
      pairs.append((try path(name, value), value))
    }
    return pairs
  }
}
