internal import LiteLLM

/// What of a request decides which recording it gets: method, path, query in any order, content
/// without what differs from run to run.
struct CanonicalRequest: Hashable {
  /// Members of a content that say who asks, or number the request.
  private static let volatile: Set<String> = [
    "user", "metadata", "litellm_metadata", "litellm_call_id", "litellm_session_id",
    "litellm_trace_id", "safety_identifier", "prompt_cache_key",
  ]

  enum Content: Equatable {
    case json(JSONValue)
    case bytes([UInt8])
  }

  let method: String
  let path: Substring
  let query: [Substring]
  let content: Content

  init(method: String, target: String, content: [UInt8]) {
    self.method = method
    path = target.prefix { $0 != "?" }
    query = target.dropFirst(path.count + 1).split(separator: "&").sorted()
    if !content.isEmpty, let json = JSONValue(json: content) {
      self.content = .json(Self.stable(json))
    } else {
      self.content = .bytes(content)
    }
  }

  private static func stable(_ json: JSONValue) -> JSONValue {
    guard case .object(let members) = json else { return json }
    // A member that is null says nothing.
    return .object(members.filter { !volatile.contains($0.key) && $0.value != .null })
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(method)
    hasher.combine(path)
    hasher.combine(query)
    switch content {
    case .json(let json): hasher.combine(json.digest)
    case .bytes(let bytes): hasher.combine(bytes)
    }
  }
}

extension CanonicalRequest {
  /// The paths at which another request differs, the first in the order of a reader.
  func differences(from other: CanonicalRequest) -> [String] {
    var found: [String] = []
    if method != other.method { found.append("method") }
    if path != other.path { found.append("path") }
    if query != other.query { found.append("query") }
    switch (content, other.content) {
    case (.json(let mine), .json(let theirs)): Self.compare(mine, theirs, "$", &found)
    default: if content != other.content { found.append("content") }
    }
    return found
  }

  private static func compare(
    _ mine: JSONValue, _ theirs: JSONValue, _ path: String, _ found: inout [String]
  ) {
    switch (mine, theirs) {
    case (.object(let mine), .object(let theirs)):
      for name in Set(mine.keys).union(theirs.keys).sorted() {
        let inner = "\(path).\(name)"
        if let one = mine[name], let other = theirs[name] {
          compare(one, other, inner, &found)
        } else {
          found.append(inner)
        }
      }
    case (.array(let mine), .array(let theirs)):
      for index in 0..<max(mine.count, theirs.count) {
        let inner = "\(path)[\(index)]"
        if index < mine.count, index < theirs.count {
          compare(mine[index], theirs[index], inner, &found)
        } else {
          found.append(inner)
        }
      }
    default: if mine != theirs { found.append(path) }
    }
  }
}
