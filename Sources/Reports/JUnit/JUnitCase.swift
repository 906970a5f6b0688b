/// One `<testcase>`: a request that was judged, or something else that has to hold.
struct JUnitCase {
  enum Outcome {
    case passed
    case skipped(message: String)
    /// A violation.
    case failure(Problem)
    /// What could not be judged.
    case error(Problem)
  }

  struct Problem {
    var type: String
    /// What is wrong, in one line.
    var message: String
    /// What was seen, and what to change.
    var lines: [String] = []
  }

  var name: String
  var className: String
  /// Nanoseconds, where known.
  var duration: Int64?
  var outcome = Outcome.passed
}

/// How many test cases there are of each kind, and how long they took.
struct JUnitCounts {
  var tests = 0
  var failures = 0
  var errors = 0
  var skipped = 0
  /// Nanoseconds.
  var duration: Int64 = 0

  init() {}

  init(_ cases: [JUnitCase]) {
    tests = cases.count
    for testCase in cases {
      switch testCase.outcome {
      case .passed: break
      case .skipped: skipped += 1
      case .failure: failures += 1
      case .error: errors += 1
      }
      addDuration(testCase.duration ?? 0)
    }
  }

  mutating func add(_ other: JUnitCounts) {
    tests += other.tests
    failures += other.failures
    errors += other.errors
    skipped += other.skipped
    addDuration(other.duration)
  }

  /// The times of a hostile capture may add up to more than there is room for.
  private mutating func addDuration(_ nanoseconds: Int64) {
    let (sum, overflow) = duration.addingReportingOverflow(max(0, nanoseconds))
    duration = overflow ? .max : sum
  }
}
