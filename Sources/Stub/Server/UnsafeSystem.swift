internal import Glibc
internal import NIOCore
internal import Wire

/// The system's clock, signals and comparison of memory: C interfaces that want pointers.
enum UnsafeSystem {
  /// In nanoseconds since 1970.
  static func wallClock() -> Int64 {
    var time = timespec()
    guard unsafe clock_gettime(CLOCK_REALTIME, &time) == 0 else { return 0 }
    return Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000).partialValue
      &+ Int64(time.tv_nsec)
  }

  /// Whether `bytes` has `other` at `start`, as a whole.
  static func isEqual(_ bytes: [UInt8], from start: Int, _ other: [UInt8]) -> Bool {
    guard start >= 0, other.count <= bytes.count - start else { return false }
    return unsafe bytes.withUnsafeBytes { bytes in
      unsafe other.withUnsafeBytes { other in
        guard let first = bytes.baseAddress, let second = other.baseAddress else { return true }
        return unsafe memcmp(first + start, second, other.count) == 0
      }
    }
  }

  /// - Returns: `nil` for what is no address of the Internet.
  static func endpoint(_ address: SocketAddress) -> Endpoint? {
    let raw = unsafe address.withSockAddr { pointer, size in
      unsafe Array(UnsafeRawBufferPointer(start: pointer, count: size))
    }
    // The address's place in `sockaddr_in` and in `sockaddr_in6`.
    let bytes: ArraySlice<UInt8>
    switch address {
    case .v4: bytes = raw.dropFirst(4).prefix(4)
    case .v6: bytes = raw.dropFirst(8).prefix(16)
    case .unixDomainSocket: return nil
    }
    guard let ip = IPAddress(bytes: bytes), let port = address.port else { return nil }
    return Endpoint(address: ip, port: UInt16(truncatingIfNeeded: port))
  }

  /// Threads that begin after this don't take the signals that end a server.
  static func blockEndSignals() {
    var set = endSignals()
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// Waits for SIGINT or SIGTERM.
  static func waitForEndSignal() {
    var set = endSignals()
    var signal: Int32 = 0
    unsafe sigwait(&set, &signal)
  }

  private static func endSignals() -> sigset_t {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    unsafe sigaddset(&set, SIGINT)
    unsafe sigaddset(&set, SIGTERM)
    return set
  }

  /// From the system's generator.
  static func processID() -> Int32 { getpid() }
}

extension Endpoint {
  /// The same in the words of the rooms on the left.
  init?(_ address: SocketAddress) {
    guard let endpoint = UnsafeSystem.endpoint(address) else { return nil }
    self = endpoint
  }
}
