/// A pattern that can't be read.
public struct GlobError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: String, Hashable, Sendable {
    case empty
    case tooLong = "too-long"
    case openClass = "open-class"
    case emptyRange = "empty-range"
    case classBeyondASCII = "class-beyond-ascii"
  }

  public let code: Code
  /// Offset of the fault within the pattern, in UTF-8 bytes from 0.
  public let offset: Int

  public var description: String {
    switch code {
    case .empty: "the pattern is empty"
    case .tooLong: "the pattern is longer than \(Glob.longestPattern) bytes"
    case .openClass: "\"[\" without \"]\"; a literal \"[\" is written \"[[]\""
    case .emptyRange: "a range in \"[…]\" runs backwards"
    case .classBeyondASCII: "\"[…]\" can hold ASCII characters only"
    }
  }
}
