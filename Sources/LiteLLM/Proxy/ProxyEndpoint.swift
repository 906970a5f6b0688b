/// A route of LiteLLM's proxy that does something, behind its check of the key.
public enum ProxyEndpoint: Sendable, Equatable {
  case chatCompletions
  case completions
  case embeddings
  /// `/v1/responses`.
  case responses
  /// Anthropic's `/v1/messages`.
  case messages
  case countTokens
  case models
  case model(id: String)
  case modelInfo
  /// `/v2/model/info`.
  case modelInfoV2
  case modelGroupInfo
  case health
  case liveliness
  case readiness
  case keyInfo
  case keyGenerate
  /// Everything else that LiteLLM has: its answer without a database.
  case other(path: String)
}
