internal import TestSupport

/// What is asked, and how it is written.
extension Traffic {
  private func head(
    _ method: String, _ target: String, _ host: String, _ value: String?, length: Int,
    _ dice: inout Dice
  ) -> String {
    var lines = ["Host: \(host)"]
    var name = "Authorization"
    if dice.happens(80) {
      lines += [
        "Accept-Encoding: identity", "Connection: keep-alive", "Accept: application/json",
        "User-Agent: AsyncOpenAI/Python 1.99.1", "X-Stainless-Lang: python",
        "X-Stainless-Package-Version: 1.99.1", "X-Stainless-OS: Linux", "X-Stainless-Arch: x64",
        "X-Stainless-Runtime: CPython", "X-Stainless-Runtime-Version: 3.12.3",
        "x-stainless-retry-count: 0", "x-stainless-read-timeout: 600",
      ]
    } else {
      name = "authorization"
      lines += ["accept: */*", "user-agent: node-fetch/1.0", "connection: keep-alive"]
    }
    if let value { lines.insert("\(name): \(value)", at: dice.roll(0...lines.count)) }
    if method != "GET" { lines += ["Content-Type: application/json", "Content-Length: \(length)"] }
    return "\(method) \(target) HTTP/1.1\r\n" + lines.joined(separator: "\r\n") + "\r\n\r\n"
  }

  /// As a client's library asks: prompts of some length, log-uniform as they are found, and the
  /// screenshot behind them.
  mutating func chat(
    _ shape: Shape, _ value: String?, _ host: String, _ status: Int, _ exchange: inout Exchange,
    _ dice: inout Dice
  ) {
    var body = Pieces()
    let length = max(1200, dice.rollLogarithmically(2000...60_000) - 600)
    conversation(length, streams: shape != .json, to: &body, &dice)
    if shape == .screenshot {
      appendScreenshot(dice.roll(500_000...3_000_000), to: &body, &dice)
    }
    body.append("]}")
    let target = dice.happens(80) ? "/chat/completions" : "/v1/chat/completions"
    let head = head("POST", target, host, value, length: body.bytes.count, &dice)
    exchange.request.append(head)
    // Most libraries write head and body at once or one after the other; few in the head's middle.
    let style = dice.share()
    if style >= 0.5, style < 0.97 { exchange.request.cut() }
    exchange.request.append(body.bytes)
    exchange.request.cut()
    if style >= 0.97 { exchange.request.cut(at: dice.roll(5...head.utf8.count - 3)) }

    guard status == 200 else { return refuse(status, &exchange) }
    guard shape == .json else { return stream(&exchange.answer, &dice) }
    var answer = Pieces()
    answer.append(
      #"{"id":"chatcmpl-x","object":"chat.completion","model":"gpt-4o","choices":[{"index":0,"#
        + #""finish_reason":"stop","message":{"role":"assistant","content":""#)
    prose.append(dice.roll(200...8000), to: &answer, &dice)
    answer.append(
      #""}}],"usage":{"completion_tokens":120,"prompt_tokens":900,"total_tokens":1020}}"#)
    self.answer(200, answer.bytes, &exchange)
  }

  private func conversation(
    _ length: Int, streams: Bool, to body: inout Pieces, _ dice: inout Dice
  ) {
    body.append(
      #"{"model":"\#(dice.pick(Self.models))","stream":\#(streams),"temperature":0."#
        + #"\#(dice.roll(0...9)),"messages":[{"role":"system","content":""#)
    let system = min(length / 4, 3000)
    prose.append(system, to: &body, &dice)
    body.append(#""}"#)
    var rest = length - system
    var isUser = true
    while rest > 0 {
      body.append(#",{"role":"\#(isUser ? "user" : "assistant")","content":""#)
      let before = body.bytes.count
      prose.append(min(rest, dice.roll(200...4000)), to: &body, &dice)
      rest -= body.bytes.count - before + 40
      body.append(#""}"#)
      isUser.toggle()
    }
  }

  private func appendScreenshot(_ length: Int, to body: inout Pieces, _ dice: inout Dice) {
    body.append(
      #",{"role":"user","content":[{"type":"text","text":"screenshot"},{"type":"image_url","#
        + #""image_url":{"url":"data:image/png;base64,"#)
    prose.appendPicture(length, to: &body, &dice)
    body.append(#""}}]}"#)
  }

  mutating func askModels(
    _ value: String?, _ host: String, _ status: Int, _ exchange: inout Exchange,
    _ dice: inout Dice
  ) {
    exchange.request.append(head("GET", "/model/info", host, value, length: 0, &dice))
    exchange.request.cut()
    guard status == 200 else { return refuse(status, &exchange) }
    let models = Self.models.map {
      #"{"model_name":"\#($0)","litellm_params":{"model":"openai/\#($0)"},"model_info":{"#
        + #""max_tokens":16384,"input_cost_per_token":2.5e-06,"output_cost_per_token":1e-05,"#
        + #""mode":"chat","supports_vision":true,"supports_function_calling":true}}"#
    }
    answer(200, Array(#"{"data":[\#(models.joined(separator: ","))]}"#.utf8), &exchange)
  }

  func small(
    _ value: String?, _ host: String, _ status: Int, _ exchange: inout Exchange,
    _ dice: inout Dice
  ) {
    let target = dice.pick(["/model/info", "/model_group/info", "/v1/models", "/key/info"])
    exchange.request.append("GET \(target) HTTP/1.1\r\nHost: \(host)\r\n")
    if let value { exchange.request.append("Authorization: \(value)\r\n") }
    exchange.request.append("Accept: */*\r\n\r\n")
    exchange.request.cut()
    let body =
      status == 200
      ? #"{"status":"ok","n":\#(dice.roll(0...999))}"# : #"{"error":{"code":"\#(status)"}}"#
    exchange.answer.append(
      "HTTP/1.1 \(status) \(Self.reasons[status] ?? "")\r\nContent-Type: application/json\r\n"
        + "Content-Length: \(body.utf8.count)\r\n\r\n" + body)
    exchange.answer.cut()
  }

  mutating func bulk(
    _ value: String?, _ host: String, _ status: Int, _ exchange: inout Exchange,
    _ dice: inout Dice
  ) {
    var body = Pieces()
    conversation(20_000, streams: false, to: &body, &dice)
    appendScreenshot(dice.roll(1_000_000...4_000_000), to: &body, &dice)
    body.append("]}")
    let target = dice.pick(["/chat/completions", "/v1/files", "/v1/batches"])
    exchange.request.append(
      head("POST", target, host, value, length: body.bytes.count, &dice))
    exchange.request.cut()
    exchange.request.append(body.bytes)
    exchange.request.cut()
    guard status == 200 else { return refuse(status, &exchange) }
    var answer = Pieces()
    prose.append(dice.roll(200_000...2_000_000), to: &answer, &dice)
    guard dice.happens(50) else { return self.answer(200, answer.bytes, &exchange) }
    exchange.answer.append(
      answerHead(200) + "content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n")
    var rest = answer.bytes[...]
    while !rest.isEmpty {
      append(chunk: rest.prefix(65_536), to: &exchange.answer)
      rest = rest.dropFirst(65_536)
    }
    exchange.answer.append("0\r\n\r\n")
    exchange.answer.cut()
  }
}
