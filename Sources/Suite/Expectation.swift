/// What is known of a capture: what `check` says of it, what stands in its messages, and what a
/// replay against the stub gives. One is written down beside the capture, another is made of the
/// capture as it is now, and both have to be the same.
public struct Expectation: Sendable, Equatable {
  public static let schema = "keywitness-expect/1"

  /// `check`'s exit code.
  public var exit: Int
  /// Why something else than a pass is right here; written by hand.
  public var because: String?
  /// To the proxy, in the order of the capture.
  public var requests: [Request] = []
  /// What is told beside the verdicts of requests.
  public var findings: [Finding] = []

  public init(exit: Int) { self.exit = exit }

  public struct Request: Sendable, Equatable {
    /// Method and target.
    public var name: String
    public var verdict: String
    /// The outcome of its exchange, and the answer's status.
    public var outcome: String
    /// What a replay gives; `nil` where none was made.
    public var replayed: String?
    public var because: String?
    public var sent = Message()
    public var answered: Message?

    public init(name: String, verdict: String, outcome: String) {
      self.name = name
      self.verdict = verdict
      self.outcome = outcome
    }

    /// Everything but the name, in one line.
    var line: String {
      ([verdict, outcome] + (replayed.map { ["replayed \($0)"] } ?? [])).joined(separator: ", ")
    }

    var passes: Bool { verdict == "ok" || verdict == "exempt" }
  }

  public struct Finding: Sendable, Equatable {
    public var rule: String
    public var isError: Bool
    public var count: Int
    public var because: String?

    public init(rule: String, isError: Bool, count: Int) {
      self.rule = rule
      self.isError = isError
      self.count = count
    }

    var line: String { "\(isError ? "error" : "no error"), \(count) times" }
  }

  /// A head and its content, every key in it replaced by its number.
  public struct Message: Sendable, Equatable {
    /// `name: value`, in the order of the wire.
    public var fields: [String] = []
    /// Length and hash; `nil` where there is none.
    public var content: String?
    /// Hashes of the events of a stream, or of the messages of a WebSocket.
    public var events: [String] = []

    public init() {}
  }

  // MARK: Reasons

  /// Places that need a reason and have none: whatever isn't a pass was once decided by a person.
  public var unexplained: [String] {
    var places = requests.filter { !$0.passes && $0.because == nil }.map {
      "\($0.name): \($0.verdict)"
    }
    places += findings.filter { $0.isError && $0.because == nil }.map(\.rule)
    if needsReason, because == nil { places.append("exit: \(exit)") }
    return places
  }

  /// How many places have a reason.
  public var explained: Int {
    requests.count { !$0.passes && $0.because != nil }
      + findings.count { $0.isError && $0.because != nil } + (needsReason && because != nil ? 1 : 0)
  }

  /// A violation has its reason where it stands; that nothing was tested, or couldn't be, has none.
  private var needsReason: Bool { exit > 1 }

  /// The reasons of another one, where they are about the same.
  public mutating func takeReasons(of other: Expectation) {
    if other.exit == exit { because = other.because }
    var old = other.requests[...]
    for index in requests.indices {
      guard
        let found = old.firstIndex(where: {
          $0.name == requests[index].name && $0.verdict == requests[index].verdict
        })
      else { continue }
      requests[index].because = old[found].because
      old = old[(found + 1)...]
    }
    for index in findings.indices {
      findings[index].because =
        other.findings.first {
          $0.rule == findings[index].rule && $0.isError == findings[index].isError
        }?.because
    }
  }
}
