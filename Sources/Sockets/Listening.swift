internal import Glibc
public import NIOCore

/// Why nothing can listen there.
public struct ListeningError: Error, Sendable {
  public let message: String

  /// - Parameter error: of the attempt.
  public init(_ error: any Error, address: String, port: Int) {
    let place = "\(address):\(port)"
    guard let error = error as? IOError else {
      message = "\(place) is no address to listen on; give an IP address of this machine"
      return
    }
    switch error.errnoCode {
    case EADDRINUSE:
      message = "port \(port) is in use; give another, or port 0 for a free one"
    case EACCES: message = "no right to listen on port \(port); take one above 1023"
    default:
      message =
        "\(place) can't be listened on (errno \(error.errnoCode)); give an address of this machine"
    }
  }
}

extension SocketAddress {
  /// An address to listen on. No name is resolved: that would ask others.
  public static func listening(on text: String, port: Int) throws -> SocketAddress {
    try SocketAddress(ipAddress: text == "localhost" ? "127.0.0.1" : text, port: port)
  }
}
