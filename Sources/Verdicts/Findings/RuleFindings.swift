internal import Exchanges
internal import Wire

/// What the rules of the policy found: of one kind, the first of them, and how many there are.
struct RuleFindings: Sendable {
  /// Findings of one rule and level, of one server, that are listed one by one.
  private static let limit = 1000

  private struct Kind: Hashable {
    var server: Endpoint
    var rule: String
    var level: Finding.Level
  }

  private var listed: [(server: Endpoint, finding: Finding)] = []
  private var counts: [Kind: Int] = [:]

  /// Notes what was found of an exchange; a copy counts nowhere.
  mutating func note(_ finding: Finding, _ exchange: Exchange) {
    guard exchange.copyOf == nil else { return }
    let kind = Kind(server: exchange.server, rule: finding.rule, level: finding.level)
    counts[kind, default: 0] += 1
    // Of one kind, more than this say no more.
    guard counts[kind] ?? 0 <= Self.limit else { return }
    listed.append((exchange.server, finding))
  }

  /// - Returns: those of the servers in scope, and behind them how many more there are, in the order of
  ///   the rules.
  func all(of rules: [Rule], in scope: ProxyScope) -> [Finding] {
    listed.filter { scope.contains($0.server) }.map(\.finding)
      + rules.flatMap { rule in
        [Finding.Level.error, .warning, .note].compactMap { unlisted(rule, $0, in: scope) }
      }
  }

  private func unlisted(_ rule: Rule, _ level: Finding.Level, in scope: ProxyScope) -> Finding? {
    let more = scope.servers.reduce(0) { sum, server in
      let kind = Kind(server: server.server, rule: rule.id, level: level)
      return sum + max(0, (counts[kind] ?? 0) - Self.limit)
    }
    guard more > 0 else { return nil }
    return Finding(
      rule: rule.id, level: level, message: "\(more) more of this rule, counted only",
      mark: rule.mark)
  }
}
