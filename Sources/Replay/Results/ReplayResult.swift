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

  /// All names, in the order of reports.
  public static let names = ["matched", "differs", "failed", "skipped", "not-sent"]

  /// The places, or the reason.
  public var details: [String] {
    switch self {
    case .matched: []
    case .differs(let places): places
    case .failed(let reason), .skipped(let reason), .notSent(let reason): [reason]
    }
  }

  /// - Returns: `nil` where there is no outcome of that name.
  public init?(name: String, details: [String]) {
    let reason = details.first ?? ""
    switch name {
    case "matched": self = .matched
    case "differs": self = .differs(details)
    case "failed": self = .failed(reason)
    case "skipped": self = .skipped(reason)
    case "not-sent": self = .notSent(reason)
    default: return nil
    }
  }

  public var isSent: Bool {
    switch self {
    case .matched, .differs, .failed: true
    case .skipped, .notSent: false
    }
  }
}

public struct ReplayResult: Sendable {
  public var request: RecordedRequest
  public var outcome: ReplayOutcome
  /// Now.
  public var status: Int?
  /// What came now, where ``ReplayOptions/keepsAnswers`` says so.
  public var answer: RecordedRequest.Answer?
  /// The names of fields that were changed or added.
  public var changed: [String] = []
  /// How often it was sent.
  public var attempts = 0
  /// How much later it was sent than it could have been, by its time and the answers that it waited
  /// for; here and below in nanoseconds.
  public var lateness: Int64?
  /// From its sending to its answer's end.
  public var duration: Int64?
  /// The same from when it should have been sent: what a slow target makes others wait is in it.
  public var durationFromPlan: Int64?
  /// It is of an earlier run.
  public var isEarlier = false

  public init(request: RecordedRequest, outcome: ReplayOutcome) {
    self.request = request
    self.outcome = outcome
  }
}
