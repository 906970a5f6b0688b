internal import Sockets

/// The time that answers show.
public enum StubClock: Sendable, Equatable {
  /// Stands still, so that the same requests give the same bytes on another day; in seconds since
  /// 1970.
  case fixed(Int64)
  case now

  /// What stands in answers where nobody says: 2026-01-01T00:00:00Z.
  public static let standard = StubClock.fixed(1_767_225_600)

  /// In nanoseconds since 1970.
  var nanoseconds: Int64 {
    switch self {
    case .fixed(let seconds): seconds.multipliedReportingOverflow(by: 1_000_000_000).partialValue
    case .now: UnsafeSystem.wallClock()
    }
  }
}
