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
  case other(OtherEndpoint)
}

/// A route of which the catalogue of LiteLLM's routes knows the answers.
public struct OtherEndpoint: Sendable, Equatable {
  let path: String
  let operation: RouteCatalogue.Operation
  let values: [PathTemplate.Value]

  init(_ path: String, _ operation: RouteCatalogue.Operation, _ values: [PathTemplate.Value]) {
    self.path = path
    self.operation = operation
    self.values = values
  }

  /// LiteLLM asks for no key here, or has another answer than its usual one to a missing key.
  func keyless(_ profile: ProxyProfile) -> ProxyAnswer? {
    operation.keyless.map { RouteCatalogue.of(profile).answer($0, values) }
  }

  /// Whether a key makes no difference.
  var isPublic: Bool { operation.keyless == operation.allowed }

  func allowed(_ profile: ProxyProfile) -> ProxyAnswer {
    RouteCatalogue.of(profile).answer(operation.allowed, values)
  }
}
