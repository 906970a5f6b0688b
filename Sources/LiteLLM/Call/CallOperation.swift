/// What a call asks a model for.
///
/// Named as in OpenTelemetry's `gen_ai.operation.name` where that has a word for it (`chat`, also for
/// Anthropic's messages; `text_completion`, `embeddings`, `generate_content`), else after LiteLLM's
/// route.
public enum CallOperation: String, Sendable, CaseIterable {
  case chat
  case textCompletion = "text_completion"
  case embeddings
  case generateContent = "generate_content"
  case responses
  case realtime
  case countTokens = "count_tokens"
  case models
  case modelInfo = "model_info"
  case imageGeneration = "image_generation"
  case imageEdit = "image_edit"
  case speech
  case transcription
  case translation
  case moderation
  case rerank
  case batches
  case files
  case fineTuning = "fine_tuning"
  case assistants
  case threads
  case vectorStores = "vector_stores"

  /// Whether its answers can be event streams: where the request doesn't say so, they aren't.
  var canStream: Bool {
    switch self {
    case .chat, .textCompletion, .generateContent, .responses: true
    default: false
    }
  }

  /// Whether it only asks which models there are: its answer is of no model, took no tokens, and has no
  /// reason to end.
  var asksForModels: Bool { self == .models || self == .modelInfo }

  /// Whether an answer says what tokens it took, and which model gave it.
  public var countsTokens: Bool {
    switch self {
    case .chat, .textCompletion, .generateContent, .responses, .embeddings: true
    default: false
    }
  }
}
