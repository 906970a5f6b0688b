internal import LiteLLM

/// JSON as values of options have it.
enum ReplayJSON {
  static func isValid(_ text: String) -> Bool { JSONValue(json: Array(text.utf8)) != nil }
}
