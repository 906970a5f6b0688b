internal import Redaction

/// The answer of chat/completions: a text, or a call of one of the request's tools.
struct ChatAnswer {
  let call: EndpointCall
  let model: String
  let text: String
  let isMock: Bool
  let isClaude: Bool
  let identity: AnswerIdentity

  /// The tool that is called, with arguments that fit its schema.
  private var tool: (name: String, arguments: String)? {
    guard !isMock, call.body["tool_choice"]?.string != "none",
      let tools = call.body["tools"]?.array
    else { return nil }
    let wanted = call.body["tool_choice"]?["function"]?["name"]?.string
    let functions = tools.compactMap { $0["function"] }
    guard
      let function = functions.first(where: { wanted == nil || $0["name"]?.string == wanted }),
      let name = function["name"]?.string
    else { return nil }
    return (name, SchemaExample.text(function["parameters"] ?? .object([:])))
  }

  private var tokens: (prompt: Int, completion: Int) {
    // What LiteLLM says of every mock response.
    isMock ? (10, 20) : (call.promptTokens, max(1, text.utf8.count / 4))
  }

  private var usage: String {
    let (prompt, completion) = tokens
    let counts =
      #"{"completion_tokens":\#(completion),"prompt_tokens":\#(prompt),"#
      + #""total_tokens":\#(prompt + completion)"#
    guard isClaude, !isMock else { return counts + "}" }
    return counts
      + #","completion_tokens_details":{"reasoning_tokens":0,"text_tokens":\#(completion)},"#
      + #""prompt_tokens_details":{"cache_write_tokens":0,"cached_tokens":0,"#
      + #""text_tokens":\#(prompt),"cache_creation_tokens":0},"#
      + #""cache_creation_input_tokens":0,"cache_read_input_tokens":0}"#
  }

  private var id: String { "chatcmpl-" + identity.hex(1, count: 24) }
  private var fingerprint: String { isMock || isClaude ? "" : #","system_fingerprint":"fp_stub""# }

  func whole() -> ProxyAnswer {
    let count =
      if case .integer(let count)? = call.body["n"], 1...128 ~= count { count } else { 1 }
    let choices = (0..<count).map(choice).joined(separator: ",")
    return ProxyAnswer(
      status: 200,
      json: #"{"id":"\#(id)","created":\#(call.seconds),"model":\#(JSONText.quoted(model)),"#
        + #""object":"chat.completion"\#(fingerprint),"choices":[\#(choices)],"usage":\#(usage)}"#)
  }

  private func choice(_ index: Int) -> String {
    let behind = isMock || isClaude ? "" : #","provider_specific_fields":{}"#
    let fields =
      isMock
      ? ""
      : isClaude
        ? #","provider_specific_fields":{"citations":null,"thinking_blocks":null}"#
        : #","provider_specific_fields":{"refusal":null}"#
    if let tool {
      return #"{"finish_reason":"tool_calls","index":\#(index),"message":{"role":"assistant","#
        + #""tool_calls":[{"function":{"arguments":\#(JSONText.quoted(tool.arguments)),"#
        + #""name":\#(JSONText.quoted(tool.name))},"id":"call_\#(identity.hex(2, count: 24))","#
        + #""type":"function"}]\#(fields),"content":null}\#(behind)}"#
    }
    return #"{"finish_reason":"stop","index":\#(index),"message":{"content":"#
      + #"\#(JSONText.quoted(text)),"role":"assistant"\#(fields)}\#(behind)}"#
  }

  func stream() -> ProxyAnswer {
    var events = EventList()
    let head = Array(
      (#"data: {"id":"\#(id)","created":\#(call.seconds),"model":\#(JSONText.quoted(model)),"#
        + #""object":"chat.completion.chunk"\#(fingerprint),"choices":[{"#).utf8)
    let tail = Array("}}]}\n\n".utf8)
    func add(_ delta: String, finish: String? = nil, usage: String? = nil) {
      let reason = finish.map { #""finish_reason":"\#($0)","# } ?? ""
      let inner = #"\#(reason)"index":0,"delta":{\#(delta)"#
      events.append(
        inner.utf8, head: head,
        tail: usage.map { Array(#"}}],"usage":\#($0)}\#("\n\n")"#.utf8) } ?? tail)
    }
    if let tool {
      let entry = { (inside: String) in #""tool_calls":[{\#(inside),"type":"function","index":0}]"#
      }
      add(#""content":"","role":"assistant""#)
      add(
        entry(
          #""id":"call_\#(identity.hex(2, count: 24))","function":{"arguments":"","#
            + #""name":\#(JSONText.quoted(tool.name))}"#))
      for piece in TextPieces.threes(tool.arguments) {
        add(entry(#""function":{"arguments":\#(JSONText.quoted(piece))}"#))
      }
      add("", finish: "tool_calls")
    } else {
      let pieces = isMock ? TextPieces.threes(text) : TextPieces.words(text)
      for (index, piece) in pieces.enumerated() {
        add(#""content":\#(JSONText.quoted(piece))"# + (index == 0 ? #","role":"assistant""# : ""))
      }
      add("", finish: "stop")
    }
    // LiteLLM's last chunk has a choice, where OpenAI's list is empty.
    if call.body["stream_options"]?["include_usage"] == .boolean(true) { add("", usage: usage) }
    events.append("data: [DONE]\n\n".utf8)
    return .stream(events)
  }
}
