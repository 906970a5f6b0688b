/// An answer as its client has it in the end, whether it came whole or as a stream of deltas.
public struct JoinedAnswer: Sendable {
  public struct ToolCall: Sendable, Equatable {
    /// Its place in the answer, as the provider counts.
    public var index: Int
    public var id: String?
    public var name: String?
    /// JSON, as the model wrote it.
    public var arguments = ""
  }

  /// One of the alternatives that were asked for; mostly there is one.
  public struct Choice: Sendable, Equatable {
    public var index: Int
    public var text = ""
    public var refusal = ""
    public var reasoning = ""
    public var toolCalls: [ToolCall] = []
    public var finishReason: String?
  }

  /// Bounds against hostile answers; nobody asks for so many.
  static let choiceLimit = 128
  static let toolCallLimit = 1024
  /// Of texts, in bytes.
  static let textLimit = 1 << 20

  public internal(set) var id: String?
  public internal(set) var model: String?
  public internal(set) var choices: [Choice] = []
  public internal(set) var usage: TokenUsage?
  /// What went wrong, where the answer says so itself.
  public internal(set) var error: String?
  /// A bound cut something.
  public internal(set) var isCut = false

  /// Whether the last event of its format was seen, `[DONE]` aside.
  var isFinished = false
  var hasChoices = false
  /// Whether ``usage`` is that of the event which ends an answer.
  var hasFinalUsage = false
  /// Whether texts are kept, or only facts.
  let collects: Bool
  private var textBytes = 0

  init(collectingText collects: Bool) { self.collects = collects }

  /// In the order of the choices.
  public var finishReasons: [String] { choices.compactMap(\.finishReason) }

  // MARK: Joining

  /// Takes a whole answer, or the data of the next event.
  mutating func take(_ object: AnswerObject, event type: String = "") {
    note(object)
    for (number, choice) in object.choices.enumerated() { take(choice, at: number) }
    let kind = object.type ?? type
    if kind.isEmpty { return takeWhole(object) }
    switch kind {
    case "content_block_start", "response.output_item.added":
      if let block = object.block { begin(block, at: object.index ?? 0) }
    case "response.output_item.done":
      if let block = object.block { finish(block, at: object.index ?? 0) }
    case "content_block_delta":
      guard let delta = object.delta else { break }
      if let text = delta.text { add(text, \.text) }
      if let text = delta.thinking { add(text, \.reasoning) }
      if let json = delta.json { addArguments(json, to: object.index ?? 0) }
    case "message_delta":
      if let reason = object.delta?.stopReason {
        hasFinalUsage = object.usage?.isEmpty == false
        finish(reason)
      }
    case "message_stop":
      isFinished = true
    case "response.output_text.delta": add(object.deltaText ?? "", \.text)
    case "response.refusal.delta": add(object.deltaText ?? "", \.refusal)
    case "response.reasoning_text.delta", "response.reasoning_summary_text.delta":
      add(object.deltaText ?? "", \.reasoning)
    case "response.function_call_arguments.delta":
      addArguments(object.deltaText ?? "", to: object.index ?? 0)
    case "response.completed", "response.incomplete", "response.failed", "response.cancelled":
      isFinished = true
      hasFinalUsage = object.inner?.usage?.isEmpty == false
      finish(object.inner?.incomplete?.reason ?? object.inner?.status ?? String(kind.dropFirst(9)))
    case "error":
      if error == nil { error = "" }
    default:
      takeWhole(object)
    }
  }

  private mutating func note(_ object: AnswerObject) {
    id = id ?? object.id ?? object.inner?.id
    model = model ?? object.model ?? object.inner?.model
    if let usage = object.inner?.usage { note(usage) }
    if let usage = object.usage { note(usage) }
    if let detail = object.error ?? object.inner?.error { error = detail.message ?? "" }
  }

  private mutating func note(_ later: TokenUsage) {
    guard !later.isEmpty else { return }
    if usage == nil { usage = later } else { usage?.update(later) }
  }

