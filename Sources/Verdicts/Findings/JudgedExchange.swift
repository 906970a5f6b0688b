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
  var traits: Traits
  private var rare: Rare?

  /// What rows of the same request and the same answer share.
  final class Traits: Sendable {
    let method: String
    let target: String
    let path: String
    let identity: ClientIdentity
    let credential: Credential
    let sent: String
    let status: Int?
    let answer: String
    let outcome: Exchange.Outcome
    let isRefused: Bool
    let isUnclearRefusal: Bool
    let fingerprint: String?
    let keyGeneration: Int

    init(
      method: String, target: String, path: String, identity: ClientIdentity,
      credential: Credential, sent: String, status: Int?, answer: String,
      outcome: Exchange.Outcome, isRefused: Bool, isUnclearRefusal: Bool, fingerprint: String?,
      keyGeneration: Int
    ) {
      self.method = method
      self.target = target
      self.path = path
      self.identity = identity
      self.credential = credential
      self.sent = sent
      self.status = status
      self.answer = answer
      self.outcome = outcome
      self.isRefused = isRefused
      self.isUnclearRefusal = isUnclearRefusal
      self.fingerprint = fingerprint
      self.keyGeneration = keyGeneration
    }
  }

  private struct Facts: Sendable {
    var prediction: ProxyPrediction?
    var process: String?
  }

  // In a place of its own: few have any of it.
  private final class Rare: Sendable {
    let facts: Facts

    init(_ facts: Facts) { self.facts = facts }
  }

  init(
    id: Int, between peers: ExchangePeers, time: Timestamp, duration: Int64?, frames: FrameRuns,
    _ traits: Traits
  ) {
    self.id = id
    self.peers = peers
    self.time = time
    self.duration = duration
    headFrames = frames
    self.traits = traits
  }

  init(_ exchange: PlainExchange, _ traits: Traits) {
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
  public var method: String { traits.method }
  public var target: String { traits.target }
  public var path: String { traits.path }
  public var identity: ClientIdentity { traits.identity }
  public var verdict: Verdict { traits.credential.verdict }
  public var credential: Credential { traits.credential }
  /// `none`, `Bearer key#1`, `Bearer dummy-key-for-proxy`.
  public var sent: String { traits.sent }
  public var status: Int? { traits.status }
  /// The status and, for an error, its gist.
  public var answer: String { traits.answer }
  public var outcome: Exchange.Outcome { traits.outcome }
  /// LiteLLM refused a request whose credential was right.
  public var isRefused: Bool { traits.isRefused }
  /// It was refused for want of a right, and the answer doesn't say by whom.
  public var isUnclearRefusal: Bool { traits.isUnclearRefusal }
  /// The key's fingerprint.
  public var fingerprint: String? { traits.fingerprint }
  /// ``KeyRing/generation`` when this began to be written.
  var keyGeneration: Int { traits.keyGeneration }

  // MARK: Its own

  /// The packets of the request's head.
  public var frames: [ClosedRange<Int32>] { headFrames.runs }

  /// What LiteLLM would answer: where the credential isn't right, on the first of those alike.
  public internal(set) var prediction: ProxyPrediction? {
    get { rare?.facts.prediction }
    set { change { $0.prediction = newValue } }
  }

  /// The client's process, where it was seen on this host while it was captured.
  public internal(set) var process: String? {
    get { rare?.facts.process }
    set { change { $0.process = newValue } }
  }

  private mutating func change(_ change: (inout Facts) -> Void) {
    var facts = rare?.facts ?? Facts()
    change(&facts)
    rare = Rare(facts)
  }
}
