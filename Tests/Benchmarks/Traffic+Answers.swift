internal import TestSupport

/// What the proxy says.
extension Traffic {
  func answerHead(_ status: Int) -> String {
    let number = String(calls, radix: 16)
    let call = String(repeating: "0", count: 12 - number.count) + number
    return "HTTP/1.1 \(status) \(Self.reasons[status] ?? "")\r\n"
      + "date: Thu, 09 Oct 2025 08:53:20 GMT\r\nserver: uvicorn\r\n"
      + "x-litellm-call-id: 0f8fad5b-d9cb-469f-a165-\(call)\r\nx-litellm-version: 1.77.5\r\n"
      + "x-litellm-key-spend: 0.0\r\n"
  }

  func answer(_ status: Int, _ body: [UInt8], _ exchange: inout Exchange) {
    exchange.answer.append(
      answerHead(status)
        + "content-length: \(body.count)\r\ncontent-type: application/json\r\n\r\n")
    exchange.answer.append(body)
    exchange.answer.cut()
  }

  func refuse(_ status: Int, _ exchange: inout Exchange) {
    let error =
      switch (status, exchange.credential) {
      case (401, .missing):
        #""message":"Authentication Error, No api key passed in.","type":"auth_error","param":"None""#
      case (401, _):
        #""message":"Authentication Error, LiteLLM Virtual Key expected. Received=sk-...xxxx, "#
          + #"expected to start with 'sk-'.","type":"auth_error","param":"None""#
      case (429, _): #""message":"Rate limit exceeded","type":"throttling_error""#
      default: #""message":"litellm.InternalServerError","type":null"#
      }
    answer(status, Array(#"{"error":{\#(error),"code":"\#(status)"}}"#.utf8), &exchange)
  }

  /// An answer token by token: each event is written, and sent, on its own.
  func stream(_ answer: inout Pieces, _ dice: inout Dice) {
    answer.append(
      answerHead(200) + "content-type: text/event-stream; charset=utf-8\r\n"
        + "cache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n")
    answer.cut()
    let number = String(calls, radix: 16)
    let identifier = String(repeating: "0", count: 24 - number.count) + number
    let begin = Array(
      (#"data: {"id":"chatcmpl-\#(identifier)","created":1760000000,"model":"gpt-4o-2024-08-06","#
        + #""object":"chat.completion.chunk","choices":[{"#).utf8)
    let delta = Array(#""index":0,"delta":{"content":""#.utf8)
    let end = Array("\"}}]}\n\n".utf8)
    var event: [UInt8] = []
    for _ in 0..<dice.roll(50...800) {
      event.removeAll(keepingCapacity: true)
      event += begin
      event += delta
      event += Self.tokens[dice.roll(0...Self.tokens.count - 1)]
      event += end
      append(chunk: event[...], to: &answer)
      answer.cut()
    }
    let stop = begin + Array(#""finish_reason":"stop","index":0,"delta":{}}]}"#.utf8) + [10, 10]
    append(chunk: stop[...], to: &answer)
    answer.cut()
    append(chunk: Array("data: [DONE]\n\n".utf8)[...], to: &answer)
    answer.cut()
    answer.append("0\r\n\r\n")
    answer.cut()
  }

  /// RFC 9112, 7.1.
  func append(chunk: ArraySlice<UInt8>, to answer: inout Pieces) {
    answer.append(String(chunk.count, radix: 16) + "\r\n")
    answer.append(chunk)
    answer.append("\r\n")
  }
}
