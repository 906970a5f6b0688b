internal import HTTP
internal import LiteLLM

/// What of a recorded answer has to come again.
public struct Comparison: Sendable {
  public enum Extent: String, Sendable, CaseIterable {
    case status
    /// The status, the media type and the content.
    case content
  }

  public var extent: Extent
  /// JSON paths that may differ: `$.id`, `$.choices[*].message.content`, `$..created`.
  public var ignored: [JSONPath]

  /// What is another one each time.
  public static let volatile = [
    "$..id", "$..created", "$..created_at", "$..completed_at", "$..system_fingerprint",
    "$..call_id", "$..item_id", "$..response_id", "$..obfuscation",
  ].compactMap(JSONPath.init)

  public init(_ extent: Extent = .content, ignoring ignored: [JSONPath] = volatile) {
    self.extent = extent
    self.ignored = ignored
  }

  /// - Returns: the places at which the answers differ, and how; none: they match.
  public func differences(
    _ recorded: RecordedRequest.Answer, _ now: RecordedRequest.Answer
  ) -> [String] {
    guard recorded.status == now.status else {
      return ["status: \(recorded.status), now \(now.status)"]
    }
    guard extent == .content else { return [] }
    guard recorded.mediaType == now.mediaType else {
      return ["content-type: \(Self.named(recorded.mediaType)), now \(Self.named(now.mediaType))"]
    }
    guard let then = recorded.content, let content = now.content else {
      return recorded.content == nil ? [] : ["content: its coding can't be undone now"]
    }
    if recorded.mediaType == "text/event-stream" { return events(then, content) }
    if let one = JSONValue(json: then), let other = JSONValue(json: content) {
      return compare(one, other, .root)
    }
    return then == content ? [] : ["content: \(then.count) bytes, now others (\(content.count))"]
  }

  private static func named(_ type: String) -> String { type.isEmpty ? "none" : type }

  // MARK: JSON

  private func compare(_ then: JSONValue, _ now: JSONValue, _ place: JSONPlace) -> [String] {
    guard !ignored.contains(where: { $0.matches(place) }) else { return [] }
    switch (then, now) {
    case (.object(let then), .object(let now)):
      return Set(then.keys).union(now.keys).sorted().flatMap { name in
        compare(then[name], now[name], place.member(name))
      }
    case (.array(let then), .array(let now)):
      return (0..<max(then.count, now.count)).flatMap { index in
        compare(
          index < then.count ? then[index] : nil, index < now.count ? now[index] : nil,
          place.element(index))
      }
    default:
      return Self.isSame(then, now)
        ? [] : ["\(place): \(Self.short(then)), now \(Self.short(now))"]
    }
  }

  private func compare(_ then: JSONValue?, _ now: JSONValue?, _ place: JSONPlace) -> [String] {
    if let then, let now { return compare(then, now, place) }
    guard !ignored.contains(where: { $0.matches(place) }) else { return [] }
    if let then { return ["\(place): \(Self.short(then)), now absent"] }
    return now.map { ["\(place): absent, now \(Self.short($0))"] } ?? []
  }

  /// `1` and `1.0` are one number (RFC 8259, 6).
  private static func isSame(_ one: JSONValue, _ other: JSONValue) -> Bool {
    switch (one, other) {
    case (.integer(let whole), .number(let number)), (.number(let number), .integer(let whole)):
      Double(whole) == number
    default: one == other
    }
  }

  private static func short(_ value: JSONValue) -> String {
    switch value {
    case .object: "an object"
    case .array(let values): "a list of \(values.count)"
    default:
      value.description.count > 60 ? "\(value.description.prefix(57))…" : value.description
    }
  }

  // MARK: Streams

  /// How a text is cut into events is nobody's promise: what they say together is, and how it ends.
  private func events(_ then: [UInt8], _ now: [UInt8]) -> [String] {
    let (then, now) = (StreamedAnswer(then), StreamedAnswer(now))
    var found: [String] = []
    if then.kinds != now.kinds {
      let lost = then.kinds.subtracting(now.kinds).sorted().map { "\($0), now absent" }
      let new = now.kinds.subtracting(then.kinds).sorted().map { "absent, now \($0)" }
      found += (lost + new).map { "events: \($0)" }
    }
    if then.isDone != now.isDone {
      found.append("events: [DONE] \(then.isDone ? "there, now absent" : "absent, now there")")
    }
    for name in Set(then.texts.keys).union(now.texts.keys).sorted() {
      let place = JSONPlace.root.member(name)
      guard then.texts[name] != now.texts[name], !ignored.contains(where: { $0.matches(place) })
      else { continue }
      found.append(
        "\(name), joined: \(Self.quoted(then.texts[name])), now \(Self.quoted(now.texts[name]))")
    }
    return found
  }

  private static func quoted(_ text: String?) -> String {
    guard let text else { return "absent" }
    return short(.string(text))
  }
}

/// The events of a stream, put together.
struct StreamedAnswer {
  /// Types of events: of the field `event`, or `object` of their data.
  var kinds: Set<String> = []
  var isDone = false
  /// Text and arguments, joined, and why it ended; by what they are.
  var texts: [String: String] = [:]

  init(_ content: [UInt8]) {
    var decoder = EventStreamDecoder()
    decoder.take(content[...]) { event in
      if event.data.elementsEqual("[DONE]".utf8) {
        isDone = true
        return
      }
      let data = JSONValue(json: event.data)
      let kind =
        event.type.isEmpty ? data?["object"]?.string : String(decoding: event.type, as: UTF8.self)
      kinds.insert(kind ?? "message")
      if let error = data?["error"] { add("error", error.description) }
      for choice in data?["choices"]?.array ?? [] {
        add("content", choice["delta"]?["content"]?.string)
        add("content", choice["text"]?.string)
        add("finish_reason", choice["finish_reason"]?.string)
        for call in choice["delta"]?["tool_calls"]?.array ?? [] {
          add("tool", call["function"]?["name"]?.string)
          add("arguments", call["function"]?["arguments"]?.string)
        }
      }
      // Anthropic's messages and OpenAI's responses.
      if let text = data?["delta"]?.string { add("content", text) }
      add("content", data?["delta"]?["text"]?.string)
      add("arguments", data?["delta"]?["partial_json"]?.string)
      add("finish_reason", data?["delta"]?["stop_reason"]?.string)
    }
  }

  private mutating func add(_ name: String, _ text: String?) {
    if let text { texts[name, default: ""] += text }
  }
}
