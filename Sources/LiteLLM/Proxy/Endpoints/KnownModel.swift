/// What LiteLLM's table of models says of the best known ones, as far as `/models` shows it.
///
/// The table has thousands; a model that isn't here is shown as one that LiteLLM doesn't know.
struct KnownModel {
  var mode = "chat"
  /// In tokens.
  var input: Int
  var output: Int?

  private static let all: [String: KnownModel] = [
    "gpt-4o": KnownModel(input: 128_000, output: 16_384),
    "gpt-4o-mini": KnownModel(input: 128_000, output: 16_384),
    "gpt-4.1": KnownModel(input: 1_047_576, output: 32_768),
    "gpt-4.1-mini": KnownModel(input: 1_047_576, output: 32_768),
    "gpt-4.1-nano": KnownModel(input: 1_047_576, output: 32_768),
    "o3": KnownModel(input: 200_000, output: 100_000),
    "o3-mini": KnownModel(input: 200_000, output: 100_000),
    "o4-mini": KnownModel(input: 200_000, output: 100_000),
    "claude-sonnet-4-20250514": KnownModel(input: 200_000, output: 64_000),
    "claude-opus-4-20250514": KnownModel(input: 200_000, output: 32_000),
    "text-embedding-3-small": KnownModel(mode: "embedding", input: 8191),
    "text-embedding-3-large": KnownModel(mode: "embedding", input: 8191),
    "gpt-3.5-turbo": KnownModel(input: 16_385, output: 4096),
    "gpt-3.5-turbo-instruct": KnownModel(mode: "completion", input: 8192, output: 4096),
  ]

  /// - Parameter deployment: with its provider in front.
  static func named(_ deployment: String) -> KnownModel? {
    all[String(deployment.split(separator: "/").last ?? "")]
  }
}
