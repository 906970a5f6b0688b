internal import Exchanges
internal import LiteLLM
internal import Redaction
internal import Reports
internal import Stub
internal import Synchronization
internal import Verdicts
internal import Wire

/// A judge that others ask for what it has found so far.
final class SharedJudge: Sendable {
  private struct State {
    var judge: CaptureJudge
    var taken = 0
  }

  private let state: Mutex<State>

  init(_ options: CheckOptions) { state = Mutex(State(judge: CaptureJudge(options))) }

  func take(
    _ exchange: Exchange, reading: CallReading?, in store: CaptureStore, _ redactor: inout Redactor
  ) -> JudgedCredential? {
    state.withLock { state in
      state.taken += 1
      return state.judge.take(exchange, reading: reading, in: store, &redactor)
    }
  }

  func take(
    plain exchange: PlainExchange, in store: CaptureStore, _ redactor: borrowing Redactor
  ) -> Bool {
    state.withLock { state in
      guard state.judge.take(plain: exchange, in: store, redactor) else { return false }
      state.taken += 1
      return true
    }
  }

  func name(_ processes: [Int: String]) { state.withLock { $0.judge.name(processes) } }

  func finish(
    file: String, _ ledger: CaptureLedger, _ redactor: inout Redactor
  ) -> Judgement {
    state.withLock { $0.judge.finish(file: file, ledger, &redactor) }
  }

  /// The judgement as it would be if nothing more came.
  ///
  /// - Returns: `nil` where fewer than `count` exchanges are judged.
  func provisional(
    after count: Int, _ redactor: Redactor
  ) -> (judgement: Judgement, judged: Int)? {
    guard var state = state.withLock({ $0.taken >= count ? $0 : nil }) else { return nil }
    var redactor = redactor
    let judgement = state.judge.finish(file: "stub", CaptureLedger(), &redactor)
    return (judgement, state.taken)
  }
}

extension SharedJudge {
  /// For the stub's admin listener.
  func verdict(_ redactor: Redactor) -> StubOptions.Verdict {
    { answered, waits in
      guard let told = self.provisional(after: waits ? answered : 0, redactor) else { return nil }
      let judgement = told.judgement
      var json = JSONWriter()
      json.beginObject()
      json.member("result", judgement.result.word)
      json.member("exit_code", judgement.result.rawValue)
      json.member("requests", judgement.requests)
      json.member("answered", answered)
      json.member("judged", told.judged)
      json.key("verdicts")
      json.beginObject()
      for (verdict, count) in judgement.verdicts {
        json.key(named: verdict.rawValue)
        json.integer(count)
      }
      json.endObject()
      json.key("findings")
      json.beginArray()
      for finding in judgement.findings.prefix(1000) {
        json.beginObject()
        json.member("rule", finding.rule)
        json.member("level", finding.level.rawValue)
        if let exchange = finding.exchange { json.member("exchange", exchange) }
        json.member("message", finding.message)
        json.member("help", finding.help)
        json.endObject()
      }
      json.endArray()
      json.endObject()
      return StubOptions.Told(passes: judgement.result == .passed, json: json.bytes)
    }
  }
}
