internal import Exchanges
internal import HTTP
internal import LiteLLM
internal import Redaction
internal import Wire

/// What `show` tells of a call of a model: facts always; what was said only on request, since it is
/// private.
enum CallText {
  /// How much of a text is shown, in bytes.
  private static let limit = 1 << 20

  // MARK: Facts

  static func facts(_ reading: CallReading, _ redactor: inout Redactor) -> String {
    guard let call = reading.call else { return "" }
    func shown(_ text: String) -> String {
      TerminalText.escape(redactor.text(text)).clipped(to: 100)
    }
    var first = [call.operation.rawValue]
    switch call.model {
    case .present(let model): first.append(shown(model))
    case .unknown: first.append("model unknown")
    case .absent: break
    }
    if let model = call.answeringModel.value, model != call.model.value {
      first.append("answered by \(shown(model))")
    }
    if call.stream == .present(true) { first.append("streamed") }
    let attempt = call.attempt.value.map { "attempt \($0)" }
    let number = reading.place.call.map { "call \($0)" }
    let place = [attempt, number].compactMap(\.self).joined(separator: " of ")
    if !place.isEmpty { first.append(place) }
    if let parent = reading.place.upstreamOf { first.append("upstream of #\(parent)") }
    var lines = [first.joined(separator: ", ")]
    var second: [String] = []
    if let usage = call.usage.value { second.append(tokens(usage)) }
    if let reasons = call.finishReasons.value {
      second.append("finished: " + reasons.map(shown).joined(separator: ", "))
    }
    if let error = call.answer.error {
      // Its first line; --show-bodies has all of it.
      let line = redactor.text(error).prefix { !$0.isNewline }
      second.append("error: \(TerminalText.escape(String(line)).clipped(to: 200))")
    }
    if !second.isEmpty { lines.append(second.joined(separator: ", ")) }
    if let events = events(call) { lines.append(events) }
    var text = ""
    for (number, line) in lines.enumerated() {
      text += (number == 0 ? "   call     " : "            ") + line + "\n"
    }
    guard let marks = call.marks else { return text }
    let members = [
      ("call", marks.callID), ("model", marks.modelID), ("version", marks.version),
      ("cost", marks.responseCost), ("retries", marks.attemptedRetries),
    ]
    let told = members.compactMap { name, value in value.map { "\(name) \(shown($0))" } }
    return text + "   litellm  \(told.joined(separator: ", "))\n"
  }

  /// `11 prompt + 7 completion = 18 tokens (4 cached, 2 reasoning)`.
  private static func tokens(_ usage: TokenUsage) -> String {
    let counts = [usage.prompt.map { "\($0) prompt" }, usage.completion.map { "\($0) completion" }]
      .compactMap(\.self).joined(separator: " + ")
    let total = usage.total.map { "\($0) tokens" } ?? "tokens"
    var text = counts.isEmpty ? total : "\(counts) = \(total)"
    let details = [usage.cached.map { "\($0) cached" }, usage.reasoning.map { "\($0) reasoning" }]
      .compactMap(\.self)
    if !details.isEmpty { text += " (\(details.joined(separator: ", ")))" }
    return text
  }

  /// `9 events, first after 0.014 s, gaps 0.001 s (median) to 0.010 s`.
  private static func events(_ call: LLMCall) -> String? {
    var parts: [String] = []
    switch call.events {
    case .absent: return nil
    case .unknown: parts.append("number of events unknown")
    case .present(let count): parts.append("\(count) \(count == 1 ? "event" : "events")")
    }
    if let wait = call.timeToFirstEvent.value {
      parts.append("first after \(DurationText.seconds(wait))")
    }
    if let gaps = call.gaps.value {
      let median = DurationText.seconds(gaps.median)
      parts.append("gaps \(median) (median) to \(DurationText.seconds(gaps.max))")
    }
    return parts.joined(separator: ", ")
  }

  // MARK: What was said

  /// Roles stand five columns in, what they say seven: no text can pass for another's.
  private struct Lines {
    var bytes: [UInt8] = []
    var isCut = false

    mutating func role(_ role: String) { add("  " + oneLine(role) + ":") }

    mutating func say(_ text: String) {
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        add("    \(line)")
      }
    }

    mutating func call(_ name: String, _ arguments: String, _ id: String?) {
      say("-> \(oneLine(name))(\(arguments))" + (id.map { "  \(oneLine($0))" } ?? ""))
    }

    private mutating func add(_ line: String) {
      guard bytes.count < limit else {
        isCut = true
        return
      }
      bytes += line.utf8.prefix(limit)
      bytes.append(0x0A)
    }

