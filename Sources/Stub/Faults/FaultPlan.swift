/// Which request meets which fault. The same seed and the same order of requests give the same.
struct FaultPlan {
  private let rules: [FaultRule]
  private let seed: UInt64
  /// How many requests each rule has matched.
  private var counts: [Int]

  init(_ rules: [FaultRule], seed: UInt64) {
    self.rules = rules
    self.seed = seed
    counts = rules.map { _ in 0 }
  }

  var isEmpty: Bool { rules.isEmpty }

  /// - Returns: the first rule's fault that hits.
  mutating func fault(method: String, path: Substring) -> Fault? {
    var found: Fault?
    for (index, rule) in rules.enumerated()
    where rule.fault != .refuse && rule.matches(method: method, path: path) {
      if hits(index), found == nil { found = rule.fault }
    }
    return found
  }

  /// Whether the next connection is refused.
  mutating func refusesConnection() -> Bool {
    var refuses = false
    for index in rules.indices where rules[index].fault == .refuse {
      if hits(index) { refuses = true }
    }
    return refuses
  }

  private mutating func hits(_ index: Int) -> Bool {
    counts[index] += 1
    let rule = rules[index]
    guard rule.nth.isEmpty || rule.nth.contains(counts[index]) else { return false }
    return rule.rate.map { draw(index, counts[index]) < $0 } ?? true
  }

  private func draw(_ rule: Int, _ count: Int) -> Double { Draw.share(seed, rule, count) }
}
