public import HTTP

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
  /// The model that the path names: Azure's deployment, Google's model.
  public var model: String?
  /// The model that the query names.
  public var queryModel: Fact<String> = .absent
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
    if path.utf8.first != 0x2F, let scheme = path.firstRange(of: "://") {
      let authority = path[scheme.upperBound...]
      path = authority.firstIndex(of: "/").map { authority[$0...] } ?? ""
    }
    // No path of an API has more parts; a hostile one may have thousands.
    let segments = path.split(separator: "/", maxSplits: 32)
    var found: CallRoute?
    if path.utf8.contains(0x25) {
      // LiteLLM looks for the route in the decoded path, where a slash is a slash.
      found =
        Self.route(segments.map { Substring(PercentCode.decoded($0)) })
        ?? Self.route(PercentCode.decoded(path).split(separator: "/", maxSplits: 32))
    } else {
      found = Self.route(segments)
    }
    guard let found else { return nil }
    self = found
    queryModel = Self.value(of: "model", in: query)
  }

  /// - Parameter segments: of the whole path.
  private static func route(_ segments: [Substring]) -> CallRoute? {
    var rest = segments[...]
    while let first = rest.first, rest.count > 1, prefixes.contains(first) {
      rest.removeFirst()
    }
    if let found = route(rest) { return found }
    if let version = segments.lastIndex(where: versions.contains),
      // A base path of the proxy's own stands in front of the version.
      let found = route(segments[(version + 1)...])
    {
      return found
    }
    return segments.suffix(2).elementsEqual(["chat", "completions"])
      ? CallRoute(.chat, .openAI) : nil
  }

  /// The model that a call is for: LiteLLM takes that of the path before that of the query, and that
  /// before what the content asks for.
  func model(asked: Fact<String>) -> Fact<String> {
    if let model { return .present(model) }
    guard queryModel != .absent, queryModel != asked else { return asked }
    switch operation {
    case .chat where format == .openAI, .textCompletion, .embeddings, .imageGeneration, .realtime:
      return queryModel
    default:
      // Other routes know no such member of the query.
      return asked == .absent ? queryModel : .unknown(.ambiguousFraming)
    }
  }

  private init(_ operation: CallOperation, _ format: Format = .other, model: String? = nil) {
    self.operation = operation
    self.format = format
    self.model = model
  }

  /// - Parameter rest: of the path, behind version and provider.
  private static func route(_ rest: ArraySlice<Substring>) -> CallRoute? {
    guard let first = rest.first else { return nil }
    let second = rest.dropFirst().first
    switch (first, second) {
    case ("deployments", _?), ("engines", _?): return deployment(rest.dropFirst())
    case ("chat", "completions"): return CallRoute(.chat, .openAI)
    case ("completions", nil): return CallRoute(.textCompletion, .openAI)
    case ("embeddings", nil): return CallRoute(.embeddings)
    case ("messages", nil): return CallRoute(.chat, .anthropic)
    case ("messages", "count_tokens"): return CallRoute(.countTokens)
    case ("responses", _): return CallRoute(.responses, .responses)
    case ("realtime", _): return CallRoute(.realtime)
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

  /// `NAME/chat/completions`, where a name may have slashes in it.
  private static func deployment(_ rest: ArraySlice<Substring>) -> CallRoute? {
    for count in 1..<min(max(rest.count, 1), 8) {
      guard var route = route(rest.dropFirst(count)) else { continue }
      if route.model == nil { route.model = rest.prefix(count).joined(separator: "/") }
      return route
    }
    return nil
  }

  /// `models`, `models/NAME`, and Google's `models/NAME:generateContent`.
  private static func models(_ name: Substring?) -> CallRoute {
    guard let name, let colon = name.lastIndex(of: ":") else { return CallRoute(.models) }
    let model = String(name[..<colon])
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

  private static func value(of name: String, in query: Substring) -> Fact<String> {
    var found: Fact<String> = .absent
    for member in query.utf8.split(separator: 0x26) {
      let parts = member.split(separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, PercentCode.decodedForm(parts[0]).elementsEqual(name.utf8) else {
        continue
      }
      guard found == .absent else { return .unknown(.ambiguousFraming) }
      found = .present(String(decoding: PercentCode.decodedForm(parts[1]), as: UTF8.self))
    }
    return found == .present("") ? .absent : found
  }
}