    private func oneLine(_ text: String) -> String {
      String(text.map { $0.isNewline ? " " : $0 })
    }
  }

  static func conversation(_ prompt: Prompt, _ redactor: inout Redactor) -> String {
    var lines = Lines()
    for message in prompt.messages {
      lines.role(message.role)
      for part in message.parts {
        switch part {
        case .text(let text): lines.say(text)
        case .thinking(let text): lines.say("(thinking) " + text)
        case .elided(let what): lines.say("[\(what)]")
        case .call(let name, let arguments, let id): lines.call(name, arguments, id)
        case .result(let id): lines.say("<- \(id ?? "result")")
        }
      }
    }
    if !prompt.tools.isEmpty {
      lines.role("\(prompt.tools.count) tools")
      lines.say(prompt.tools.joined(separator: ", "))
    }
    if !prompt.parameters.isEmpty {
      lines.role("parameters")
      // As JSON, in which the redactor knows names of secrets.
      let members = prompt.parameters.map { "\(JSONValue.string($0.name)):\($0.value)" }
      lines.say("{" + members.joined(separator: ",") + "}")
    }
    return shown(lines, &redactor)
  }

  /// - Returns: nothing where the answer has no texts, calls or errors.
  static func answer(_ answer: JoinedAnswer, _ redactor: inout Redactor) -> String {
    var lines = Lines()
    for choice in answer.choices {
      lines.role(answer.choices.count > 1 ? "assistant \(choice.index)" : "assistant")
      if !choice.reasoning.isEmpty { lines.say("(thinking) " + choice.reasoning) }
      if !choice.text.isEmpty { lines.say(choice.text) }
      if !choice.refusal.isEmpty { lines.say("(refusal) " + choice.refusal) }
      for call in choice.toolCalls { lines.call(call.name ?? "?", call.arguments, call.id) }
    }
    if let error = answer.error {
      lines.role("error")
      lines.say(error)
    }
    if answer.isCut { lines.isCut = true }
    return shown(lines, &redactor)
  }

  private static func shown(_ lines: Lines, _ redactor: inout Redactor) -> String {
    guard !lines.bytes.isEmpty else { return "" }
    let text = indented(
      Base64Runs.elided(redactor.text(Array(lines.bytes.dropLast()))), by: 3)
    return text + (lines.isCut ? "     (more than is shown)\n" : "")
  }

  // MARK: Events

  /// Each event with its time since the request's last byte, or the answer's first.
  static func events(
    _ response: Message, since start: Timestamp?, in store: CaptureStore,
    _ redactor: inout Redactor
  ) -> String {
    let start = start ?? response.time
    var marks: [String] = []
    var data: [UInt8] = []
    var hidden = 0
    var types: [[UInt8]] = []
    var stream = EventStreamReading(response, in: store)
    stream.read { event, time in
      guard data.count + event.data.count <= limit else {
        hidden += 1
        return
      }
      let offset = time?.nanoseconds(since: start).map(DurationText.offset) ?? "?"
      for (number, line) in event.data.split(separator: 0x0A, omittingEmptySubsequences: false)
        .enumerated()
      {
        marks.append(number == 0 ? offset : "")
        types.append(number == 0 ? event.type : [])
        data += Array("data: ".utf8) + line + [0x0A]
      }
    }
    // All at once: a key may be spread over several events.
    let lines = Base64Runs.elided(redactor.text(data))
      .split(separator: 0x0A, omittingEmptySubsequences: false).dropLast()
    let width = marks.map(\.count).max() ?? 0
    var text = "   events   since the request's last byte\n"
    for (number, line) in lines.enumerated() {
      var mark = ""
      var type = ""
      // A secret that reached over a line's end would leave fewer lines than there were.
      if lines.count == marks.count {
        mark = marks[number]
        let name = TerminalText.escape(redactor.text(types[number]))
        if !name.isEmpty { type = "event: \(name)  " }
      }
      mark = String(repeating: " ", count: width - mark.count) + mark
      text += "     \(mark)  \(type)\(TerminalText.escape(line))\n"
    }
    if hidden > 0 { text += "     (and \(hidden) more)\n" }
    if stream.doubt != nil { text += "     (the stream isn't whole)\n" }
    return text
  }

  /// A text of several lines, safe to print.
  static func indented(_ text: [UInt8], by columns: Int) -> String {
    let margin = String(repeating: " ", count: columns)
    var indented = ""
    for line in TerminalText.escape(text, keepingNewlines: true).split(
      separator: "\n", omittingEmptySubsequences: false)
    {
      indented += "\(margin)\(line)\n"
    }
    return indented
  }
}
