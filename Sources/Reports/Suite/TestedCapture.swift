/// What a capture of a regression suite gave, held against what is written down beside it.
public struct TestedCapture: Sendable {
  /// Without its folder and its endings.
  public var name: String
  /// What isn't as it should be, a line each, redacted; empty: all is.
  public var problems: [String] = []
  public var requests = 0
  /// Expectations other than a pass, each with its reason.
  public var explained = 0
  /// What `--update` wrote: `nil` where nothing was to be written.
  public var update: [String]?

  public init(name: String) { self.name = name }
}
