/// A JSON answer, or the data of one event of a stream, with the members that some provider's API
/// has: chat completions and completions (`choices`), OpenAI's responses (`response.…` events,
/// `output`), Anthropic's messages (`content_block_…` events, `content`), Google's (`candidates`).
///
/// One type for all, since LiteLLM speaks each of them on routes of the others. A member of another
/// type than it should be counts as absent.
struct AnswerObject: Decodable {
  struct Choice: Decodable {
    var index: Int?
    var delta: Part?
    var message: Part?
    var text: String?
    var finishReason: String?

    init() {}

    init(from decoder: any Decoder) throws {
      let members = try decoder.container(keyedBy: MemberName.self)
      index = members.lenient(Int.self, "index")
      delta = members.lenient(Part.self, "delta")
      message = delta == nil ? members.lenient(Part.self, "message") : nil
      text = members.lenient(String.self, "text")
      finishReason = members.lenient(String.self, "finish_reason")
    }
  }

  /// A delta or a message.
  struct Part: Decodable {
    var content: String?
    var refusal: String?
    var reasoning: String?
    var toolCalls: [ToolCall]

    init(from decoder: any Decoder) throws {
      let members = try decoder.container(keyedBy: MemberName.self)
      content = members.lenient(String.self, "content")
      refusal = members.lenient(String.self, "refusal")
      reasoning =
        members.lenient(String.self, "reasoning_content")
        ?? members.lenient(String.self, "reasoning")
      toolCalls = members.lenient([ToolCall].self, "tool_calls") ?? []
      if let function = members.lenient(ToolCall.Function.self, "function_call") {
        toolCalls.append(ToolCall(function: function))
      }
    }
  }

  struct ToolCall: Decodable {
    struct Function: Decodable {
      var name: String?
      var arguments: String?
    }
    var index: Int?
    var id: String?
    var function: Function?
  }

  /// A content block of Anthropic's, or an item of OpenAI's responses.
  struct Block: Decodable {
    struct Text: Decodable {
      var type: String?
      var text: String?
      var refusal: String?
    }
    var type: String?
    var id: String?
    var callID: String?
    var name: String?
    var text: String?
    var thinking: String?
    var arguments: String?
    var input: JSONValue?
    var content: [Text]

    init(from decoder: any Decoder) throws {
      let members = try decoder.container(keyedBy: MemberName.self)
      type = members.lenient(String.self, "type")
      id = members.lenient(String.self, "id")
      callID = members.lenient(String.self, "call_id")
      name = members.lenient(String.self, "name")
      text = members.lenient(String.self, "text")
      thinking = members.lenient(String.self, "thinking")
      arguments = members.lenient(String.self, "arguments")
      input = members.lenient(JSONValue.self, "input")
      content = members.lenient([Text].self, "content") ?? []
    }
  }

  /// `delta` of Anthropic's events.
  struct Delta: Decodable {
    var text: String?
    var json: String?
    var thinking: String?
    var stopReason: String?

    init() {}

    init(from decoder: any Decoder) throws {
      let members = try decoder.container(keyedBy: MemberName.self)
      text = members.lenient(String.self, "text")
      json = members.lenient(String.self, "partial_json")
      thinking = members.lenient(String.self, "thinking")
      stopReason = members.lenient(String.self, "stop_reason")
    }
  }

  /// `message` of `message_start`, `response` of OpenAI's typed events.
  struct Inner: Decodable {
    struct Incomplete: Decodable { var reason: String? }
    var id: String?
    var model: String?
    var status: String?
    var usage: TokenUsage?
    var incomplete: Incomplete?
    var error: ErrorDetail?

    init(from decoder: any Decoder) throws {
      let members = try decoder.container(keyedBy: MemberName.self)
      id = members.lenient(String.self, "id")
      model = members.lenient(String.self, "model")
      status = members.lenient(String.self, "status")
      usage = members.lenient(TokenUsage.self, "usage")
      incomplete = members.lenient(Incomplete.self, "incomplete_details")
      error = members.lenient(ErrorDetail.self, "error")
    }
  }

