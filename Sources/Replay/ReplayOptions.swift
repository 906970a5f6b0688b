public import Sockets

/// How requests are sent again.
public struct ReplayOptions: Sendable {
  public var target: ServerAddress
  public var credentials = Credentials()
  public var comparison = Comparison()
  /// How fast recorded time passes; `nil`: nobody waits, but for answers that were there before.
  public var speed: Double? = 1
  /// The longest time in which nothing is sent, in nanoseconds.
  public var longestGap: Int64?
  /// In nanoseconds.
  public var connectTimeout: Int64 = 5_000_000_000
  /// The longest time in which nothing comes; an answer as a whole may take minutes.
  public var idleTimeout: Int64 = 60_000_000_000
  /// A PEM file of authorities, in place of the system's.
  public var authorities: String?
  /// Any certificate is taken.
  public var isInsecure = false
  /// Requests that change keys, users, teams and models are sent, too.
  public var sendsUnsafe = false

  public init(target: ServerAddress) { self.target = target }
}

/// What became of a request: each of them ends in exactly one.
public enum ReplayOutcome: Sendable, Equatable {
  case matched
  /// The places, and how.
  case differs([String])
  case failed(String)
  case skipped(String)
  case notSent(String)

  /// As in reports.
  public var name: String {
    switch self {
    case .matched: "matched"
    case .differs: "differs"
    case .failed: "failed"
    case .skipped: "skipped"
    case .notSent: "not-sent"
    }
  }
}

public struct ReplayResult: Sendable {
  public var request: RecordedRequest
  public var outcome: ReplayOutcome
  /// Now.
  public var status: Int?
  /// The names of fields that were changed or added.
  public var changed: [String] = []
  /// How much later than planned it was sent, and how long its answer took; in nanoseconds.
  public var lateness: Int64?
  public var duration: Int64?

  public init(request: RecordedRequest, outcome: ReplayOutcome) {
    self.request = request
    self.outcome = outcome
  }
}
