public import Recording
public import Redaction
public import Sockets

/// What a tap is started with.
public struct TapOptions: Sendable {
  /// Where everything goes.
  public var target: ServerAddress
  /// An address; nobody else can reach the loopback's.
  public var address = "127.0.0.1"
  /// 0 takes a free one.
  public var port = 4000
  /// HTTPS on the agent's side where there is one.
  public var certificate: ServerCertificate?
  /// The agent's Host field stays as it is.
  public var keepsHost = false
  /// A PEM file of authorities for the target, in the place of the system's.
  public var authorities: String?
  /// The target may have any certificate.
  public var isInsecure = false
  /// In nanoseconds.
  public var connectTimeout: Int64 = 10_000_000_000
  public var recording: Recording.Taps?
  /// For what is recorded; knows the expected keys.
  public var redactor = Redactor()
  /// Told of each request once its answer has passed; called on the event loop.
  public var answered: (@Sendable (_ method: String, _ target: String) -> Void)?
  /// Told of each connection that the target didn't take, and why; called on the event loop.
  public var failed: (@Sendable (_ reason: String) -> Void)?

  public init(target: ServerAddress) { self.target = target }
}

/// Why a tap couldn't start: one line with the remedy.
public struct TapError: Error, Sendable {
  public var message: String
  /// Whether a certificate or its key can't be read; else the port can't be had.
  public var isCertificate = false
}
