/// What an answer says about the tokens it took, whatever the provider calls them.
public struct TokenUsage: Sendable, Equatable {
  /// Of the prompt: `prompt_tokens`, `input_tokens`. Anthropic's leave out what came from a cache.
  public var prompt: Int?
  /// Of the answer: `completion_tokens`, `output_tokens`.
  public var completion: Int?
  /// As given, else the sum of the others.
  public var total: Int? {
    if let given { return given }
    guard let prompt, let completion else { return nil }
    let (sum, overflow) = prompt.addingReportingOverflow(completion)
    return overflow ? nil : sum
  }
  /// Of the prompt, read from a cache.
  public var cached: Int?
  /// Of the answer, spent on reasoning.
  public var reasoning: Int?
  private var given: Int?

  init(prompt: Int?, completion: Int?) {
    self.prompt = prompt
    self.completion = completion
  }

  public var isEmpty: Bool { prompt == nil && completion == nil && given == nil }

  /// Takes what a later event of the same stream says.
  mutating func update(_ later: TokenUsage) {
    prompt = later.prompt ?? prompt
    completion = later.completion ?? completion
    cached = later.cached ?? cached
    reasoning = later.reasoning ?? reasoning
    given = later.given ?? given
  }
}

extension TokenUsage: Decodable {
  private struct Details: Decodable {
    var cached: Int?
    var reasoning: Int?

    init(from decoder: any Decoder) throws {
      let members = try decoder.container(keyedBy: MemberName.self)
      cached = members.lenient(Int.self, "cached_tokens")
      reasoning = members.lenient(Int.self, "reasoning_tokens")
    }
  }

  public init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: MemberName.self)
    func number(_ keys: MemberName...) -> Int? {
      for key in keys {
        if let value = members.lenient(Int.self, key), value >= 0 { return value }
      }
      return nil
    }
    prompt = number("prompt_tokens", "input_tokens", "promptTokenCount")
    completion = number("completion_tokens", "output_tokens", "candidatesTokenCount")
    given = number("total_tokens", "totalTokenCount")
    let asked =
      members.lenient(Details.self, "prompt_tokens_details")
      ?? members.lenient(Details.self, "input_tokens_details")
    let answered =
      members.lenient(Details.self, "completion_tokens_details")
      ?? members.lenient(Details.self, "output_tokens_details")
    cached = asked?.cached ?? number("cache_read_input_tokens")
    reasoning = answered?.reasoning
  }
}

extension TokenUsage {
  /// Reads counts of OpenAI's names.
  ///
  /// - Returns: `nil` where it is no object.
  /// - Throws: where it is written in an unusual way, or has other names.
  init?(plain json: inout PlainJSON) throws(PlainJSON.Unusual) {
    var usage = TokenUsage(prompt: nil, completion: nil)
    var once = PlainJSON.Once()
    var readFromCache: Int?
    let isObject = try json.object { (name, json) throws(PlainJSON.Unusual) in
      switch name {
      case "prompt_tokens":
        try once(0)
        usage.prompt = try Self.count(&json)
      case "completion_tokens":
        try once(1)
        usage.completion = try Self.count(&json)
      case "total_tokens":
        try once(2)
        usage.given = try Self.count(&json)
      case "prompt_tokens_details":
        try once(3)
        usage.cached = try Self.detail("cached_tokens", &json)
      case "completion_tokens_details":
        try once(4)
        usage.reasoning = try Self.detail("reasoning_tokens", &json)
      case "cache_read_input_tokens":
        try once(5)
        readFromCache = try Self.count(&json)
      case "input_tokens", "output_tokens", "promptTokenCount", "candidatesTokenCount",
        "totalTokenCount", "input_tokens_details", "output_tokens_details":
        throw PlainJSON.Unusual()
      default: try json.skip()
      }
    }
    guard isObject else { return nil }
    usage.cached = usage.cached ?? readFromCache
    self = usage
  }

  private static func count(_ json: inout PlainJSON) throws(PlainJSON.Unusual) -> Int? {
    try json.integer().flatMap { $0 >= 0 ? $0 : nil }
  }

  private static func detail(
    _ member: StaticString, _ json: inout PlainJSON
  ) throws(PlainJSON.Unusual) -> Int? {
    var once = PlainJSON.Once()
    var count: Int?
    _ = try json.object { (name, json) throws(PlainJSON.Unusual) in
      guard member ~= name else { return try json.skip() }
      try once(0)
      count = try json.integer()
    }
    return count
  }
}
