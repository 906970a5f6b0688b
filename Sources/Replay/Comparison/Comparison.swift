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
  public var rules: ComparisonRules

  public init(_ extent: Extent = .content, _ rules: ComparisonRules = .usual) {
    self.extent = extent
    self.rules = rules
  }

  /// - Returns: the places at which the answers differ, and how; none: they match.
  public func differences(
    _ recorded: RecordedRequest.Answer, _ now: RecordedRequest.Answer
  ) -> [String] {
    guard recorded.status == now.status else {
      let wait = now.retryAfter.map { ", Retry-After \($0)" } ?? ""
      return ["status: \(recorded.status), now \(now.status)\(wait)"]
    }
    let excess =
      now.excess > 0 ? ["behind the answer: \(now.excess) bytes that nobody asked for"] : []
    let found = excess + fields(recorded, now) + timing(now)
    guard extent == .content else { return found }
    guard recorded.mediaType == now.mediaType else {
      return found + [
        "content-type: \(Self.named(recorded.mediaType)), now \(Self.named(now.mediaType))"
      ]
    }
    guard let then = recorded.content, let content = now.content else {
      return found + [
        recorded.content == nil
          ? "content: the recorded one's coding can't be undone, so nothing can be compared"
          : "content: its coding can't be undone now"
      ]
    }
    if recorded.mediaType == "text/event-stream" { return found + events(then, content) }
    if let one = JSONValue(json: then), let other = JSONValue(json: content) {
      return found + compare(one, other, .root)
    }
    return then == content
      ? found : found + ["content: \(then.count) bytes, now others (\(content.count))"]
  }

  private static func named(_ type: String) -> String { type.isEmpty ? "none" : type }

  private func fields(
    _ recorded: RecordedRequest.Answer, _ now: RecordedRequest.Answer
  ) -> [String] {
    rules.fields.compactMap { name in
      let (then, value) = (recorded.field(name), now.field(name))
      return then == value
        ? nil : "\(name): \(Self.quoted(then)), now \(Self.quoted(value))"
    }
  }

  private func timing(_ now: RecordedRequest.Answer) -> [String] {
    func tell(_ what: String, _ time: Int64?, _ longest: Int64?) -> String? {
      guard let time, let longest, time > longest else { return nil }
      return "\(what): \(time / 1_000_000) ms, at most \(longest / 1_000_000) ms are allowed"
    }
    return [
      tell("first event", now.timeToFirstEvent, rules.longestFirstEvent),
      tell("gap between events", now.longestGap, rules.longestEventGap),
    ].compactMap(\.self)
  }

  // MARK: JSON

  private func compare(_ then: JSONValue, _ now: JSONValue, _ place: JSONPlace) -> [String] {
    guard !rules.ignores(place) else { return [] }
    if let verdict = rules.judgement(then, now, at: place) { return verdict }
    switch (then, now) {
    case (.object(let then), .object(let now)):
      return Set(then.keys).union(now.keys).sorted().flatMap { name in
        compare(then[name], now[name], place.member(name))
      }
    case (.array(let then), .array(let now)):
      if rules.isUnordered(place) { return compareUnordered(then, now, place) }
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
    guard !rules.ignores(place) else { return [] }
    if let then { return ["\(place): \(Self.short(then)), now absent"] }
    return now.map { ["\(place): absent, now \(Self.short($0))"] } ?? []
  }

  /// Each has its like, wherever that stands.
  private func compareUnordered(
    _ then: [JSONValue], _ now: [JSONValue], _ place: JSONPlace
  ) -> [String] {
    var left = now
    var found: [String] = []
    for (index, value) in then.enumerated() {
      let element = place.element(index)
      if let match = left.firstIndex(where: { compare(value, $0, element).isEmpty }) {
        left.remove(at: match)
      } else {
        found.append("\(element): \(Self.short(value)), now absent")
      }
    }
    return found + left.map { "\(place): absent, now \(Self.short($0))" }
  }

  /// `1` and `1.0` are one number (RFC 8259, 6).
  private static func isSame(_ one: JSONValue, _ other: JSONValue) -> Bool {
    switch (one, other) {
    case (.integer(let whole), .number(let number)), (.number(let number), .integer(let whole)):
      Double(whole) == number
    default: one == other
    }
  }

  static func short(_ value: JSONValue) -> String {
    switch value {
    case .object: "an object"
    case .array(let values): "a list of \(values.count)"
    default:
      value.description.count > 60 ? "\(value.description.prefix(57))…" : value.description
    }
  }

  // MARK: Streams

  /// How a text is cut into events is nobody's promise: what they say together is, which kinds come
  /// in which order, and how it ends.
  private func events(_ then: [UInt8], _ now: [UInt8]) -> [String] {
    let (then, now) = (StreamedAnswer(then), StreamedAnswer(now))
    var found: [String] = []
    if then.kinds != now.kinds {
      let lost = Set(then.kinds).subtracting(now.kinds).sorted().map { "\($0), now absent" }
      let new = Set(now.kinds).subtracting(then.kinds).sorted().map { "absent, now \($0)" }
      found += (lost + new).map { "events: \($0)" }
      if lost.isEmpty, new.isEmpty {
        found.append(
          "events: in the order \(Self.listed(then.kinds)), now \(Self.listed(now.kinds))")
      }
    }
    if then.isDone != now.isDone {
      found.append("events: [DONE] \(then.isDone ? "there, now absent" : "absent, now there")")
    }
    for index in 0..<max(then.others.count, now.others.count) {
      found += compare(
        index < then.others.count ? then.others[index] : nil,
        index < now.others.count ? now.others[index] : nil,
        JSONPlace.root.member("events").element(index))
    }
    for name in Set(then.texts.keys).union(now.texts.keys).sorted() {
      let place = JSONPlace.root.member(name)
      guard then.texts[name] != now.texts[name], !rules.ignores(place) else { continue }
      // What a tool is called with is JSON, whatever its blanks.
      if name == "arguments", let one = then.texts[name].flatMap(Self.json),
        let other = now.texts[name].flatMap(Self.json)
      {
        found += compare(one, other, place)
        continue
      }
      found.append(
        "\(name), joined: \(Self.quoted(then.texts[name])), now \(Self.quoted(now.texts[name]))")
    }
    return found + compare(then.usage, now.usage, JSONPlace.root.member("usage"))
  }

  private static func json(_ text: String) -> JSONValue? { JSONValue(json: Array(text.utf8)) }

  private static func listed(_ kinds: [String]) -> String {
    let shown = kinds.prefix(6).joined(separator: " ")
    return kinds.count > 6 ? "\(shown) …" : shown
  }

  private static func quoted(_ text: String?) -> String {
    guard let text else { return "absent" }
    return short(.string(text))
  }
}
