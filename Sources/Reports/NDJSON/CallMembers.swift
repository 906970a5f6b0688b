internal import HTTP
internal import LiteLLM
internal import Redaction

/// The record's member `llm`: members that don't apply are left out, what is unknown is `null`.
enum CallMembers {
  static func write(
    _ call: LLMCall, _ place: CallPlace, _ redactor: inout Redactor, _ json: inout JSONWriter
  ) {
    json.key("llm")
    json.beginObject()
    json.member("operation", call.operation.rawValue)
    member("model", call.model, &json) { $1.string(text($0, &redactor)) }
    member("stream", call.stream, &json) { $1.boolean($0) }
    member("attempt", call.attempt, &json) { $1.integer($0) }
    member("response_model", call.answeringModel, &json) { $1.string(text($0, &redactor)) }
    member("finish_reasons", call.finishReasons, &json) { reasons, json in
      json.beginArray()
      for reason in reasons { json.string(text(reason, &redactor)) }
      json.endArray()
    }
    member("usage", call.usage, &json) { usage($0, &$1) }
    member("time_to_first_event", call.timeToFirstEvent, &json) {
      $1.number(DecimalSeconds.text($0))
    }
    member("event_gaps", call.gaps, &json) { gaps, json in
      json.beginObject()
      json.member("count", gaps.count)
      json.key("median")
      json.number(DecimalSeconds.text(gaps.median))
      json.key("max")
      json.number(DecimalSeconds.text(gaps.max))
      json.endObject()
    }
    if let number = place.call { json.member("call", number) }
    if let parent = place.upstreamOf { json.member("upstream_of", parent) }
    if let marks = call.marks { write(marks, &redactor, &json) }
    json.endObject()
  }

  private static func member<Value>(
    _ name: StaticString, _ fact: Fact<Value>, _ json: inout JSONWriter,
    _ write: (Value, inout JSONWriter) -> Void
  ) {
    switch fact {
    case .present(let value):
      json.key(name)
      write(value, &json)
    case .unknown:
      json.key(name)
      json.null()
    case .absent: break
    }
  }

  private static func usage(_ usage: TokenUsage, _ json: inout JSONWriter) {
    json.beginObject()
    let counts: [(StaticString, Int?)] = [
      ("prompt_tokens", usage.prompt), ("completion_tokens", usage.completion),
      ("total_tokens", usage.total), ("cached_tokens", usage.cached),
      ("reasoning_tokens", usage.reasoning),
    ]
    for (name, count) in counts {
      if let count { json.member(name, count) }
    }
    json.endObject()
  }

  private static func write(
    _ marks: ProxyMarks, _ redactor: inout Redactor, _ json: inout JSONWriter
  ) {
    json.key("litellm")
    json.beginObject()
    let members: [(StaticString, String?)] = [
      ("call_id", marks.callID), ("model_id", marks.modelID), ("version", marks.version),
      ("response_cost", marks.responseCost), ("attempted_retries", marks.attemptedRetries),
    ]
    for (name, value) in members {
      if let value { json.member(name, text(value, &redactor)) }
    }
    json.endObject()
  }

  /// Words of the capture: redacted first, so that no cut goes through a key.
  private static func text(_ text: String, _ redactor: inout Redactor) -> String {
    String(redactor.text(text).prefix(256))
  }
}
