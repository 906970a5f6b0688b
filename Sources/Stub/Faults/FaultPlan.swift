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

/// Chance that is the same each time.
enum Draw {
  /// From 0 to 1, by SplitMix64 of the seed, the purpose and the count.
  static func share(_ seed: UInt64, _ rule: Int, _ count: Int) -> Double {
    var z = seed &+ UInt64(truncatingIfNeeded: rule) &* 0xA076_1D64_78BD_642F
    z &+= UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    z ^= z >> 31
    return Double(z >> 11) * 0x1p-53
  }
}