  private mutating func take(_ choice: AnswerObject.Choice, at number: Int) {
    hasChoices = true
    guard let at = place(choice.index ?? number) else { return }
    if let reason = choice.finishReason { choices[at].finishReason = reason }
    if let text = choice.text { add(text, \.text, at: at) }
    guard let part = choice.delta ?? choice.message else { return }
    if let text = part.content { add(text, \.text, at: at) }
    if let text = part.refusal { add(text, \.refusal, at: at) }
    if let text = part.reasoning { add(text, \.reasoning, at: at) }
    for (order, call) in part.toolCalls.enumerated() {
      guard let index = toolCall(call.index ?? order, at: at) else { continue }
      if let id = call.id { choices[at].toolCalls[index].id = clipped(id) }
      if let name = call.function?.name { choices[at].toolCalls[index].name = clipped(name) }
      if let arguments = call.function?.arguments {
        addArguments(arguments, at: at, index)
      }
    }
  }

  /// An answer of Anthropic's or a response of OpenAI's that came in one piece.
  private mutating func takeWhole(_ object: AnswerObject) {
    for (number, block) in object.blocks.enumerated() {
      begin(block, at: number)
      finish(block, at: number)
    }
    if let reason = object.stopReason {
      finish(reason)
    } else if !object.blocks.isEmpty, let status = object.status {
      finish(object.incomplete?.reason ?? status)
    }
  }

  private mutating func begin(_ block: AnswerObject.Block, at index: Int) {
    switch block.type {
    case "tool_use", "server_tool_use", "function_call":
      guard let at = place(0), let call = toolCall(index, at: at) else { return }
      choices[at].toolCalls[call].id = (block.callID ?? block.id).map(clipped)
      choices[at].toolCalls[call].name = block.name.map(clipped)
    case "text": add(block.text ?? "", \.text)
    case "thinking": add(block.thinking ?? "", \.reasoning)
    default: break
    }
  }

  /// What a finished item holds counts where no delta told it.
  private mutating func finish(_ block: AnswerObject.Block, at index: Int) {
    guard let at = place(0) else { return }
    switch block.type {
    case "tool_use", "server_tool_use", "function_call":
      guard let call = toolCall(index, at: at), choices[at].toolCalls[call].arguments.isEmpty,
        let arguments = block.arguments ?? block.input.map(\.description)
      else { return }
      addArguments(arguments, at: at, call)
    case "message":
      guard choices[at].text.isEmpty, choices[at].refusal.isEmpty else { return }
      for part in block.content {
        if let text = part.text { add(text, \.text) }
        if let text = part.refusal { add(text, \.refusal) }
      }
    default: break
    }
  }

  private mutating func finish(_ reason: String) {
    guard let at = place(0) else { return }
    choices[at].finishReason = clipped(reason)
  }

  // MARK: Bounds

  private mutating func place(_ index: Int) -> Int? {
    if let last = choices.last, last.index == index { return choices.count - 1 }
    if let at = choices.firstIndex(where: { $0.index == index }) { return at }
    guard choices.count < Self.choiceLimit else {
      isCut = true
      return nil
    }
    let at = choices.firstIndex { $0.index > index } ?? choices.count
    choices.insert(Choice(index: index), at: at)
    return at
  }

  private mutating func toolCall(_ index: Int, at place: Int) -> Int? {
    guard collects else { return nil }
    if let at = choices[place].toolCalls.lastIndex(where: { $0.index == index }) { return at }
    guard choices[place].toolCalls.count < Self.toolCallLimit else {
      isCut = true
      return nil
    }
    choices[place].toolCalls.append(ToolCall(index: index))
    return choices[place].toolCalls.count - 1
  }

  private mutating func add(
    _ text: String, _ part: WritableKeyPath<Choice, String>, at place: Int? = nil
  ) {
    guard collects, !text.isEmpty, let at = place ?? self.place(0) else { return }
    guard let text = room(for: text) else { return }
    choices[at][keyPath: part] += text
  }

  private mutating func addArguments(_ text: String, to index: Int) {
    guard let at = place(0), let call = toolCall(index, at: at) else { return }
    addArguments(text, at: at, call)
  }

  private mutating func addArguments(_ text: String, at place: Int, _ call: Int) {
    guard let text = room(for: text) else { return }
    choices[place].toolCalls[call].arguments += text
  }

  private mutating func room(for text: String) -> String? {
    let room = Self.textLimit - textBytes
    textBytes += min(room, text.utf8.count)
    guard text.utf8.count > room else { return text }
    isCut = true
    return room > 0 ? String(decoding: text.utf8.prefix(room), as: UTF8.self) : nil
  }

  private func clipped(_ text: String) -> String {
    text.utf8.count <= 256 ? text : String(decoding: text.utf8.prefix(256), as: UTF8.self)
  }
}
