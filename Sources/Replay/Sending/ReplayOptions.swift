public import Sockets

/// How requests are sent again.
public struct ReplayOptions: Sendable {
  /// Which requests go over which connection.
  public enum Connections: Sendable, Equatable {
    /// Those that were recorded on one go over one.
    case asRecorded
    /// So many, each taking the next request when it is free.
    case pool(Int)
    case onePerRequest

    /// - Returns: `nil` for what isn't `as-recorded`, `pool:N` or `one-per-request`.
    public init?(_ text: String) {
      switch text {
      case "as-recorded": self = .asRecorded
      case "one-per-request": self = .onePerRequest
      default:
        guard text.hasPrefix("pool:"), let size = Int(text.dropFirst(5)), 1...10_000 ~= size
        else { return nil }
        self = .pool(size)
      }
    }
  }

  /// When requests are sent.
  public enum Pace: Sendable, Equatable {
    /// At their recorded time, which passes so many times as fast.
    case recorded(speed: Double)
    /// So many a second.
    case rate(Double)
    /// Nobody waits, but for answers that were there before.
    case unbounded
  }

  public var target: ServerAddress
  public var credentials = Credentials()
  public var rewriting = Rewriting()
  public var comparison = Comparison()
  public var connections = Connections.asRecorded
  public var pace = Pace.recorded(speed: 1)
  /// The longest time in which nothing is sent; here and below in nanoseconds.
  public var longestGap: Int64?
  /// After it, no request is begun.
  public var duration: Int64?
  public var connectTimeout: Int64 = 5_000_000_000
  /// The longest time in which nothing comes; an answer as a whole may take minutes.
  public var idleTimeout: Int64 = 60_000_000_000
  /// The longest time that an answer as a whole may take.
  public var answerTimeout: Int64 = 3_600_000_000_000
  /// After so many that failed, no request is begun.
  public var mostErrors: Int?
  /// How often a request is sent again that failed, or was answered 429 or 503.
  public var retries = 0
  /// A PEM file of authorities, in place of the system's.
  public var authorities: String?
  /// Any certificate is taken.
  public var isInsecure = false
  /// Requests that change keys, users, teams and models are sent, too.
  public var sendsUnsafe = false
  /// Results hold what was answered.
  public var keepsAnswers = false
  /// What became of requests of an earlier run, by their place: they aren't sent again.
  public var earlier: [Int: (outcome: ReplayOutcome, status: Int?)] = [:]
  /// Told in front of each request that is sent, and behind each that is over, by its place; called
  /// on the event loop.
  public var sending: (@Sendable (Int) -> Void)?
  public var ended: (@Sendable (Int, ReplayResult) -> Void)?

  public init(target: ServerAddress) { self.target = target }
}
