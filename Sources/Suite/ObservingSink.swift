internal import Crypto
public import Exchanges
internal import HTTP
internal import LiteLLM
public import Redaction
public import Verdicts
public import Wire

/// Writes down what a capture shows of the requests to its proxy.
public struct ObservingSink: ExchangeSink {
  private var judge: CaptureJudge
  public private(set) var redactor: Redactor
  private var places = CallPlaces()
  private var seen: [(exchange: Int, server: Endpoint, request: Expectation.Request)] = []

  /// - Parameter redactor: one that knows all keys of the capture, so that none is written before it
  ///   is known.
  public init(_ options: CheckOptions, redactor: Redactor) {
    judge = CaptureJudge(options)
    self.redactor = redactor
  }

  public mutating func began(_ source: CaptureSource) {}

  public mutating func take(_ exchange: Exchange, in store: CaptureStore) {
    let reading = places.reading(of: exchange, in: store)
    let judged = judge.take(exchange, reading: reading, in: store, &redactor)
    // A second hop is the same request again.
    guard exchange.copyOf == nil, let message = exchange.request, let judged else { return }
    let verdict = [judged.credential.verdict.rawValue, judged.credential.reason?.rawValue]
      .compactMap(\.self).joined(separator: " ")
    let status = exchange.response?.head.status.map { " \($0)" } ?? ""
    var request = Expectation.Request(
      name: name(message), verdict: verdict, outcome: exchange.outcome.rawValue + status)
    request.sent = self.message(message, in: store)
    request.answered = exchange.response.map { self.message($0, in: store) }
    if let socket = exchange.webSocket {
      _ = socket.forEachMessage(in: store) { fromClient, _, message in
        let event = Self.shortHash(message.payload)
        if fromClient {
          request.sent.events.append(event)
        } else {
          request.answered?.events.append(event)
        }
      }
    }
    seen.append((exchange.id, exchange.server, request))
  }

  /// - Returns: the observation, the ids of its exchanges, and the judgement it is made of.
  public mutating func finish(
    file: String, _ ledger: CaptureLedger
  ) -> (observed: Expectation, exchanges: [Int], judgement: Judgement) {
    let judgement = judge.finish(file: file, ledger, &redactor)
    let servers = Set(judgement.scope.servers.map(\.server))
    var observed = Expectation(exit: judgement.result.rawValue)
    let inScope = seen.filter { servers.contains($0.server) }
    observed.requests = inScope.map(\.request)
    let verdicts = Set(Verdict.allCases.map(\.rawValue))
    // A verdict is told with its request.
    for finding in judgement.findings where !verdicts.contains(finding.rule) {
      let isError = finding.level == .error
      let known = observed.findings.firstIndex { $0.rule == finding.rule && $0.isError == isError }
      if let known {
        observed.findings[known].count += 1
      } else {
        observed.findings.append(.init(rule: finding.rule, isError: isError, count: 1))
      }
    }
    return (observed, inScope.map(\.exchange), judgement)
  }

  // MARK: Messages

  /// YAML's readers take no longer names without a mark in front of them.
  private static let longestName = 200

  private mutating func name(_ message: Message) -> String {
    let method = message.head.method.map { String(decoding: $0, as: UTF8.self) } ?? "?"
    let target = message.head.target.map { redactor.target(Array($0)) } ?? [0x3F]
    let name = TerminalText.escape("\(method) \(String(decoding: target, as: UTF8.self))")
    guard name.utf8.count > Self.longestName else { return name }
    // Of marks that combine, any number is one character.
    let beginning = String(
      String.UnicodeScalarView(name.unicodeScalars.prefix(Self.longestName / 2)))
    return "\(beginning)… \(Self.shortHash(target))"
  }

  private mutating func message(_ message: Message, in store: CaptureStore) -> Expectation.Message {
    var result = Expectation.Message()
    for field in message.head.fields where !field.isUnknown {
      let name = Array(message.head.name(of: field))
      let value = redactor.headerValue(name: name, value: Array(message.head.value(of: field)))
      result.fields.append(TerminalText.escape(name + Array(": ".utf8) + value))
    }
    guard message.bodyState != .none || message.bytes > 0 else { return result }
    var hash = SHA256()
    var events = EventStreamDecoder()
    let decoder = ContentDecoder(for: message.head)
    let isStream = message.head.isEventStream
    for piece in message.pieces {
      let bytes = store.bytes(piece.range)
      hash.update(data: bytes)
      guard isStream else { continue }
      decoder.decode(bytes[...]) { part in
        events.take(part) { event in
          result.events.append(Self.shortHash(event.type + [0x0A] + event.data))
        }
      }
    }
    let state = message.bodyState == .complete ? "" : ", \(message.bodyState.rawValue)"
    result.content =
      "\(message.bytes) bytes, sha256 \(Self.hexadecimal(Array(hash.finalize())[...]))\(state)"
    return result
  }

  /// Enough to tell one from another.
  private static func shortHash(_ bytes: [UInt8]) -> String {
    hexadecimal(Array(SHA256.hash(data: bytes))[..<6])
  }

  private static func hexadecimal(_ bytes: ArraySlice<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
