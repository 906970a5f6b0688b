internal import Redaction
internal import Replay

/// What differed from one sending to the next, as rules for somebody to read and to keep.
enum NoiseRules {
  /// - Parameters:
  ///   - first: the answers of the first time; `second`: of the second.
  static func text(_ places: [(path: String, count: Int)], capture: String) -> String {
    var lines = [
      "# What differed when the requests of \(TerminalText.escape(capture)) were sent twice. Read it",
      "# before you keep it: what is named here may be anything from now on.",
      "schema: \(ComparisonRulesReader.schema)",
    ]
    lines.append(places.isEmpty ? "ignore: []" : "ignore:")
    for (path, count) in places {
      lines.append("  - \"\(path)\"  # \(count) \(count == 1 ? "answer" : "answers")")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The paths of differences, elements of lists taken together.
  static func places(_ differences: [[String]]) -> [(path: String, count: Int)] {
    var counts: [String: Int] = [:]
    for answer in differences {
      for path in Set(answer.compactMap(path)) { counts[path, default: 0] += 1 }
    }
    return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// `$.choices[*].message.content` of `$.choices[0].message.content: "a", now "b"`, and `$.content`
  /// of what a stream says.
  private static func path(_ difference: String) -> String? {
    guard let end = difference.firstRange(of: ": ") else { return nil }
    var text = String(difference[..<end.lowerBound])
    if let joined = text.firstRange(of: ", joined") { text = "$." + text[..<joined.lowerBound] }
    guard text.hasPrefix("$") else { return nil }
    let general = text.replacing(/\[[0-9]+\]/, with: "[*]")
    return JSONPath(general) == nil || general.contains("\"") ? nil : general
  }
}
