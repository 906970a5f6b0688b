/// What LiteLLM's table of models says of the best known ones, as far as `/models` and the fields
/// of an answer show it.
///
/// The table has thousands; a model that isn't here is shown as one that LiteLLM doesn't know.
struct KnownModel {
  var mode = "chat"
  /// In tokens.
  var input: Int
  var output: Int?
  /// In US dollars a million tokens; `nil` where the table of 1.106.2 no longer has the model.
  var price: (input: Double, output: Double)?

  private static let all: [String: KnownModel] = [
    "gpt-4o": KnownModel(input: 128_000, output: 16_384, price: (2.5, 10)),
    "gpt-4o-mini": KnownModel(input: 128_000, output: 16_384, price: (0.15, 0.6)),
    "gpt-4.1": KnownModel(input: 1_047_576, output: 32_768, price: (2, 8)),
    "gpt-4.1-mini": KnownModel(input: 1_047_576, output: 32_768, price: (0.4, 1.6)),
    "gpt-4.1-nano": KnownModel(input: 1_047_576, output: 32_768, price: (0.1, 0.4)),
    "o3": KnownModel(input: 200_000, output: 100_000, price: (2, 8)),
    "o3-mini": KnownModel(input: 200_000, output: 100_000, price: (1.1, 4.4)),
    "o4-mini": KnownModel(input: 200_000, output: 100_000, price: (1.1, 4.4)),
    "claude-sonnet-4-20250514": KnownModel(input: 200_000, output: 64_000),
    "claude-opus-4-20250514": KnownModel(input: 200_000, output: 32_000),
    "text-embedding-3-small": KnownModel(mode: "embedding", input: 8191, price: (0.02, 0)),
    "text-embedding-3-large": KnownModel(mode: "embedding", input: 8191, price: (0.13, 0)),
    "gpt-3.5-turbo": KnownModel(input: 16_385, output: 4096, price: (0.5, 1.5)),
    "gpt-3.5-turbo-instruct": KnownModel(
      mode: "completion", input: 8192, output: 4096, price: (1.5, 2)),
  ]

  /// What a call costs, in US dollars; `nil` for a model without a price.
  func cost(prompt: Int, completion: Int) -> (input: Double, output: Double)? {
    price.map { (Double(prompt) * $0.input / 1e6, Double(completion) * $0.output / 1e6) }
  }

  /// - Parameter deployment: with its provider in front.
  static func named(_ deployment: String) -> KnownModel? {
    all[String(deployment.split(separator: "/").last ?? "")]
  }
}
