public import Verdicts

extension Judgement.Result {
  /// The first word of every report.
  public var word: String {
    switch self {
    case .passed: "PASS"
    case .violated: "FAIL"
    case .undecided: "CAN'T TELL"
    case .nothingTested: "NOTHING TESTED"
    case .unreadable: "UNREADABLE"
    }
  }
}
