/// Why a stub couldn't start: one line with the remedy.
public struct StubError: Error, Sendable {
  public enum Code: Sendable {
    /// The port can't be had.
    case address
    /// The certificate or its key can't be read.
    case certificate
  }

  public var code: Code
  public var message: String
}
