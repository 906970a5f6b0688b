/// One thing that a report must tell.
public struct Finding: Sendable {
  public enum Level: String, Sendable { case error, warning, note }

  /// The verdict, `refused-by-litellm`, a policy rule's id, or what made judging impossible.
  public let rule: String
  public let level: Level
  public let exchange: Int?
  public let connection: Int?
  /// Where the policy's line stands that this comes from.
  public let mark: SourceMark?
  private var wording: Wording

  private enum Wording: Sendable {
    case written(message: String, frames: [ClosedRange<Int32>], help: String)
    /// Worded when it is asked for: there may be a hundred thousand, and most reports show a few.
    case of(JudgedExchange, JudgedExchange.Fault, keyWasCompared: Bool)
  }

  init(
    rule: String, level: Level, exchange: Int? = nil, connection: Int? = nil, message: String,
    frames: [ClosedRange<Int32>] = [], help: String = "", mark: SourceMark? = nil
  ) {
    self.rule = rule
    self.level = level
    self.exchange = exchange
    self.connection = connection
    self.mark = mark
    wording = .written(message: message, frames: frames, help: help)
  }

  /// - Returns: `nil` where the request has no such fault.
  init?(_ row: JudgedExchange, _ fault: JudgedExchange.Fault, keyWasCompared: Bool) {
    guard let level = row.level(of: fault) else { return nil }
    self.level = level
    rule = row.rule(of: fault)
    exchange = row.id
    connection = row.connection
    mark = nil
    wording = .of(row, fault, keyWasCompared: keyWasCompared)
  }

  /// Redacted, in one line.
  public internal(set) var message: String {
    get {
      switch wording {
      case .written(let message, _, _): message
      case .of(let row, let fault, _): row.message(of: fault)
      }
    }
    set { wording = .written(message: newValue, frames: frames, help: help) }
  }

  public var frames: [ClosedRange<Int32>] {
    switch wording {
    case .written(_, let frames, _): frames
    case .of(let row, _, _): row.frames
    }
  }

  public var help: String {
    switch wording {
    case .written(_, _, let help): help
    case .of(let row, let fault, let keyWasCompared):
      row.help(for: fault, keyWasCompared: keyWasCompared)
    }
  }
}
