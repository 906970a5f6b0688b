/// One thing that a report must tell.
public struct Finding: Sendable {
  public enum Level: String, Sendable { case error, warning, note }

  /// The verdict, `refused-by-litellm`, a policy rule's id, or what made judging impossible.
  public var rule: String
  public var level: Level
  public var exchange: Int?
  public var connection: Int?
  /// Redacted, in one line.
  public var message: String
  public var frames: [ClosedRange<Int32>] = []
  public var help = ""
  /// Where the policy's line stands that this comes from.
  public var mark: SourceMark?
}
