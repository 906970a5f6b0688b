internal import Yams

extension JSONValue {
  /// A YAML document's value.
  init(yaml: String, file: String) throws(ProxyConfigurationError) {
    let node: Node?
    do {
      node = try Yams.compose(yaml: yaml)
    } catch let error as YamlError {
      throw Self.error(error, file)
    } catch {
      throw ProxyConfigurationError(file: file, problem: "is no YAML")
    }
    self = node.map { Self.value(of: $0, depth: 0) } ?? .null
  }

  private static func error(_ error: YamlError, _ file: String) -> ProxyConfigurationError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      ProxyConfigurationError(file: file, line: mark.line, column: mark.column, problem: problem)
    default: ProxyConfigurationError(file: file, problem: "is no YAML")
    }
  }

  private static func value(of node: Node, depth: Int) -> JSONValue {
    // Aliases are followed by the composer: what they unfold to is bounded here.
    guard depth < 64 else { return .null }
    switch node {
    case .mapping(let mapping):
      var members: [String: JSONValue] = [:]
      for (key, value) in mapping {
        members[key.scalar?.string ?? ""] = Self.value(of: value, depth: depth + 1)
      }
      return .object(members)
    case .sequence(let sequence):
      return .array(sequence.map { value(of: $0, depth: depth + 1) })
    case .scalar(let scalar):
      if node.null != nil { return .null }
      if let flag = node.bool { return .boolean(flag) }
      if let integer = node.int { return .integer(integer) }
      if let number = node.float { return .number(number) }
      return .string(scalar.string)
    case .alias: return .null
    }
  }
}
