internal import Exchanges
internal import HTTP
internal import LiteLLM
internal import Redaction
internal import Reports
internal import Stub
internal import Wire

/// The answers of a capture, for a stub that plays them back.
struct RecordedAnswers: ExchangeSink {
  /// The largest content that is played back, in bytes.
  private static let limit = 64 << 20

  private(set) var answers: [RecordedAnswer] = []
  /// Exchanges that can't be played back: not whole, second hops, refusals of a key.
  private(set) var leftOut = 0

  /// - Parameter keyLogs: what TLS is opened with.
  static func read(_ path: String, _ keyLogs: KeyLogOptions) throws -> RecordedAnswers {
    var sink = RecordedAnswers()
    let keyLogFiles = try keyLogs.files()
    let ledger: CaptureLedger
    do throws(CaptureError) {
      let files = try CaptureSeries.captures([path]).first?.files ?? []
      var reconstructor = try Reconstructor(files: files, keyLogs: keyLogFiles)
      ledger = reconstructor.run(into: &sink)
    } catch {
      throw Failure.unreadable(error.line)
    }
    keyLogs.warn(ledger)
    Look.tellOfShutTLS(ledger, keyLogs)
    if let failure = ledger.failure { throw Failure.unreadable(failure.line) }
    guard !sink.answers.isEmpty else {
      throw Failure(
        message: "--play \(TerminalText.escape(path)): no answer in it that can be played back",
        code: ContractCode.nothing)
    }
    return sink
  }

  mutating func began(_ source: CaptureSource) {}

  mutating func take(_ exchange: Exchange, in store: CaptureStore) {
    guard let answer = Self.answer(exchange, in: store) else {
      leftOut += 1
      return
    }
    answers.append(answer)
  }

  private static func answer(_ exchange: Exchange, in store: CaptureStore) -> RecordedAnswer? {
    guard exchange.copyOf == nil, exchange.outcome == .complete, let request = exchange.request,
      let response = exchange.response, response.headState == .complete,
      response.bodyState == .complete || response.bodyState == .none,
      response.bytes <= limit, request.bytes <= limit,
      let method = request.head.method, let target = request.head.target,
      let status = response.head.status, 200...599 ~= status,
      let asked = request.content(in: store, limit: limit)
    else { return nil }
    // LiteLLM's refusal of a key that was wrong then says nothing about the one that is sent now.
    if Answer(exchange, in: store)?.isOwnRefusal == true { return nil }
    var fields: [(name: String, value: String)] = []
    for field in response.head.fields where !field.isUnknown {
      let name = String(decoding: response.head.name(of: field), as: UTF8.self)
      // HTTP/2's pseudo-fields (RFC 9113, 8.3) are no fields of HTTP/1.
      guard !name.hasPrefix(":"),
        !RecordedAnswer.connectionFields.contains(name.lowercased())
      else { continue }
      fields.append((name, String(decoding: response.head.value(of: field), as: UTF8.self)))
    }
    var latest = request.end
    let pieces = response.pieces.map { piece in
      let delay = piece.time.nanoseconds(since: latest) ?? 0
      latest = piece.time
      return RecordedAnswer.Piece(delay: max(0, delay), bytes: store.bytes(piece.range))
    }
    return RecordedAnswer(
      exchange: exchange.id, method: String(decoding: method, as: UTF8.self),
      target: String(decoding: target, as: UTF8.self), asked: asked, status: status,
      reason: response.head.reason.map { String(decoding: $0, as: UTF8.self) } ?? "",
      fields: fields,
      hasLength: response.bodyState == .none
        || !response.head.values(of: "content-length").isEmpty,
      pieces: pieces)
  }
}
