import Yams

/// A mapping of a policy, its field names checked.
package struct PolicyFields {
  package let element: PolicyElement
  private let pairs: [(name: String, key: PolicyElement, value: PolicyElement)]

  /// Reads a mapping.
  ///
  /// - Parameters:
  ///   - element: the mapping.
  ///   - what: what it is, for messages: "a rule".
  ///   - names: the fields it may have.
  /// - Throws: `PolicyError` if it is no mapping or has other fields.
  package init(
    _ element: PolicyElement, what: String, names: [String]
  ) throws(PolicyError) {
    let expected = "one of " + names.joined(separator: ", ")
    guard case .mapping(let mapping) = element.node else {
      throw element.wrongType(expected: "\(what) with fields, \(expected)")
    }
    self.element = element
    var pairs: [(name: String, key: PolicyElement, value: PolicyElement)] = []
    for (keyNode, valueNode) in mapping {
      let key = PolicyElement(source: element.source, node: keyNode)
      guard case .scalar(let scalar) = keyNode else {
        throw key.error(.wrongType, "a field's name is a list or mapping", expected: expected)
      }
      guard names.contains(scalar.string) else {
        throw key.error(
          .unknownField, "unknown field \(ShownText.quoted(scalar.string))", expected: expected,
          suggestion: NearestWord.find(scalar.string, in: names))
      }
      pairs.append(
        (scalar.string, key, PolicyElement(source: element.source, node: valueNode)))
    }
    self.pairs = pairs
  }

  var isEmpty: Bool { pairs.isEmpty }

  package subscript(name: String) -> PolicyElement? {
    pairs.first { $0.name == name }?.value
  }

  /// Where the field's name stands.
  func key(_ name: String) -> PolicyElement? {
    pairs.first { $0.name == name }?.key
  }
}
