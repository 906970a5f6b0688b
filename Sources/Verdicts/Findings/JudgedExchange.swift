public import Exchanges
public import Wire

/// What reports show of an exchange: everything redacted, nothing of the capture's bytes kept.
public struct JudgedExchange: Sendable {
  public var id: Int
  public var connection: Int
  public var client: Endpoint
  public var server: Endpoint
  public var time: Timestamp
  /// Nanoseconds; `nil` where there is no answer or no clock.
  public var duration: Int64?
  public var method: String
  public var target: String
  public var path: String
  public var identity: ClientIdentity
  public var verdict: Verdict
  public var credential: Credential
  /// `none`, `Bearer key#1`, `Bearer dummy-key-for-proxy`.
  public var sent: String
  public var status: Int?
  /// The status and, for an error, its gist.
  public var answer: String
  public var outcome: Exchange.Outcome
  public var frames: [ClosedRange<Int32>]
  /// LiteLLM refused a request whose credential was right.
  public var isRefused = false
  /// It was refused for want of a right, and the answer doesn't say by whom.
  public var isUnclearRefusal = false
  /// What LiteLLM would answer: where the credential isn't right, on the first of those alike.
  public var prediction: ProxyPrediction?
  /// The key's fingerprint.
  public var fingerprint: String?
  /// The client's process, where it was seen on this host while it was captured.
  public var process: String?
  /// ``KeyRing/generation`` when this was written.
  var keyGeneration = 0
}
