public import Exchanges
internal import HTTP
internal import Redaction
internal import TLS
public import Verdicts
public import Wire

/// What the product makes of one capture, kept in a form that two runs can be compared by.
public struct Reading: Sendable {
  /// A message as the capture shows it.
  public struct Side: Sendable, Equatable {
    /// The packets that carry it.
    public var frames: [ClosedRange<Int32>]
    public var head: [UInt8]
    public var headState: String
    public var body: [UInt8]
    public var bodyState: String

    public static func == (left: Side, right: Side) -> Bool {
      left.head == right.head && left.headState == right.headState && left.body == right.body
        && left.bodyState == right.bodyState
    }

    public var isWhole: Bool {
      headState == "complete" && (bodyState == "complete" || bodyState == "none")
    }
  }

  /// An exchange without what depends on the packets that carried it.
  public struct Seen: Sendable, Equatable {
    public var client: UInt16
    public var server: UInt16
    public var request: Side?
    public var response: Side?
    public var interim: [Int]
    public var outcome: String
    public var verdict: String
    public var reason: String
    public var isCopy: Bool
    public var isTLS: Bool

    public func isCarried(by frame: Int32) -> Bool {
      ((request?.frames ?? []) + (response?.frames ?? [])).contains { $0.contains(frame) }
    }

    /// Whether both were under way at the same time on one connection.
    func isPipelined(with other: Seen) -> Bool {
      guard client == other.client, server == other.server, let mine = span, let its = other.span
      else { return false }
      return mine.overlaps(its)
    }

    private var span: ClosedRange<Int32>? {
      let runs = (request?.frames ?? []) + (response?.frames ?? [])
      guard let first = runs.map(\.lowerBound).min(), let last = runs.map(\.upperBound).max()
      else { return nil }
      return first...last
    }

    /// Its request's head where it is a stream of HTTP/2, else nothing.
    fileprivate var streamHead: [UInt8] {
      let head = request?.head ?? []
      let start = head.prefix { $0 != 0x0D && $0 != 0x0A }
      return start.suffix(6).elementsEqual("HTTP/2".utf8) ? head : []
    }

    /// One line, for a difference.
    public var line: String {
      let start = request.map { $0.head.prefix { $0 != 0x0D && $0 != 0x0A } } ?? []
      let status = response.map { $0.head.prefix { $0 != 0x0D && $0 != 0x0A } } ?? []
      return "\(client)→\(server) \(String(decoding: start.prefix(60), as: UTF8.self)) "
        + "[\(request?.headState ?? "-") \(request?.body.count ?? 0) \(request?.bodyState ?? "-")]"
        + " → \(String(decoding: status.prefix(30), as: UTF8.self)) "
        + "[\(response?.headState ?? "-") \(response?.body.count ?? 0) "
        + "\(response?.bodyState ?? "-")] \(outcome) \(verdict) \(reason)"
    }
  }

  public private(set) var exchanges: [Seen] = []
  public private(set) var result: Judgement.Result
  public private(set) var ledger: CaptureLedger
  /// Of the findings: what made judging impossible, or broke the policy.
  public private(set) var findings: [String]

  public var passes: Bool { result == .passed }

  /// Whether the capture says of itself that it ends in the middle, or is damaged.
  public var saysThatItIsCut: Bool {
    ledger.failure != nil || ledger.anomalies[.truncatedFile] > 0
  }

  private struct Collector: ExchangeSink {
    var judge: CaptureJudge
    var redactor = Redactor(keys: KeyRing())
    var seen: [Seen] = []

    mutating func began(_ source: CaptureSource) {}

    mutating func take(_ exchange: Exchange, in store: CaptureStore) {
      let judged = judge.take(exchange, in: store, &redactor)
      seen.append(
        Seen(
          client: exchange.client.port, server: exchange.server.port,
          request: exchange.request.map { Self.side($0, store) },
          response: exchange.response.map { Self.side($0, store) },
          interim: exchange.interim.map { $0.head.status ?? 0 },
          outcome: exchange.outcome.rawValue,
          verdict: judged?.credential.verdict.rawValue ?? "-",
          reason: judged?.credential.reason?.rawValue ?? "", isCopy: exchange.copyOf != nil,
          isTLS: exchange.tls != nil))
    }

    private static func side(_ message: Message, _ store: CaptureStore) -> Side {
      Side(
        frames: message.frames.runs, head: message.head.bytes,
        headState: message.headState.rawValue,
        body: message.pieces.flatMap { store.bytes($0.range) },
        bodyState: message.bodyState.rawValue)
    }
  }

  /// - Parameters:
  ///   - key: the expected key.
  ///   - keyLogs: what its TLS is opened with.
  /// - Throws: `CaptureError` where the file can't even be opened.
  public init(
    file: String, proxy: String = "any", key: String? = nil, keyLogs: [String] = []
  ) throws(CaptureError) {
    var options = CheckOptions()
    if let selector = try? ProxySelector(proxy) { options.selectors = [selector] }
    options.expected = key.map { ExpectedKey.plain(Array($0.utf8)) }
    var collector = Collector(judge: CaptureJudge(options))
    let secrets = keyLogs.compactMap { try? KeyLogFile(path: $0) }
    var reconstructor = try Reconstructor(files: [file], keyLogs: secrets)
    ledger = reconstructor.run(into: &collector)
    exchanges = collector.seen
    let judgement = collector.judge.finish(file: file, ledger, &collector.redactor)
    result = judgement.result
    findings = judgement.findings.map { "\($0.rule): \($0.message)" }
  }

  /// The exchanges connection by connection, so that captures in which connections are interleaved
  /// differently are the same. Streams of HTTP/2 that run at once come in the order of their first
  /// packets, which is another one where packets are swapped: they are ordered by their heads.
  public var byConnection: [Seen] {
    exchanges.enumerated().sorted { left, right in
      let (a, b) = (left.element, right.element)
      if (a.client, a.server) != (b.client, b.server) {
        return (a.client, a.server) < (b.client, b.server)
      }
      let (first, second) = (a.streamHead, b.streamHead)
      return first == second
        ? left.offset < right.offset : first.lexicographicallyPrecedes(second)
    }.map(\.element)
  }
}
