internal import Redaction

/// A value that fits a JSON Schema, as far as tools use it: the arguments of a made-up call.
enum SchemaExample {
  static func text(_ schema: JSONValue, depth: Int = 0) -> String {
    guard depth < 16 else { return "null" }
    if let first = schema["enum"]?.array?.first { return first.description }
    if let value = schema["const"] ?? schema["default"] { return value.description }
    for combination in ["anyOf", "oneOf", "allOf"] {
      if let first = schema[combination]?.array?.first { return text(first, depth: depth + 1) }
    }
    switch schema["type"]?.string ?? schema["type"]?.array?.first?.string {
    case "string": return #""example""#
    case "integer": return schema["minimum"]?.description ?? "1"
    case "number": return schema["minimum"]?.description ?? "1.5"
    case "boolean": return "true"
    case "null": return "null"
    case "array":
      return "[" + (schema["items"].map { text($0, depth: depth + 1) } ?? "") + "]"
    default:
      guard case .object(let properties)? = schema["properties"] else { return "{}" }
      // Sorted: a dictionary has no order, and the same request must give the same bytes.
      let members = properties.sorted { $0.key < $1.key }.map {
        "\(JSONText.quoted($0.key)):\(text($0.value, depth: depth + 1))"
      }
      return "{" + members.joined(separator: ",") + "}"
    }
  }
}
