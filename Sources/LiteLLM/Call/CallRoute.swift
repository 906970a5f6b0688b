/// What the target of a request says about the call: the operation, and with some providers the
/// model.
///
/// Paths are those of OpenAI, Anthropic, Azure, Google and LiteLLM itself, behind any prefix that ends
/// in a version (`/v1/…`) or names a provider (`/anthropic/v1/messages`).
public struct CallRoute: Sendable, Equatable {
  /// How the events of a streamed answer come.
  enum Format: Sendable {
    /// `data:` lines with chunks, and `[DONE]` at the end.
    case openAI
    /// OpenAI's responses: typed events; LiteLLM ends them with `[DONE]`, OpenAI doesn't.
    case responses
    /// Named events, and none behind `message_stop`.
    case anthropic
    case other
  }

  public var operation: CallOperation
  /// The model that the target names: Azure's deployment, Google's model, the query of a WebSocket.
  public var model: String?
  /// Whether the target alone says that the answer is a stream.
  public var isStream = false
  var format = Format.other

  private static let prefixes: Set<Substring> = [
    "api", "openai", "anthropic", "azure", "azure_ai", "bedrock", "cohere", "gemini", "mistral",
    "vertex_ai", "vllm", "openai_passthrough", "v1", "v2", "v3", "v1beta", "v1alpha",
  ]
  private static let versions: Set<Substring> = ["v1", "v2", "v3", "v1beta", "v1alpha"]

  /// - Parameter target: as sent, with its query.
  /// - Returns: `nil` where it is none of a model's API.
  public init?(target: String) {
    let query = target.firstIndex(of: "?").map { target[target.index(after: $0)...] } ?? ""
    var path = target.prefix { $0 != "?" && $0 != "#" }
    if let scheme = path.firstRange(of: "://") {
      let authority = path[scheme.upperBound...]
      path = authority.firstIndex(of: "/").map { authority[$0...] } ?? ""
    }
    // No path of an API has more parts; a hostile one may have thousands.
    let segments = path.split(separator: "/", maxSplits: 32)
    var rest = segments[...]
    while let first = rest.first, rest.count > 1, Self.prefixes.contains(first) {
      rest.removeFirst()
    }
    var found = Self.route(rest, query)
    if found == nil, let version = segments.lastIndex(where: Self.versions.contains) {
      // A base path of the proxy's own stands in front of the version.
      found = Self.route(segments[(version + 1)...], query)
    }
    if found == nil, segments.suffix(2).elementsEqual(["chat", "completions"]) {
      found = CallRoute(.chat, .openAI)
    }
    guard let found else { return nil }
    self = found
  }

  private init(_ operation: CallOperation, _ format: Format = .other, model: String? = nil) {
    self.operation = operation
    self.format = format
    self.model = model
  }

  /// - Parameter rest: of the path, behind version and provider.
  private static func route(_ rest: ArraySlice<Substring>, _ query: Substring) -> CallRoute? {
    guard let first = rest.first else { return nil }
    let second = rest.dropFirst().first
    switch (first, second) {
    case ("deployments", let name?), ("engines", let name?):
      guard var route = route(rest.dropFirst(2), query) else { return nil }
      if route.model == nil { route.model = decoded(name) }
      return route
    case ("chat", "completions"): return CallRoute(.chat, .openAI)
    case ("completions", nil): return CallRoute(.textCompletion, .openAI)
    case ("embeddings", nil): return CallRoute(.embeddings)
    case ("messages", nil): return CallRoute(.chat, .anthropic)
    case ("messages", "count_tokens"): return CallRoute(.countTokens)
    case ("responses", _): return CallRoute(.responses, .responses)
    case ("realtime", _): return CallRoute(.realtime, model: value(of: "model", in: query))
    case ("model", "info"), ("model_group", "info"): return CallRoute(.modelInfo)
    case ("models", let name): return models(name)
    case ("images", "generations"): return CallRoute(.imageGeneration)
    case ("images", "edits"), ("images", "variations"): return CallRoute(.imageEdit)
    case ("audio", "speech"): return CallRoute(.speech)
    case ("audio", "transcriptions"): return CallRoute(.transcription)
    case ("audio", "translations"): return CallRoute(.translation)
    case ("moderations", nil): return CallRoute(.moderation)
    case ("rerank", nil): return CallRoute(.rerank)
    case ("batches", _): return CallRoute(.batches)
    case ("files", _): return CallRoute(.files)
    case ("fine_tuning", _): return CallRoute(.fineTuning)
    case ("assistants", _): return CallRoute(.assistants)
    case ("threads", _): return CallRoute(.threads)
    case ("vector_stores", _): return CallRoute(.vectorStores)
    default: return nil
    }
  }

  /// `models`, `models/NAME`, and Google's `models/NAME:generateContent`.
  private static func models(_ name: Substring?) -> CallRoute {
    guard let name, let colon = name.lastIndex(of: ":") else { return CallRoute(.models) }
    let model = decoded(name[..<colon])
    switch name[name.index(after: colon)...] {
    case "generateContent": return CallRoute(.generateContent, model: model)
    case "streamGenerateContent":
      var route = CallRoute(.generateContent, model: model)
      route.isStream = true
      return route
    case "embedContent", "batchEmbedContents": return CallRoute(.embeddings, model: model)
    case "countTokens": return CallRoute(.countTokens, model: model)
    default: return CallRoute(.models)
    }
  }

  private static func value(of name: Substring, in query: Substring) -> String? {
    for member in query.split(separator: "&", maxSplits: 64) {
      let parts = member.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2, parts[0] == name { return decoded(parts[1]) }
    }
    return nil
  }

  /// With `%XX` undone (RFC 3986, 2.1).
  private static func decoded(_ text: Substring) -> String {
    guard text.utf8.contains(0x25) else { return String(text) }
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(2)
      if byte == 0x25, digits.count == 2, let value = UInt8(Substring(digits), radix: 16) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
