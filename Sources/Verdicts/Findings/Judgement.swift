public import Exchanges

/// Everything that a report of one capture tells.
public struct Judgement: Sendable {
  public enum Result: Int, Sendable {
    case passed = 0
    case violated = 1
    case unreadable = 3
    case undecided = 4
    case nothingTested = 5

    /// Where several captures were judged, the first of 3, 1, 4, 5 that occurs counts.
    public static let precedence: [Result] = [
      .unreadable, .violated, .undecided, .nothingTested, .passed,
    ]
  }

  public var file: String
  /// It came through a pipe, and nobody can read it again.
  public var isGone = false
  public var result: Result
  public var scope: ProxyScope
  /// In scope, copies left out; the rows may be fewer than ``requests``.
  public var exchanges: [JudgedExchange]
  /// Numbers of requests in scope, by verdict, in the contract's order.
  public var verdicts: [(verdict: Verdict, count: Int)]
  public var requests: Int
  public var faults: [ClientFault]
  /// Those that aren't about one of the ``exchanges`` alone.
  var otherFindings: [Finding]
  /// Sentences on why nothing could be said, where nothing could.
  public var doubts: [String]
  public var likelySources: [KnownAgent.Source]
  public var ledger: CaptureLedger
  public var keyWasCompared: Bool
  /// Whether the captured process had the key, and how often it sent it; `nil` where nobody asked.
  public var targetKey: String?
  /// The policy file that was used.
  public var policyFile: String?
  public var copies: Int
  /// ``KeyRing/generation`` when it was written.
  var keyGeneration = 0

  public var findings: Findings {
    Findings(rows: exchanges, keyWasCompared: keyWasCompared, others: otherFindings)
  }

  public func count(_ verdict: Verdict) -> Int {
    verdicts.first { $0.verdict == verdict }?.count ?? 0
  }
}
