/// A fault, and the requests that meet it: `429 retry-after=2s nth=1 path=/chat/*`.
public struct FaultRule: Sendable, Equatable {
  public var fault: Fault
  /// Which of the matching requests, counted from 1; empty for all.
  public var nth: Set<Int> = []
  /// The share of the matching requests, 0 to 1, chosen by the seed.
  public var rate: Double?
  public var method: String?
  /// A path, with `*` at its end for all that begin so.
  public var path: String?

  public init(_ fault: Fault) { self.fault = fault }

  /// Reads what stands behind `--fault`.
  ///
  /// - Parameter nanoseconds: reads a duration such as `250ms`.
  /// - Throws: `FaultRuleError`, with what would be right.
  public static func parse(
    _ text: String, nanoseconds: (String) -> Int64?
  ) throws(FaultRuleError) -> FaultRule {
    var words = text.split(separator: " ").map(String.init)
    guard !words.isEmpty else { throw FaultRuleError("an empty fault; \(FaultRuleError.kinds)") }
    let name = words.removeFirst()
    var values: [String: String] = [:]
    for word in words {
      guard let equals = word.firstIndex(of: "=") else {
        throw FaultRuleError("\(word): write NAME=VALUE; \(FaultRuleError.members)")
      }
      values[String(word[..<equals])] = String(word[word.index(after: equals)...])
    }
    func duration(_ name: String, default fallback: Int64) throws(FaultRuleError) -> Int64 {
      guard let text = values.removeValue(forKey: name) else { return fallback }
      guard let duration = nanoseconds(text) else {
        throw FaultRuleError("\(name)=\(text): write a duration such as 250ms or 5s")
      }
      return duration
    }
    let second: Int64 = 1_000_000_000
    var rule: FaultRule
    switch name {
    case "401", "500", "503": rule = FaultRule(.status(Int(name) ?? 500, retryAfter: nil))
    case "429":
      let wait = try duration("retry-after", default: second)
      // The field counts whole seconds (RFC 9110, 10.2.3).
      rule = FaultRule(.status(429, retryAfter: (wait + second - 1) / second))
    case "reset-before": rule = FaultRule(.resetBefore)
    case "reset-midway": rule = FaultRule(.resetMidway)
    case "slow-first-byte": rule = FaultRule(.slowFirstByte(try duration("by", default: second)))
    case "drip": rule = FaultRule(.drip(try duration("by", default: second / 100)))
    case "stall": rule = FaultRule(.stall)
    case "cut": rule = FaultRule(.cut)
    case "missing-done": rule = FaultRule(.missingDone)
    case "malformed-event": rule = FaultRule(.malformedEvent)
    case "error-event": rule = FaultRule(.errorEvent)
    case "wrong-content-type": rule = FaultRule(.wrongContentType)
    case "truncated-gzip": rule = FaultRule(.truncatedGzip)
    case "refuse": rule = FaultRule(.refuse)
    default: throw FaultRuleError("\(name) is no fault; \(FaultRuleError.kinds)")
    }
    if let text = values.removeValue(forKey: "nth") {
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        guard let number = Int(part), number > 0 else {
          throw FaultRuleError("nth=\(text): write numbers from 1 on, such as nth=1,3")
        }
        rule.nth.insert(number)
      }
    }
    if let text = values.removeValue(forKey: "rate") {
      guard let rate = Double(text), 0...1 ~= rate else {
        throw FaultRuleError("rate=\(text): write a share from 0 to 1, such as rate=0.1")
      }
      rule.rate = rate
    }
    rule.method = values.removeValue(forKey: "method")
    rule.path = values.removeValue(forKey: "path")
    if rule.fault == .refuse, rule.method != nil || rule.path != nil {
      throw FaultRuleError("refuse is about connections, which have no method= and path=")
    }
    if let left = values.keys.min() {
      throw FaultRuleError("\(left)= is unknown to \(name); \(FaultRuleError.members)")
    }
    return rule
  }

  func matches(method: String, path: Substring) -> Bool {
    if let wanted = self.method, wanted != method { return false }
    guard let wanted = self.path else { return true }
    return wanted.hasSuffix("*") ? path.hasPrefix(wanted.dropLast()) : path == wanted
  }
}

/// Why a fault couldn't be read.
public struct FaultRuleError: Error, Sendable, CustomStringConvertible {
  public var description: String

  init(_ description: String) { self.description = description }

  static let kinds = "there are " + Fault.all.map(\.name).joined(separator: ", ")
  static let members = "a fault takes nth=, rate=, method=, path=, retry-after= and by="
}
