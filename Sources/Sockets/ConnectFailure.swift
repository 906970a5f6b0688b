internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// Why there is no connection to a server, in words.
public enum ConnectFailure {
  /// `connection refused`
  public static func text(_ error: any Error) -> String {
    if let error = error as? NIOConnectionError, let first = error.connectionErrors.first {
      return text(first.error)
    }
    switch error {
    case ChannelError.connectTimeout: return "no answer within the connect timeout"
    case let error as IOError: return UnsafeSystem.text(ofError: error.errnoCode)
    case is NIOSSLError, is BoringSSLError: return "TLS: \("\(error)".prefix(200))"
    default: return "\("\(error)".prefix(200))"
    }
  }
}
