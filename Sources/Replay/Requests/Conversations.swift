internal import LiteLLM

/// Which request was asked because of which answer: one that quotes it, by its text or by the id of a
/// tool call. What is quoted keeps its order over all connections.
public struct Conversations: Sendable {
  /// For each request, the places of those whose answers it quotes.
  let quoted: [[Int]]
  /// For each request, the place of its conversation's first one: what quotes, and what shares a
  /// connection, is one conversation.
  let first: [Int]

  /// Texts that are shorter are said in many conversations, in characters.
  private static let shortestText = 16

  /// - Parameter requests: in the order of the capture.
  public init(_ requests: [RecordedRequest]) {
    var answers: [String: Int] = [:]
    var quoted: [[Int]] = []
    var parent = Array(requests.indices)
    func root(_ index: Int) -> Int {
      var index = index
      while parent[index] != index {
        parent[index] = parent[parent[index]]
        index = parent[index]
      }
      return index
    }
    func join(_ one: Int, _ other: Int) {
      let (one, other) = (root(one), root(other))
      // The earlier one stands for both.
      parent[max(one, other)] = min(one, other)
    }
    var byConnection: [Int: Int] = [:]
    for (index, request) in requests.enumerated() {
      var places: Set<Int> = []
      for text in Self.quotations(request) {
        if let place = answers[text], requests[place].end <= request.offset { places.insert(place) }
      }
      quoted.append(places.sorted())
      for place in places { join(place, index) }
      if let earlier = byConnection[request.connection] { join(earlier, index) }
      byConnection[request.connection] = index
      for text in Self.sayings(request) { answers[text] = index }
    }
    self.quoted = quoted
    first = requests.indices.map(root)
  }

  /// What an answer says that may be quoted.
  private static func sayings(_ request: RecordedRequest) -> [String] {
    guard request.method == "POST", let content = request.answer?.content else { return [] }
    if request.answer?.mediaType == "text/event-stream" {
      let stream = StreamedAnswer(content)
      return ([stream.texts["content"]].compactMap(\.self) + stream.ids).filter(isTelling)
    }
    guard let value = JSONValue(json: content) else { return [] }
    var texts: [String] = []
    if let id = value["id"]?.string { texts.append(id) }
    for choice in value["choices"]?.array ?? [] {
      texts += self.texts(choice["message"])
    }
    texts += self.texts(value)
    for item in value["output"]?.array ?? [] { texts += self.texts(item) }
    return texts.filter(isTelling)
  }

  /// What a request says that an answer may have said.
  private static func quotations(_ request: RecordedRequest) -> [String] {
    guard request.method == "POST", let value = JSONValue(json: request.content) else { return [] }
    var texts: [String] = []
    for name in ["messages", "input"] {
      for message in value[name]?.array ?? [] { texts += self.texts(message) }
    }
    if let id = value["previous_response_id"]?.string { texts.append(id) }
    return texts.filter(isTelling)
  }

  /// The texts and ids of a message, whichever API it is of.
  private static func texts(_ message: JSONValue?) -> [String] {
    guard let message else { return [] }
    var texts = ["tool_call_id", "call_id", "tool_use_id"].compactMap { message[$0]?.string }
    if let text = message["content"]?.string { texts.append(text) }
    for part in message["content"]?.array ?? [] {
      texts += ["text", "id", "tool_use_id"].compactMap { part[$0]?.string }
    }
    for call in message["tool_calls"]?.array ?? [] {
      if let id = call["id"]?.string { texts.append(id) }
    }
    return texts
  }

  private static func isTelling(_ text: String) -> Bool {
    text.utf8.count >= shortestText || text.hasPrefix("call_") || text.hasPrefix("toolu_")
  }
}
