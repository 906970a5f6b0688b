public import LiteLLM
public import Recording
public import Redaction
public import Sockets

/// What a stub is started with.
public struct StubOptions: Sendable {
  /// What a judge of this run says so far.
  public struct Told: Sendable {
    public var passes: Bool
    /// An object that says why.
    public var json: [UInt8]

    public init(passes: Bool, json: [UInt8]) {
      self.passes = passes
      self.json = json
    }
  }

  /// Gives the verdict so far.
  ///
  /// - Parameters:
  ///   - answered: how many requests the stub has answered.
  ///   - waits: whether it may be asked again: then `nil` where not all of them are judged yet.
  public typealias Verdict = @Sendable (_ answered: Int, _ waits: Bool) -> Told?

  public var proxy: Proxy
  public var clock: StubClock = .standard
  /// An address; nobody else can reach the loopback's.
  public var address = "127.0.0.1"
  /// 0 takes a free one.
  public var port = 4000
  /// Of the admin listener; 0 takes a free one.
  public var adminPort = 0
  /// What the admin listener asks for.
  public var adminToken = ""
  /// `--ttft`, in nanoseconds.
  public var timeToFirstToken: Int64 = 0
  /// `--itl`, in nanoseconds.
  public var interTokenLatency: Int64 = 0
  /// At most what comes on top of each of them, by chance of the seed; in nanoseconds.
  public var jitter: Int64 = 0
  /// Reads the durations of the fault that a request asks for itself (`x-keywitness-fault`); `nil`
  /// where it can't.
  public var faultDurations: (@Sendable (String) -> Int64?)?
  /// What goes wrong on purpose; of several that hit a request, the first.
  public var faults: [FaultRule] = []
  /// Recorded answers, which are then the only ones; `nil` for LiteLLM's.
  public var recorded: [RecordedAnswer]?
  /// How people know the capture that they come from.
  public var recordedName = ""
  /// How fast their time passes: 2 for twice as fast; `nil` for no waiting at all.
  public var speed: Double? = 1
  /// HTTPS where there is one.
  public var certificate: ServerCertificate?
  /// For what is told and recorded; knows the expected keys.
  public var redactor = Redactor()
  public var recording: Recording.Taps?
  /// Told of each request once its answer has been sent; called on the event loop.
  public var answered: (@Sendable (_ method: String, _ target: String) -> Void)?
  public var verdict: Verdict?

  public init(proxy: Proxy) { self.proxy = proxy }

  /// The proxy with another master key; `nil` leaves it as it is.
  public mutating func setMasterKey(_ key: String?) {
    guard let key else { return }
    var configuration = proxy.configuration
    configuration.masterKey = key
    proxy = proxy.configured(configuration)
  }
}