  /// An error, as an object or as a text.
  struct ErrorDetail: Decodable {
    var message: String?

    init(from decoder: any Decoder) throws {
      if let text = try? decoder.singleValueContainer().decode(String.self) {
        message = text
      } else {
        message = try decoder.container(keyedBy: MemberName.self).lenient(String.self, "message")
      }
    }
  }

  /// Members of which there may be only one: which of two counts differs from reader to reader.
  static let namesThatCount = [
    "usage", "usageMetadata", "response", "message", "model", "modelVersion", "total_tokens",
    "prompt_tokens", "completion_tokens", "input_tokens", "output_tokens", "totalTokenCount",
    "promptTokenCount", "candidatesTokenCount",
  ].map { Array($0.utf8) }

  var type: String?
  var id: String?
  var model: String?
  var choices: [Choice]
  var usage: TokenUsage?
  var error: ErrorDetail?
  var status: String?
  var stopReason: String?
  var incomplete: Inner.Incomplete?
  var inner: Inner?
  var index: Int?
  var delta: Delta?
  /// `delta` of OpenAI's typed events, which is a text.
  var deltaText: String?
  /// A block or an item that begins.
  var block: Block?
  /// Of a whole answer.
  var blocks: [Block]

  init() {
    choices = []
    blocks = []
  }

  init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: MemberName.self)
    id = members.lenient(String.self, "id")
    model = members.lenient(String.self, "model")
    choices = members.lenient([Choice].self, "choices") ?? []
    usage = members.lenient(TokenUsage.self, "usage")
    error = members.lenient(ErrorDetail.self, "error")
    blocks = []
    // A chunk of a chat has nothing more, and comes by the thousands.
    guard choices.isEmpty else { return }
    type = members.lenient(String.self, "type")
    status = members.lenient(String.self, "status")
    stopReason = members.lenient(String.self, "stop_reason")
    incomplete = members.lenient(Inner.Incomplete.self, "incomplete_details")
    inner = members.lenient(Inner.self, "response") ?? members.lenient(Inner.self, "message")
    index = members.lenient(Int.self, "index") ?? members.lenient(Int.self, "output_index")
    block = members.lenient(Block.self, "content_block") ?? members.lenient(Block.self, "item")
    blocks =
      members.lenient([Block].self, "content") ?? members.lenient([Block].self, "output") ?? []
    if members.contains("delta") {
      deltaText = members.lenient(String.self, "delta")
      if deltaText == nil { delta = members.lenient(Delta.self, "delta") }
    }
    guard let candidates = members.lenient([Candidate].self, "candidates") else { return }
    id = members.lenient(String.self, "responseId")
    model = members.lenient(String.self, "modelVersion")
    usage = members.lenient(TokenUsage.self, "usageMetadata")
    choices = candidates.map(\.choice)
  }
}

extension AnswerObject {
  /// An answer of Google's.
  private struct Candidate: Decodable {
    struct Content: Decodable {
      struct Part: Decodable {
        struct Call: Decodable {
          var name: String?
          var args: JSONValue?
        }
        var text: String?
        var functionCall: Call?
      }
      var parts: [Part]?
    }
    var content: Content?
    var finishReason: String?
    var index: Int?

    var choice: Choice {
      let parts = content?.parts ?? []
      let calls = parts.compactMap(\.functionCall).map { call in
        ToolCall(
          function: .init(name: call.name, arguments: call.args.map { String(describing: $0) }))
      }
      return Choice(
        index: index, part: Part(content: parts.compactMap(\.text).joined(), toolCalls: calls),
        finishReason: finishReason)
    }
  }
}

extension AnswerObject.Choice {
  fileprivate init(index: Int?, part: AnswerObject.Part, finishReason: String?) {
    self.index = index
    delta = part
    self.finishReason = finishReason
  }
}

extension AnswerObject.Part {
  fileprivate init(content: String, toolCalls: [AnswerObject.ToolCall]) {
    self.content = content
    self.toolCalls = toolCalls
  }
}
