/// A replay as JUnit's XML: one suite, one test case a request.
public enum ReplayReport {
  public struct Case: Sendable {
    public var name: String
    public var outcome: String
    public var isFailure: Bool
    public var isSkipped: Bool
    /// What differs, or why; redacted.
    public var lines: [String]
    /// Nanoseconds.
    public var duration: Int64?

    public init(
      name: String, outcome: String, isFailure: Bool, isSkipped: Bool, lines: [String],
      duration: Int64?
    ) {
      self.name = name
      self.outcome = outcome
      self.isFailure = isFailure
      self.isSkipped = isSkipped
      self.lines = lines
      self.duration = duration
    }
  }

  public static func junit(
    _ cases: [Case], capture: String, target: String, summary: String
  ) -> String {
    let tested = cases.map { entry in
      var tested = JUnitCase(name: entry.name, className: target, duration: entry.duration)
      let message = entry.lines.first ?? entry.outcome
      if entry.isSkipped {
        tested.outcome = .skipped(message: "\(entry.outcome): \(message)")
      } else if entry.isFailure {
        tested.outcome = .failure(
          JUnitCase.Problem(type: entry.outcome, message: message, lines: entry.lines))
      }
      return tested
    }
    return JUnitReport.document([JUnitSuite(name: capture, cases: tested, output: summary)])
  }
}
