public import LiteLLM

/// What a stub is started with.
public struct StubOptions: Sendable {
  public var proxy: Proxy
  public var clock: StubClock = .standard
  /// An address; nobody else can reach the loopback's.
  public var address = "127.0.0.1"
  /// 0 takes a free one.
  public var port = 4000
  /// `--ttft`, in nanoseconds.
  public var timeToFirstToken: Int64 = 0
  /// `--itl`, in nanoseconds.
  public var interTokenLatency: Int64 = 0
  /// What goes wrong on purpose; of several that hit a request, the first.
  public var faults: [FaultRule] = []
  /// PEM files of the certificate chain and its key: HTTPS.
  public var certificate: (chain: String, key: String)?

  public init(proxy: Proxy) { self.proxy = proxy }
}
