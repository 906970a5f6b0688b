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
    for (index, rule) in rules.enumerated() where rule.matches(method: method, path: path) {
      counts[index] += 1
      guard found == nil, rule.nth.isEmpty || rule.nth.contains(counts[index]) else { continue }
      if let rate = rule.rate, draw(index, counts[index]) >= rate { continue }
      found = rule.fault
    }
    return found
  }

  /// From 0 to 1, by SplitMix64 of the seed, the rule and the count.
  private func draw(_ rule: Int, _ count: Int) -> Double {
    var z = seed &+ UInt64(truncatingIfNeeded: rule) &* 0xA076_1D64_78BD_642F
    z &+= UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    z ^= z >> 31
    return Double(z >> 11) * 0x1p-53
  }
}
