internal import Exchanges
internal import HTTP
internal import LiteLLM
internal import Redaction
internal import Wire

/// Tests one answer by one rule that is about it.
struct RuleTest {
  let rule: Rule
  let exchange: Exchange
  /// Given where any rule asks what exchanges mean as calls.
  let reading: CallReading?

  /// What a person calls the parts of an answer that can be unknown.
  private enum Part: String {
    case timeToFirstEvent = "time to the first event"
    case usage
    case model
  }

  /// - Returns: `nil` where the rule has nothing to test here: its tests are about calls of a model,
  ///   and this isn't one, or it was refused.
  func findings(_ redactor: inout Redactor) -> [Finding]? {
    guard let wanted = rule.response else { return nil }
    var findings: [Finding] = []
    var isTested = false
    if let test = wanted.status?.value {
      isTested = true
      findings += status(test)
    }
    guard wanted.readsCall, let call = reading?.call else { return isTested ? findings : nil }
    guard exchange.response != nil else {
      // One finding says it: the status's, where that is asked for.
      if isTested { return findings }
      let isStream = wanted.timeToFirstEvent != nil && call.stream != .present(false)
      let isCounted = (wanted.usage != nil || wanted.model != nil) && call.operation.countsTokens
      guard isStream || isCounted else { return nil }
      return [finding(.warning, "no response in the capture, which rule \(rule.id) reads")]
    }
    // An error is no answer of a model: it has no tokens and no events.
    guard (exchange.response?.head.status).map({ $0 < 400 }) ?? true else {
      return isTested ? findings : nil
    }
    if let limit = wanted.timeToFirstEvent?.value, let found = firstEvent(call, limit) {
      isTested = true
      findings += found
    }
    if call.operation.countsTokens {
      if let test = wanted.usage?.value {
        isTested = true
        findings += usage(call, test)
      }
      if let pattern = wanted.model?.value {
        isTested = true
        findings += model(call, pattern, &redactor)
      }
    }
    return isTested ? findings : nil
  }

  /// Says that the rule may be about this exchange, or not.
  func doubtful(_ reason: UnknownReason) -> Finding {
    let why =
      lacksStatus ? "the capture has no status of its response" : Self.why(reason, "request")
    return finding(
      .warning, "whether rule \(rule.id) is about this request can't be said: \(why)")
  }

  private var lacksStatus: Bool {
    rule.match.status != nil && exchange.response?.head.status == nil
  }

  /// Why it isn't known whether the rule is about this exchange.
  var doubt: UnknownReason? {
    if rule.match.model != nil, case .unknown(let reason)? = reading?.call?.model { return reason }
    if rule.match.stream != nil, case .unknown(let reason)? = reading?.call?.stream {
      return reason
    }
    return exchange.request?.headDoubt
  }

  // MARK: Parts

  private func status(_ test: StatusTest) -> [Finding] {
    guard let status = exchange.response?.head.status else {
      return [
        finding(
          .warning, "no response in the capture, whose status rule \(rule.id) reads")
      ]
    }
    guard !test.accepts(status) else { return [] }
    return [finding(.error, "status \(status), which rule \(rule.id) doesn't accept")]
  }

  /// - Returns: `nil` where the answer is no event stream.
  private func firstEvent(_ call: LLMCall, _ limit: Int64) -> [Finding]? {
    switch call.timeToFirstEvent {
    case .present(let wait):
      guard wait > limit else { return [] }
      return [
        finding(
          .error,
          "first event after \(DecimalSeconds.text(wait)) s; rule \(rule.id) allows "
            + "\(DecimalSeconds.text(limit)) s")
      ]
    case .unknown(let reason):
      return [unknown(.timeToFirstEvent, Self.why(reason, "answer"))]
    case .absent:
      guard case .present = call.events else { return notStreamed(call) }
      return [
        finding(.error, "the stream ended without an event, whose time rule \(rule.id) reads")
      ]
    }
  }

  /// - Returns: `nil` where no stream was asked for.
  private func notStreamed(_ call: LLMCall) -> [Finding]? {
    guard 200..<300 ~= exchange.response?.head.status ?? 0 else { return nil }
    switch call.stream {
    case .present(true): return [unknown(.timeToFirstEvent, "the answer is no event stream")]
    case .unknown(let reason): return [unknown(.timeToFirstEvent, Self.why(reason, "request"))]
    case .present(false), .absent: return nil
    }
  }

  private func usage(_ call: LLMCall, _ test: UsageTest) -> [Finding] {
    switch call.usage {
    case .unknown(let reason): return [unknown(.usage, Self.why(reason, "answer"))]
    case .absent: return [unknown(.usage, "the answer doesn't say it")]
    case .present(let usage):
      return test.limits.compactMap { limit in
        let tokens =
          switch limit.count {
          case .total: usage.total
          case .prompt: usage.prompt
          case .completion: usage.completion
          }
        guard let tokens else {
          return unknown(.usage, "the answer doesn't say \(limit.count.rawValue)")
        }
        guard !limit.accepts(tokens) else { return nil }
        return finding(
          .error, "\(tokens) \(limit.count.rawValue); rule \(rule.id) allows \(limit.text)")
      }
    }
  }

  private func model(
    _ call: LLMCall, _ pattern: Glob, _ redactor: inout Redactor
  ) -> [Finding] {
    switch call.answeringModel {
    case .unknown(let reason): return [unknown(.model, Self.why(reason, "answer"))]
    case .absent: return [unknown(.model, "the answer doesn't say it")]
    case .present(let name):
      guard !pattern.matches(name) else { return [] }
      let shown = TerminalText.escape(redactor.text(String(name.prefix(200))))
      return [finding(.error, "answered by \(shown), which rule \(rule.id) doesn't accept")]
    }
  }

  // MARK: Words

  private static func why(_ reason: UnknownReason, _ what: String) -> String {
    switch reason {
    case .hole, .snaplen: "bytes of the \(what) are missing"
    case .cut: "the \(what) isn't whole"
    case .cap: "the \(what) can't be decoded within bounds"
    case .ambiguousFraming: "the \(what) can be read in more than one way"
    default: "the \(what) isn't in the capture as it was sent (\(reason.rawValue))"
    }
  }

  private func unknown(_ part: Part, _ why: String) -> Finding {
    finding(.warning, "\(part.rawValue) unknown, which rule \(rule.id) reads: \(why)")
  }

  private func finding(_ level: Finding.Level, _ message: String) -> Finding {
    Finding(
      rule: rule.id, level: level, exchange: exchange.id, message: message,
      frames: exchange.request?.frames.runs ?? [], mark: rule.mark)
  }
}
