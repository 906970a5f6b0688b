internal import ArgumentParser
internal import Exchanges
internal import LiteLLM
internal import Redaction
internal import Reports
internal import Verdicts
internal import Wire

/// What `list`, `show` and `export` have in common: they don't judge the capture as a whole.
enum Look {
  static func expression(_ text: String?) throws -> WhereExpression? {
    guard let text else { return nil }
    do throws(WhereError) {
      return try WhereExpression(text)
    } catch {
      throw Failure.usage("\(error)\n\(error.caretExcerpt)")
    }
  }

  /// Walks a capture; an unreadable one gives a ledger that says so.
  static func walk(
    _ capture: CaptureSeries.Capture, _ filter: String?, _ keyLogs: KeyLogOptions,
    into sink: inout LookSink, _ body: @escaping LookSink.Body
  ) throws -> CaptureLedger {
    if capture.files == ["-"] { Interruption.endsTheInput() }
    sink.body = body
    defer { sink.body = nil }
    let keyLogFiles = try keyLogs.files()
    do throws(CaptureError) {
      var reconstructor = try Reconstructor(
        files: capture.files, filter: filter, keyLogs: keyLogFiles)
      let ledger = reconstructor.run(into: &sink)
      keyLogs.warn(ledger)
      return ledger
    } catch {
      guard error.code != .badFilter else { throw Failure.usage(error.line) }
      return CaptureLedger(unreadable: error)
    }
  }

  /// One line where requests may stand in TLS that wasn't opened.
  static func tellOfShutTLS(_ ledger: CaptureLedger, _ keyLogs: KeyLogOptions) {
    let shut = ledger.connections.filter { $0.tls?.isShut == true }
    guard !shut.isEmpty else { return }
    var servers: [String] = []
    for connection in shut {
      let server = "\(connection.server)"
      if !servers.contains(server), servers.count < 4 { servers.append(server) }
    }
    let more = servers.count > 3 ? ", …" : ""
    let lacksKeys = shut.contains { $0.tls?.reason == .noSecrets }
    let cure =
      !lacksKeys ? "" : keyLogs.paths.isEmpty ? "; give --keylog FILE" : "; no key log has its keys"
    Diagnostics.warning(
      "\(shut.count) TLS \(shut.count == 1 ? "connection" : "connections") to "
        + servers.prefix(3).joined(separator: ", ") + more
        + " \(shut.count == 1 ? "stays" : "stay") shut\(cure)")
  }

  /// One line where nothing was selected of what is there.
  static func tellOfNoMatch(_ ledger: CaptureLedger) {
    let count = max(ledger.requests, ledger.responses)
    guard count > 0 else { return }
    Diagnostics.warning("--where matches none of \(count) \(count == 1 ? "exchange" : "exchanges")")
  }

  /// 3 where a capture can't be read to its end, 5 where there is no exchange in it.
  static func code(of ledger: CaptureLedger) -> Int32 {
    if let failure = ledger.failure {
      Diagnostics.error(failure.line)
      return ContractCode.unreadable
    }
    return ledger.requests + ledger.responses == 0 ? ContractCode.nothing : 0
  }

  static func finish(_ output: ByteOutput, _ code: Int32) throws {
    do throws(OutputError) {
      try output.finish()
    } catch {
      throw Failure.unreadable("\(error)")
    }
    if code != 0 { throw ExitCode(code) }
  }
}

/// Hands on the exchanges that are selected, with their verdicts.
struct LookSink: ExchangeSink {
  typealias Body = (inout LookSink, CallReading, JudgedCredential?, CaptureStore) -> Void

  var judge: CaptureJudge
  var redactor: Redactor
  /// Of the first exchange.
  var firstTime: Timestamp = .unknown
  fileprivate var body: Body?
  private var places = CallPlaces()
  private let selected: WhereExpression?

  init(judge: CaptureJudge, redactor: Redactor, selected: WhereExpression?) {
    self.judge = judge
    self.redactor = redactor
    self.selected = selected
  }

  mutating func began(_ source: CaptureSource) {}

  mutating func take(_ exchange: Exchange, in store: CaptureStore) {
    if !firstTime.isKnown { firstTime = exchange.time }
    let reading = places.reading(of: exchange, in: store)
    let judged = judge.take(exchange, reading: reading, in: store, &redactor)
    if let selected {
      guard selected.matches(ExchangeSubject(exchange, judged, reading: reading)) else { return }
    }
    body?(&self, reading, judged, store)
  }
}
