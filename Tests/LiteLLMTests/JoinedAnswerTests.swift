import TestSupport
import Testing

@testable import LiteLLM

@Suite("Events join to the answer that the client has in the end") struct JoinedAnswerTests {
  private func join(_ events: [String], collecting: Bool = true) throws -> JoinedAnswer {
    var answer = JoinedAnswer(collectingText: collecting)
    for event in events {
      answer.take(try JSONContent.decode(AnswerObject.self, Array(event.utf8)))
    }
    return answer
  }

  @Test func chatChunks() throws {
    let answer = try join([
      #"{"id":"c1","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}"#,
      #"{"id":"c1","choices":[{"index":0,"delta":{"content":"Hel"}}]}"#,
      #"{"id":"c1","choices":[{"index":1,"delta":{"content":"other"}}]}"#,
      #"{"id":"c1","choices":[{"index":0,"delta":{"content":"lo","reasoning_content":"hm"}}]}"#,
      #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
      #"{"choices":[{"index":1,"delta":{"refusal":"no"},"finish_reason":"length"}]}"#,
      #"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}"#,
    ])
    #expect(answer.id == "c1")
    #expect(answer.model == "m")
    #expect(answer.choices.map(\.text) == ["Hello", "other"])
    #expect(answer.choices[0].reasoning == "hm")
    #expect(answer.choices[1].refusal == "no")
    #expect(answer.finishReasons == ["stop", "length"])
    #expect(answer.usage?.total == 5)
  }

  @Test func toolCallsByTheirIndex() throws {
    let answer = try join([
      #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","type":"function","#
        + #""function":{"name":"move","arguments":""}}]}}]}"#,
      #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"x\""}}]}}]}"#,
      #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"b","function":{"name":"stop","arguments":"{}"}}]}}]}"#,
      #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]}}]}"#,
      #"{"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}"#,
    ])
    #expect(answer.choices[0].toolCalls.map(\.name) == ["move", "stop"])
    #expect(answer.choices[0].toolCalls.map(\.arguments) == [#"{"x":1}"#, "{}"])
    #expect(answer.choices[0].toolCalls.map(\.id) == ["a", "b"])
  }

  @Test func completions() throws {
    let answer = try join([
      #"{"choices":[{"index":0,"text":"Hel","finish_reason":null}]}"#,
      #"{"choices":[{"index":0,"text":"lo","finish_reason":"length"}]}"#,
    ])
    #expect(answer.choices.map(\.text) == ["Hello"])
    #expect(answer.finishReasons == ["length"])
  }

  @Test func responsesEvents() throws {
    let answer = try join([
      #"{"type":"response.created","response":{"id":"r1","model":"gpt-4o","status":"in_progress"}}"#,
      #"{"type":"response.output_text.delta","output_index":0,"delta":"Hel"}"#,
      #"{"type":"response.output_text.delta","output_index":0,"delta":"lo"}"#,
      #"{"type":"response.output_item.added","output_index":1,"item":{"type":"function_call","call_id":"c","name":"f","arguments":""}}"#,
      #"{"type":"response.function_call_arguments.delta","output_index":1,"delta":"{\"a\":"}"#,
      #"{"type":"response.function_call_arguments.delta","output_index":1,"delta":"1}"}"#,
      #"{"type":"response.output_item.done","output_index":1,"item":{"type":"function_call","call_id":"c","name":"f","arguments":"{\"a\":1}"}}"#,
      #"{"type":"response.completed","response":{"id":"r1","status":"completed","usage":{"input_tokens":5,"output_tokens":3,"total_tokens":8}}}"#,
    ])
    #expect(answer.id == "r1")
    #expect(answer.choices.map(\.text) == ["Hello"])
    #expect(answer.choices[0].toolCalls.map(\.arguments) == [#"{"a":1}"#])
    #expect(answer.finishReasons == ["completed"])
    #expect(answer.usage?.prompt == 5)
    #expect(answer.isFinished)
  }

