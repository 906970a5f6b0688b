internal import Exchanges
internal import LiteLLM
internal import Redaction
internal import Reports
internal import Verdicts
internal import Wire

/// The whole way: a file's bytes, exchanges, verdicts, every report.
enum CaptureTarget: FuzzTarget {
  private static let file = MemoryFile()
  private static let records = MemoryFile()
  private static let key = Array("sk-expected-1234567890abcdef".utf8)

  static func run(_ input: [UInt8]) {
    file.set(input)
    records.set([])
    guard let selector = try? ProxySelector("any"),
      let output = try? ByteOutput(appendingTo: records.path)
    else {
      require(false, "no output")
      return
    }
    let options = CheckOptions(expected: .plain(key), selectors: [selector])
    var ring = KeyRing()
    ring.registerExpected(key)
    var sink = Sink(
      judge: CaptureJudge(options), redactor: Redactor(keys: ring),
      writer: RecordWriter(capture: "a.pcap"), output: output)
    let ledger: CaptureLedger
    do throws(CaptureError) {
      var reconstructor = try Reconstructor(files: [file.path])
      ledger = reconstructor.run(into: &sink)
    } catch {
      ledger = CaptureLedger(unreadable: error)
    }
    require(ledger.unexplainedBytes == 0, "\(ledger.unexplainedBytes) bytes are unexplained")
    let judgement = sink.judge.finish(file: "a.pcap", ledger, &sink.redactor)
    if judgement.result == .passed {
      require(ledger.failure == nil && ledger.requests > 0, "a pass without a request")
    }
    for finding in judgement.findings { sink.writer.write(finding, to: output) }
    sink.writer.write(ledger, judgement.scope, onExchanges: sink.anomalies, to: output)
    if let failure = ledger.failure { sink.writer.write(failure, to: output) }
    require((try? output.finish()) != nil, "the records can't be written")
    check("records", records.contents)
    let told = [judgement]
    for text in sink.shown { check("show", Array(text.utf8), allowing: [0x09, 0x0D]) }
    check("text", Array(TextReport.render(told, colored: false).utf8))
    check("junit", Array(JUnitReport.render(told).utf8))
    check("markdown", Array(MarkdownReport.render(told).utf8))
    check("annotations", Array(GitHubReport.annotations(told).utf8))
    check("summary", Array(GitHubReport.summary(told).utf8))
  }

  private struct Sink: ExchangeSink {
    var judge: CaptureJudge
    var redactor: Redactor
    var writer: RecordWriter
    let output: ByteOutput
    var anomalies: AnomalySet = []
    var shown: [String] = []
    var places = CallPlaces()
    private let view = ExchangeView(showsBodies: true, colored: false)

    mutating func began(_ source: CaptureSource) { writer.write(source, to: output) }

    mutating func take(_ exchange: Exchange, in store: CaptureStore) {
      let reading = places.reading(of: exchange, in: store)
      let judged = judge.take(exchange, reading: reading, in: store, &redactor)
      anomalies.formUnion(exchange.anomalies)
      writer.write(exchange, judged, reading: reading, in: store, &redactor, to: output)
      guard shown.count < 40 else { return }
      shown.append(
        ExchangeLine.render(exchange, judged, reading: reading, since: exchange.time, &redactor))
      shown.append(view.render(exchange, judged, reading: reading, in: store, &redactor))
      shown.append(CurlCommand.render(exchange, in: store, showsBodies: true, &redactor))
    }
  }

  private static func check(_ what: String, _ bytes: [UInt8], allowing allowed: [UInt8] = []) {
    require(String(validating: bytes, as: UTF8.self) != nil, "\(what) is UTF-8")
    let control = bytes.first { ($0 < 0x20 && $0 != 0x0A || $0 == 0x7F) && !allowed.contains($0) }
    require(control == nil, "\(what) holds control byte \(control ?? 0)")
    guard bytes.count >= key.count else { return }
    for start in 0...(bytes.count - key.count) where bytes[start] == key[0] {
      let isHere = bytes[start..<(start + key.count)].elementsEqual(key)
      require(!isHere, "\(what) shows the expected key")
    }
  }

  static func seeds(of capture: [UInt8]) -> [[UInt8]] { [Array(capture.prefix(16_384))] }
}
