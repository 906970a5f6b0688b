internal import HTTP
internal import LiteLLM

/// The events of a stream, put together.
struct StreamedAnswer {
  /// Types of events, in their order, each once for a run of it: of the field `event`, or `object` of
  /// their data.
  private(set) var kinds: [String] = []
  private(set) var isDone = false
  /// Text and arguments, joined, and why it ended; by what they are.
  private(set) var texts: [String: String] = [:]
  /// The last that was told.
  private(set) var usage: JSONValue?
  /// Events of which nothing is put together.
  private(set) var others: [JSONValue] = []
  /// Of the answer, and of the tools that it calls.
  private(set) var ids: [String] = []

  init(_ content: [UInt8]) {
    var decoder = EventStreamDecoder()
    decoder.take(content[...]) { event in
      if event.data.elementsEqual("[DONE]".utf8) {
        isDone = true
        return
      }
      let data = JSONValue(json: event.data)
      take(event.type, data)
      // What is no JSON is a text.
      if data == nil { add("data", String(decoding: event.data, as: UTF8.self) + "\n") }
    }
  }

  private mutating func take(_ type: [UInt8], _ data: JSONValue?) {
    let kind = type.isEmpty ? data?["object"]?.string : String(decoding: type, as: UTF8.self)
    if kinds.last != kind ?? "message" { kinds.append(kind ?? "message") }
    if let error = data?["error"], error != .null { add("error", error.description) }
    if let model = data?["model"]?.string, texts["model"] == nil { texts["model"] = model }
    let isKnown = ["choices", "delta", "error", "usage", "response", "content_block", "message"]
      .contains { data?[$0] != nil }
    if !isKnown, let data, data != .null { others.append(data) }
    for choice in data?["choices"]?.array ?? [] {
      // Several answers at once come mixed.
      var place = ""
      if case .integer(let index)? = choice["index"], index > 0 { place = "[\(index)]" }
      add("content" + place, choice["delta"]?["content"]?.string)
      add("content" + place, choice["text"]?.string)
      add("reasoning" + place, choice["delta"]?["reasoning_content"]?.string)
      add("refusal" + place, choice["delta"]?["refusal"]?.string)
      add("finish_reason" + place, choice["finish_reason"]?.string)
      for call in choice["delta"]?["tool_calls"]?.array ?? [] {
        note(call["id"])
        add("tool", call["function"]?["name"]?.string)
        add("arguments", call["function"]?["arguments"]?.string)
      }
    }
    // Anthropic's messages and OpenAI's responses.
    if let text = data?["delta"]?.string { add("content", text) }
    add("content", data?["delta"]?["text"]?.string)
    add("arguments", data?["delta"]?["partial_json"]?.string)
    add("finish_reason", data?["delta"]?["stop_reason"]?.string)
    note(data?["content_block"]?["id"])
    note(data?["response"]?["id"])
    for told in [data?["usage"], data?["response"]?["usage"]] {
      if let told, told != .null { usage = told }
    }
  }

  private mutating func note(_ id: JSONValue?) {
    if let id = id?.string, !ids.contains(id) { ids.append(id) }
  }

  private mutating func add(_ name: String, _ text: String?) {
    if let text { texts[name, default: ""] += text }
  }
}
