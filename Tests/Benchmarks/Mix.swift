internal import ArgumentParser

/// What is asked of the proxy.
enum Mix: String, CaseIterable, ExpressibleByArgument {
  /// An agent at work: mostly answers that come as streams, some at once, some screenshots.
  case llm
  /// One small request after the other.
  case small
  /// Uploads and downloads of megabytes.
  case bulk

  /// Exchanges that pass over a connection.
  var exchanges: ClosedRange<Int> {
    switch self {
    case .llm: 1...25
    case .small: 1...100
    case .bulk: 1...4
    }
  }

  /// Times are in microseconds. When the first connections open.
  var opening: ClosedRange<Int> { self == .small ? 0...500_000 : 0...5_000_000 }

  /// Between the end of a connection and the next one.
  var pause: ClosedRange<Int> { self == .small ? 1000...20_000 : 1000...400_000 }

  /// Before the server answers.
  var answering: ClosedRange<Int> { self == .small ? 300...3000 : 5000...900_000 }

  /// Connections that are closed, in percent; the others stay open to the end.
  var closed: Double { self == .small ? 90 : 100 }

  /// Requests that the server acknowledges before its answer, in percent.
  var acknowledged: Double { self == .small ? 30 : 100 }
}
