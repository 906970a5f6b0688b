internal import TestSupport

/// Makes exchanges of a ``Mix``. All keys are made up.
struct Traffic {
  enum Shape { case stream, json, screenshot, models, small, bulk }

  static let models = [
    "gpt-4o", "claude-sonnet-4", "gpt-4.1-mini", "computer-use-preview",
  ]
  private static let placeholders = [
    "sk-placeholder", "None", "", "YOUR_API_KEY", "sk-xxxx", "${LITELLM_API_KEY}",
  ]
  static let tokens =
    Prose.words.map { Array(" \($0)".utf8) }
    + [#"\n"#, ".", ",", #" \""#, "```", " café"].map { Array($0.utf8) }
  static let reasons = [
    200: "OK", 401: "Unauthorized", 429: "Too Many Requests", 500: "Internal Server Error",
  ]

  let mix: Mix
  private let key: String
  let prose: Prose
  private(set) var calls = 0

  init(_ mix: Mix, _ dice: inout Dice) {
    self.mix = mix
    let letters = Array("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789")
    key = "sk-" + String((0..<22).map { _ in dice.pick(letters) })
    prose = Prose(&dice)
  }

  /// - Parameter host: as the request names it.
  mutating func exchange(with host: String, _ dice: inout Dice) -> Exchange {
    let (credential, value) = self.credential(&dice)
    var exchange = Exchange(credential: credential)
    let status = status(credential, &dice)
    let shape = shape(&dice)
    calls += 1
    switch shape {
    case .small: small(value, host, status, &exchange, &dice)
    case .models: askModels(value, host, status, &exchange, &dice)
    case .bulk: bulk(value, host, status, &exchange, &dice)
    case .stream, .json, .screenshot: chat(shape, value, host, status, &exchange, &dice)
    }
    return exchange
  }

  private func credential(_ dice: inout Dice) -> (Exchange.Credential, value: String?) {
    switch dice.share() {
    case ..<0.04: (.missing, nil)
    case ..<0.06: (.placeholder, "Bearer " + dice.pick(Self.placeholders))
    default: (.right, "Bearer " + key)
    }
  }

  private func status(_ credential: Exchange.Credential, _ dice: inout Dice) -> Int {
    guard credential == .right else { return 401 }
    return switch dice.share() {
    case ..<0.01: 429
    case ..<0.015: 500
    default: 200
    }
  }

  private func shape(_ dice: inout Dice) -> Shape {
    guard mix == .llm else { return mix == .small ? .small : .bulk }
    return switch dice.share() {
    case ..<0.7: .stream
    case ..<0.85: .json
    case ..<0.9: .screenshot
    default: .models
    }
  }
}
