/// All that a report must tell: of each request that is listed, and then of the capture.
public struct Findings: Sequence, Sendable {
  let rows: [JudgedExchange]
  let keyWasCompared: Bool
  /// Of the rules of the policy, and of the capture as a whole.
  let others: [Finding]

  public struct Iterator: IteratorProtocol {
    private let findings: Findings
    private var row = 0
    private var fault = 0
    private var other = 0

    fileprivate init(_ findings: Findings) { self.findings = findings }

    public mutating func next() -> Finding? {
      while row < findings.rows.count {
        while let fault = JudgedExchange.Fault(rawValue: fault) {
          self.fault += 1
          if let finding = Finding(
            findings.rows[row], fault, keyWasCompared: findings.keyWasCompared)
          {
            return finding
          }
        }
        row += 1
        fault = 0
      }
      guard other < findings.others.count else { return nil }
      defer { other += 1 }
      return findings.others[other]
    }
  }

  public func makeIterator() -> Iterator { Iterator(self) }
}
