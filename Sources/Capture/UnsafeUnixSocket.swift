// Unsafe on purpose: the address of a Unix socket is a C structure with an array in it.

// Its headers declare `timeval` and sockets, too: which of the two modules has them isn't said.
internal import CLibpcap
internal import Glibc

/// One question to a server on a Unix socket: Docker and containerd answer HTTP there.
public enum UnixSocket {
  /// The longest answer that is read, in bytes.
  private static let limit = 16 << 20
  /// How long all of it may take, in seconds.
  private static let patience = 5

  /// - Parameters:
  ///   - path: of the socket.
  ///   - request: what is sent, as it is.
  /// - Returns: all that was answered until the server closed; `nil` where nobody answers.
  public static func ask(_ path: String, _ request: String) -> [UInt8]? {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(O_CLOEXEC), 0)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var patience = timeval(tv_sec: patience, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      unsafe setsockopt(
        descriptor, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
    }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let name = Array(path.utf8)
    guard name.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
    let connected = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard connected == 0, send(Array(request.utf8), to: descriptor) else { return nil }
    return receive(from: descriptor)
  }

  private static func now() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int(time.tv_sec)
  }

  private static func send(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { source in
        unsafe source.baseAddress.map { unsafe write(descriptor, $0 + done, source.count - done) }
          ?? -1
      }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }

  private static func receive(from descriptor: Int32) -> [UInt8]? {
    var answer: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65_536)
    let end = now() + patience
    while answer.count < limit, now() <= end {
      let count = unsafe part.withUnsafeMutableBytes {
        unsafe read(descriptor, $0.baseAddress, $0.count)
      }
      if count == 0 { return answer }
      guard count > 0 else { return nil }
      answer += part[..<count]
    }
    return nil
  }
}
