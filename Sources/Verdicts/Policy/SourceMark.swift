/// Where something stands in a policy file, so that a report can point at it.
public struct SourceMark: Hashable, Sendable, CustomStringConvertible {
  /// The file as the user named it, or as `Policy.find` found it.
  public let file: String
  /// Line, counted from 1.
  public let line: Int
  /// Column, counted from 1, in Unicode scalars as YAML's marks count.
  public let column: Int

  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// `keywitness.yml:3:5`, the form that editors and CI systems turn into a link.
  public var description: String {
    "\(ShownText.plain(file)):\(line):\(column)"
  }
}
