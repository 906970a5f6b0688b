internal import Verdicts

/// Colours of a terminal, or none.
struct Style {
  var isOn: Bool

  func red(_ text: String) -> String { wrapped("31", text) }
  func green(_ text: String) -> String { wrapped("32", text) }
  func yellow(_ text: String) -> String { wrapped("33", text) }
  func bold(_ text: String) -> String { wrapped("1", text) }
  func dim(_ text: String) -> String { wrapped("2", text) }

  func result(_ result: Judgement.Result) -> String {
    switch result {
    case .passed: wrapped("1;32", result.word)
    case .violated, .unreadable: wrapped("1;31", result.word)
    case .undecided, .nothingTested: wrapped("1;33", result.word)
    }
  }

  private func wrapped(_ code: String, _ text: String) -> String {
    isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
