internal import Redaction
public import Verdicts

/// The report for GitHub Actions: annotations as workflow commands
/// (docs.github.com, "Workflow commands for GitHub Actions") and a summary in Markdown.
public enum GitHubReport {
  /// GitHub shows ten of a kind for a step; the tenth says where the rest is.
  private static let limit = 9

  private struct Annotation {
    var level: Finding.Level
    var title: String
    var message: String
    var mark: SourceMark?
  }

  /// One workflow command a line for each client at fault, each finding and each doubt, errors
  /// first; empty where every capture passed and there is nothing to tell.
  ///
  /// They have to begin at the start of a line of the step's output.
  public static func annotations(_ judgements: [Judgement]) -> String {
    var all = judgements.flatMap(annotations)
    if judgements.isEmpty {
      all = [Annotation(level: .error, title: "NOTHING TESTED", message: "no capture was judged")]
    }
    return render(
      [.error, .warning, .note].flatMap { (level: Finding.Level) in
        all.filter { $0.level == level }
      })
  }

  /// An error for each; of many, the first.
  static func errors(_ errors: [(title: String, message: String)]) -> String {
    render(
      errors.map {
        Annotation(
          level: .error, title: $0.title,
          message: TerminalText.escape($0.message, keepingNewlines: true))
      })
  }

  private static func render(_ sorted: [Annotation]) -> String {
    var text = sorted.prefix(limit).map(command).joined()
    if sorted.count > limit {
      text += command(
        Annotation(
          level: sorted[limit].level, title: "\(sorted.count - limit) more",
          message: "\(sorted.count - limit) more findings: see summary"))
    }
    return text
  }

  /// The text to append to the file that GITHUB_STEP_SUMMARY names.
  public static func summary(_ judgements: [Judgement]) -> String {
    MarkdownReport.render(judgements)
  }

  private static func annotations(_ judgement: Judgement) -> [Annotation] {
    let file = TerminalText.escape(judgement.file)
    var annotations: [Annotation] = []
    func add(
      _ level: Finding.Level, _ title: String, _ message: String, advice: String = "",
      mark: SourceMark? = nil
    ) {
      let advice = advice.isEmpty ? "" : "\n\(TerminalText.escape(advice))"
      annotations.append(
        Annotation(
          level: level, title: title,
          message: "\(file): \(TerminalText.escape(message))\(advice)", mark: mark))
    }
    for fault in judgement.faults {
      let requests = fault.requests.prefix(3).map { "\($0.count) × \($0.method) \($0.path)" }
        .joined(separator: ", ")
      let more = fault.requests.count > 3 ? ", …" : ""
      add(
        .error, "\(fault.label) \(fault.verdict.rawValue)",
        "\(requests)\(more), by \(fault.client.name). \(fault.meaning)",
        advice: fault.change.isEmpty ? "" : "Change: \(fault.change)")
    }
    for remark in Remark.all(of: judgement) {
      add(remark.level, remark.rule, remark.sentence, advice: remark.help, mark: remark.mark)
    }
    // Whatever the findings are: that a capture didn't pass, and nothing says so, can't be.
    let isTold =
      switch judgement.result {
      case .passed: true
      case .nothingTested: false
      case .violated, .unreadable: annotations.contains { $0.level == .error }
      case .undecided: annotations.contains { $0.level != .note }
      }
    if !isTold { add(.error, judgement.result.word, judgement.headline) }
    return annotations
  }

  private static func command(_ annotation: Annotation) -> String {
    let name =
      switch annotation.level {
      case .error: "error"
      case .warning: "warning"
      case .note: "notice"
      }
    var properties: [String] = []
    if let mark = annotation.mark {
      properties = [
        "file=\(property(mark.file))", "line=\(mark.line)", "col=\(mark.column)",
      ]
    }
    properties.append("title=\(property("keywitness: \(annotation.title)"))")
    let message = GitHubCommandText.data(annotation.message)
    return "::\(name) \(properties.joined(separator: ","))::\(message)\n"
  }

  /// A property is one line.
  private static func property(_ text: String) -> String {
    GitHubCommandText.property(TerminalText.escape(text))
  }
}