  @Test func messagesEvents() throws {
    let answer = try join([
      #"{"type":"message_start","message":{"id":"m1","model":"claude","usage":{"input_tokens":9,"output_tokens":1}}}"#,
      #"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}}"#,
      #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}"#,
      #"{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}"#,
      #"{"type":"ping"}"#,
      #"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Hi"}}"#,
      #"{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"t","name":"move","input":{}}}"#,
      #"{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"x\""}}"#,
      #"{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":":1}"}}"#,
      #"{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":4}}"#,
      #"{"type":"message_stop"}"#,
    ])
    #expect(answer.choices.map(\.text) == ["Hi"])
    #expect(answer.choices[0].reasoning == "hm")
    #expect(answer.choices[0].toolCalls.map(\.arguments) == [#"{"x":1}"#])
    #expect(answer.finishReasons == ["tool_use"])
    #expect(answer.usage == TokenUsage(prompt: 9, completion: 4))
    #expect(answer.usage?.total == 13)
    #expect(answer.isFinished)
  }

  @Test func wholeAnswersSayTheSame() throws {
    let chat = try join([
      #"{"id":"c","choices":[{"index":0,"message":{"content":"Hi","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"stop"}]}"#
    ])
    #expect(chat.choices.map(\.text) == ["Hi"])
    #expect(chat.choices[0].toolCalls.map(\.name) == ["f"])
    let messages = try join([
      #"{"type":"message","content":[{"type":"text","text":"Hi"},{"type":"tool_use","id":"t","name":"f","input":{"x":1}}],"stop_reason":"end_turn"}"#
    ])
    #expect(messages.choices.map(\.text) == ["Hi"])
    #expect(messages.choices[0].toolCalls.map(\.arguments) == [#"{"x":1}"#])
    #expect(messages.finishReasons == ["end_turn"])
    let responses = try join([
      #"{"id":"r","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[{"type":"message","content":[{"type":"output_text","text":"Hi"}]}]}"#
    ])
    #expect(responses.choices.map(\.text) == ["Hi"])
    #expect(responses.finishReasons == ["max_output_tokens"])
    let google = try join([
      #"{"candidates":[{"content":{"parts":[{"text":"Hi"}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":2,"totalTokenCount":3}}"#
    ])
    #expect(google.choices.map(\.text) == ["Hi"])
    #expect(google.finishReasons == ["STOP"])
    #expect(google.usage?.total == 3)
  }

  @Test(arguments: [
    #"{"error":{"message":"boom","code":"500"}}"#, #"{"error":"boom"}"#,
    #"{"type":"error","error":{"type":"overloaded_error","message":"boom"}}"#,
    #"{"type":"response.failed","response":{"status":"failed","error":{"message":"boom"}}}"#,
  ])
  func errors(_ event: String) throws {
    #expect(try join([event]).error == "boom")
  }

  @Test func membersOfOtherTypesAreAbsent() throws {
    let answer = try join([
      #"{"id":7,"model":[],"choices":{"a":1},"usage":"x","delta":3,"type":{},"content":"text"}"#,
      #"{"choices":[{"index":"0","delta":{"content":[1]},"finish_reason":5}]}"#,
      #"{"usage":{"prompt_tokens":-1,"completion_tokens":1e99,"total_tokens":"5"}}"#,
    ])
    #expect(answer.id == nil)
    #expect(answer.usage == nil)
    #expect(answer.finishReasons.isEmpty)
  }

  @Test func hostileAnswersAreBounded() throws {
    let calls = (0..<2000).map { #"{"index":\#($0),"id":"a"}"# }.joined(separator: ",")
    let choices = (0..<300).map { #"{"index":\#(-$0),"text":"x"}"# }.joined(separator: ",")
    let text = String(repeating: "y", count: 3 << 20)
    let answer = try join([
      #"{"choices":[{"index":0,"delta":{"tool_calls":[\#(calls)]}}]}"#,
      #"{"choices":[\#(choices)]}"#, #"{"choices":[{"index":0,"text":"\#(text)"}]}"#,
    ])
    #expect(answer.isCut)
    #expect(answer.choices.count == JoinedAnswer.choiceLimit)
    #expect(answer.choices.allSatisfy { $0.toolCalls.count <= JoinedAnswer.toolCallLimit })
    let kept = answer.choices.reduce(0) { $0 + $1.text.utf8.count }
    #expect(kept <= JoinedAnswer.textLimit)
  }

  @Test func factsNeedNoTexts() throws {
    let answer = try join(
      [#"{"choices":[{"index":0,"delta":{"content":"private"},"finish_reason":"stop"}]}"#],
      collecting: false)
    #expect(answer.choices.map(\.text) == [""])
    #expect(answer.finishReasons == ["stop"])
  }
}
