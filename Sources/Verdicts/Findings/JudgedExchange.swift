public import Exchanges
public import Wire

/// What reports show of an exchange: everything redacted, nothing of the capture's bytes kept.
public struct JudgedExchange: Sendable {
  public let id: Int
  private let peers: ExchangePeers
  public let time: Timestamp
  /// Nanoseconds; `nil` where there is no answer or no clock.
  public let duration: Int64?
  private let headFrames: FrameRuns
  /// What it has in common with others: clients at fault send the same again and again, and there may be
  /// a hundred thousand rows.
  var traits: Boxed<Traits>
  /// Few have any of it.
  private var rare: Boxed<Rare>?

  /// What rows of the same request and the same answer share.
  struct Traits: Sendable {
    var method: String
    var target: String
    var path: String
    var identity: ClientIdentity
    var credential: Credential
    var sent: String
    var status: Int?
    var answer: String
    var outcome: Exchange.Outcome
    var isRefused: Bool
    var isUnclearRefusal: Bool
    var fingerprint: String?
    var keyGeneration: Int
  }

  private struct Rare: Sendable {
    var prediction: ProxyPrediction?
    var process: String?
  }

  init(
    id: Int, between peers: ExchangePeers, time: Timestamp, duration: Int64?, frames: FrameRuns,
    _ traits: Boxed<Traits>
  ) {
    self.id = id
    self.peers = peers
    self.time = time
    self.duration = duration
    headFrames = frames
    self.traits = traits
  }

  init(_ exchange: PlainExchange, _ traits: Boxed<Traits>) {
    var frames = FrameRuns()
    frames.add(exchange.frame)
    self.init(
      id: exchange.id, between: exchange.peers, time: exchange.time,
      duration: exchange.duration, frames: frames, traits)
  }

  // MARK: What it shares

  public var connection: Int { peers.connection }
  public var client: Endpoint { peers.client }
  public var server: Endpoint { peers.server }
  public var method: String { traits.value.method }
  public var target: String { traits.value.target }
  public var path: String { traits.value.path }
  public var identity: ClientIdentity { traits.value.identity }
  public var verdict: Verdict { traits.value.credential.verdict }
  public var credential: Credential { traits.value.credential }
  /// `none`, `Bearer key#1`, `Bearer dummy-key-for-proxy`.
  public var sent: String { traits.value.sent }
  public var status: Int? { traits.value.status }
  /// The status and, for an error, its gist.
  public var answer: String { traits.value.answer }
  public var outcome: Exchange.Outcome { traits.value.outcome }
  /// LiteLLM refused a request whose credential was right.
  public var isRefused: Bool { traits.value.isRefused }
  /// It was refused for want of a right, and the answer doesn't say by whom.
  public var isUnclearRefusal: Bool { traits.value.isUnclearRefusal }
  /// The key's fingerprint.
  public var fingerprint: String? { traits.value.fingerprint }
  /// ``KeyRing/generation`` when this began to be written.
  var keyGeneration: Int { traits.value.keyGeneration }

  // MARK: Its own

  /// The packets of the request's head.
  public var frames: [ClosedRange<Int32>] { headFrames.runs }

  /// What LiteLLM would answer: where the credential isn't right, on the first of those alike.
  public internal(set) var prediction: ProxyPrediction? {
    get { rare?.value.prediction }
    set { change { $0.prediction = newValue } }
  }

  /// The client's process, where it was seen on this host while it was captured.
  public internal(set) var process: String? {
    get { rare?.value.process }
    set { change { $0.process = newValue } }
  }

  private mutating func change(_ change: (inout Rare) -> Void) {
    var facts = rare?.value ?? Rare()
    change(&facts)
    rare = Boxed(facts)
  }
}
