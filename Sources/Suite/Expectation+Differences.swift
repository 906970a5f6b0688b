extension Expectation {
  /// How a capture differs from what is expected of it, a line for each place.
  ///
  /// `- GET /model/info: missing → ok`
  public func differences(now: Expectation) -> [String] {
    var lines: [String] = []
    if exit != now.exit { lines.append("- exit: \(exit) → \(now.exit)") }
    let names = now.requests.map(\.name).difference(from: requests.map(\.name))
    if names.isEmpty {
      for (number, (then, now)) in zip(requests, now.requests).enumerated() {
        lines += then.differences(now: now, number: number + 1)
      }
    } else {
      // Which belongs to which is a guess from here on.
      for change in names {
        switch change {
        case .remove(let index, let name, _):
          lines.append("- \(name) (request \(index + 1)): absent now, was \(requests[index].line)")
        case .insert(let index, let name, _):
          lines.append("- \(name) (request \(index + 1)): new, \(now.requests[index].line)")
        }
      }
    }
    for then in findings {
      guard let finding = now.findings.first(where: { $0.rule == then.rule }) else {
        lines.append("- finding \(then.rule): absent now")
        continue
      }
      if finding.line != then.line {
        lines.append("- finding \(then.rule): \(then.line) → \(finding.line)")
      }
    }
    for finding in now.findings where !findings.contains(where: { $0.rule == finding.rule }) {
      lines.append("- finding \(finding.rule): new, \(finding.line)")
    }
    return lines
  }
}

extension Expectation {
  /// Lines of the written form that went and came: `- …`, `+ …`.
  public func changedLines(now: Expectation) -> [String] {
    func lines(_ expectation: Expectation) -> [Substring] {
      expectation.text.split(separator: "\n")
    }
    let changes = lines(now).difference(from: lines(self))
    return changes.removals.map { "- \($0.element)" } + changes.insertions.map { "+ \($0.element)" }
  }
}

extension CollectionDifference.Change {
  fileprivate var element: ChangeElement {
    switch self {
    case .insert(_, let element, _), .remove(_, let element, _): element
    }
  }
}

extension Expectation.Request {
  fileprivate func differences(now: Self, number: Int) -> [String] {
    var changes: [String] = []
    if verdict != now.verdict { changes.append("\(verdict) → \(now.verdict)") }
    if outcome != now.outcome { changes.append("\(outcome) → \(now.outcome)") }
    if replayed != now.replayed {
      changes.append("replayed \(replayed ?? "not") → \(now.replayed ?? "not")")
    }
    var lines = changes.isEmpty ? [] : ["- \(name): \(changes.joined(separator: ", "))"]
    lines += sent.differences(now: now.sent).map { "- \(name) (request \(number)), sent \($0)" }
    switch (answered, now.answered) {
    case (let then?, let answer?):
      lines += then.differences(now: answer).map {
        "- \(name) (request \(number)), answered \($0)"
      }
    case (nil, nil): break
    case (_?, nil): lines.append("- \(name) (request \(number)): its answer is absent now")
    case (nil, _?): lines.append("- \(name) (request \(number)): it has an answer now")
    }
    return lines
  }
}

extension Expectation.Message {
  fileprivate func differences(now: Self) -> [String] {
    var lines = Self.fieldDifferences(fields, now.fields)
    if content != now.content {
      lines.append("content: \(content ?? "none") → \(now.content ?? "none")")
    }
    guard events != now.events else { return lines }
    if events.count != now.events.count {
      lines.append("events: \(events.count) → \(now.events.count)")
    }
    if let first = zip(events, now.events).enumerated().first(where: { $0.1.0 != $0.1.1 }) {
      lines.append("event \(first.offset + 1): \(first.element.0) → \(first.element.1)")
    }
    return lines
  }

  private static func fieldDifferences(_ then: [String], _ now: [String]) -> [String] {
    guard then != now else { return [] }
    let changes = now.difference(from: then)
    let lost = changes.removals.map(\.element)
    var new = changes.insertions.map(\.element)
    var lines: [String] = []
    for field in lost {
      let name = Self.name(field)
      if let index = new.firstIndex(where: { Self.name($0) == name }) {
        let other = new.remove(at: index)
        // The same again: it only moved.
        lines.append(
          other == field
            ? "field \(name): at another place" : "field \(field) → \(Self.value(other))")
      } else {
        lines.append("field \(field): absent now")
      }
    }
    return lines + new.map { "field \($0): new" }
  }

  private static func name(_ field: String) -> String {
    field.prefix { $0 != ":" }.lowercased()
  }

  private static func value(_ field: String) -> String {
    String(field.drop { $0 != ":" }.dropFirst(2))
  }
}
