internal import Redaction

/// A JSON value of any shape, for what is only shown or compared.
public enum JSONValue: Sendable, Equatable {
  case null
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  public subscript(name: String) -> JSONValue? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  /// - Returns: `nil` for what is no JSON.
  public init?(json bytes: [UInt8]) {
    guard let value = try? RequestJSON.parse(bytes) else { return nil }
    self = value
  }

  public var string: String? { if case .string(let text) = self { text } else { nil } }
  public var array: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
}

extension JSONValue: Decodable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    // Each wrong guess costs an error: the commonest first.
    if let text = try? container.decode(String.self) {
      self = .string(text)
    } else if let members = try? container.decode([String: JSONValue].self) {
      self = .object(members)
    } else if let values = try? container.decode([JSONValue].self) {
      self = .array(values)
    } else if let number = try? container.decode(Int.self) {
      self = .integer(number)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let flag = try? container.decode(Bool.self) {
      self = .boolean(flag)
    } else {
      self = .null
    }
  }
}

extension JSONValue: CustomStringConvertible {
  /// As JSON in one line, members in the order of their names.
  public var description: String {
    switch self {
    case .null: return "null"
    case .boolean(let flag): return flag ? "true" : "false"
    case .integer(let number): return String(number)
    case .number(let number): return String(number)
    case .string(let text): return JSONText.quoted(text)
    case .array(let values): return "[" + values.map(\.description).joined(separator: ",") + "]"
    case .object(let members):
      let sorted = members.sorted { $0.key < $1.key }
      return "{" + sorted.map { "\(JSONText.quoted($0.key)):\($0.value)" }.joined(separator: ",")
        + "}"
    }
  }
}

extension JSONValue {
  /// The same for what means the same: members in any order, those that are null left out.
  public var digest: UInt64 {
    var digest = Digest()
    fold(into: &digest)
    return digest.value
  }

  private func fold(into digest: inout Digest) {
    switch self {
    case .null: digest.add("n".utf8)
    case .boolean(let flag): digest.add((flag ? "t" : "f").utf8)
    case .integer(let number): digest.add("#\(Double(number))".utf8)
    case .number(let number): digest.add("#\(number)".utf8)
    case .string(let text):
      digest.add("\"\(text.utf8.count):".utf8)
      digest.add(text.utf8)
    case .array(let values):
      digest.add("[".utf8)
      for value in values { value.fold(into: &digest) }
      digest.add("]".utf8)
    case .object(let members):
      digest.add("{".utf8)
      for (name, value) in members.sorted(by: { $0.key < $1.key }) where value != .null {
        digest.add("\(name.utf8.count):\(name)".utf8)
        value.fold(into: &digest)
      }
      digest.add("}".utf8)
    }
  }
}
