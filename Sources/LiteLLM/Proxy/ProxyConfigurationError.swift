/// Why a configuration couldn't be read: `config.yaml:3:7: …`.
public struct ProxyConfigurationError: Error, Sendable, CustomStringConvertible {
  public var file: String
  /// Counted from 1.
  public var line: Int?
  public var column: Int?
  public var problem: String

  public init(file: String, line: Int? = nil, column: Int? = nil, problem: String) {
    self.file = file
    self.line = line
    self.column = column
    self.problem = problem
  }

  public var description: String {
    let place = [line, column].compactMap { $0.map { ":\($0)" } }.joined()
    return "\(file)\(place): \(problem)"
  }
}
