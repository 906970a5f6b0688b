public import Exchanges
internal import HTTP
public import Wire

/// The conversation that a request carries, for a person to read: OpenAI's chat and responses,
/// Anthropic's messages, Google's contents. Pictures and recordings are counted, not repeated.
public struct Prompt: Sendable {
  public enum Part: Sendable, Equatable {
    case text(String)
    case thinking(String)
    /// What isn't text: `image/png, 183 kB base64`.
    case elided(String)
    /// A tool that the model called, with its arguments in JSON.
    case call(name: String, arguments: String, id: String?)
    /// What a tool gave back, in front of its text.
    case result(id: String?)
  }

  public struct Message: Sendable, Equatable {
    public var role: String
    public var parts: [Part]
  }

  public private(set) var messages: [Message] = []
  /// Names of the tools that are offered.
  public private(set) var tools: [String] = []
  /// The other members, each with its value as JSON in one line, in the order of their names.
  public private(set) var parameters: [(name: String, value: String)] = []

  /// - Returns: `nil` where the content isn't whole, isn't JSON within bounds, or holds no
  ///   conversation.
  public init?(_ request: Exchanges.Message, in store: CaptureStore) {
    guard let content = JSONContent.whole(request, in: store).value else { return nil }
    self.init(content)
  }

  init?(_ content: [UInt8]) {
    guard content.first(where: { $0 > 0x20 }) == 0x7B,
      let value = try? JSONContent.decode(JSONValue.self, content),
      case .object(var members) = value
    else { return nil }
    for name in ["system", "instructions", "systemInstruction", "system_instruction"] {
      guard let value = members.removeValue(forKey: name), value != .null else { continue }
      messages.append(Message(role: "system", parts: Self.parts(value["parts"] ?? value)))
    }
    var isConversation = false
    for name in ["messages", "input", "prompt", "contents"] {
      guard let value = members.removeValue(forKey: name) else { continue }
      isConversation = true
      if let texts = value.array {
        messages += texts.map(Self.message)
      } else {
        messages.append(Message(role: "user", parts: Self.parts(value)))
      }
    }
    guard isConversation else { return nil }
    if let offered = members.removeValue(forKey: "tools")?.array {
      tools = offered.compactMap { ($0["function"]?["name"] ?? $0["name"] ?? $0["type"])?.string }
    }
    parameters = members.sorted { $0.key < $1.key }.map { ($0.key, $0.value.description) }
  }

  private static func message(_ value: JSONValue) -> Message {
    // A bare text, as in a list of inputs.
    guard case .object = value else { return Message(role: "user", parts: parts(value)) }
    if let kind = value["type"]?.string, value["role"] == nil {
      // Items of OpenAI's responses.
      return Message(
        role: kind == "function_call_output" ? "tool" : "assistant", parts: part(value))
    }
    let role = value["role"]?.string ?? "?"
    var found: [Part] = []
    if let id = value["tool_call_id"]?.string { found.append(.result(id: id)) }
    if let thought = value["reasoning_content"]?.string, !thought.isEmpty {
      found.append(.thinking(thought))
    }
    if let content = value["content"] ?? value["parts"] { found += parts(content) }
    for call in value["tool_calls"]?.array ?? [] {
      found.append(
        .call(
          name: call["function"]?["name"]?.string ?? "?",
          arguments: call["function"]?["arguments"]?.string ?? "", id: call["id"]?.string))
    }
    return Message(role: role, parts: found)
  }

  private static func parts(_ value: JSONValue) -> [Part] {
    switch value {
    case .string(let text): [.text(text)]
    case .array(let values): values.flatMap(part)
    case .null: []
    default: part(value)
    }
  }

  private static func part(_ value: JSONValue) -> [Part] {
    if let text = value.string { return [.text(text)] }
    switch value["type"]?.string {
    case "image_url":
      return [source(value["image_url"]?["url"] ?? value["image_url"], "image")]
    case "input_image":
      return [source(value["image_url"] ?? value["file_id"], "image")]
    case "image", "document":
      guard let source = value["source"] else { break }
      if let data = source["data"]?.string, source["type"]?.string == "base64" {
        return [.elided(base64(source["media_type"]?.string ?? "data", data))]
      }
      if let text = source["data"]?.string { return [.text(text)] }
      return [Self.source(source["url"] ?? source["file_id"], "file")]
    case "input_audio":
      let format = value["input_audio"]?["format"]?.string ?? "?"
      return [.elided(base64("audio/\(format)", value["input_audio"]?["data"]?.string ?? ""))]
    case "file", "input_file":
      let file = value["file"] ?? value
      if let data = file["file_data"]?.string, !data.hasPrefix("data:") {
        return [.elided(base64("file", data))]
      }
      return [source(file["file_data"] ?? file["file_id"] ?? file["file_url"], "file")]
    case "tool_use", "server_tool_use":
      return [
        .call(
          name: value["name"]?.string ?? "?", arguments: value["input"]?.description ?? "",
          id: value["id"]?.string)
      ]
    case "function_call":
      return [
        .call(
          name: value["name"]?.string ?? "?", arguments: value["arguments"]?.string ?? "",
          id: value["call_id"]?.string)
      ]
    case "tool_result":
      return [.result(id: value["tool_use_id"]?.string)] + (value["content"].map(parts) ?? [])
    case "function_call_output":
      return [.result(id: value["call_id"]?.string)] + (value["output"].map(parts) ?? [])
    case "thinking":
      return [.thinking(value["thinking"]?.string ?? "")]
    default: break
    }
    if let text = (value["text"] ?? value["refusal"])?.string { return [.text(text)] }
    if let inline = value["inlineData"] ?? value["inline_data"] {
      let type = (inline["mimeType"] ?? inline["mime_type"])?.string ?? "data"
      return [.elided(base64(type, inline["data"]?.string ?? ""))]
    }
    if let call = value["functionCall"] {
      return [
        .call(
          name: call["name"]?.string ?? "?", arguments: call["args"]?.description ?? "", id: nil)
      ]
    }
    return [.elided(value["type"]?.string ?? "\(value.description.utf8.count) bytes of JSON")]
  }

  /// A data URL (RFC 2397) counted, any other address as it is.
  private static func source(_ value: JSONValue?, _ kind: String) -> Part {
    guard let text = value?.string else { return .elided(kind) }
    guard text.hasPrefix("data:"), let comma = text.firstIndex(of: ",") else {
      return .elided("\(kind) \(text)")
    }
    let type = text[text.index(text.startIndex, offsetBy: 5)..<comma].prefix { $0 != ";" }
    return .elided(
      base64(type.isEmpty ? kind : String(type), String(text[text.index(after: comma)...])))
  }

  private static func base64(_ type: String, _ data: String) -> String {
    "\(type), \(ByteCount.text(data.utf8.count)) base64"
  }
}
