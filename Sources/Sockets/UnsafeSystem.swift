internal import Glibc
public import NIOCore
public import Wire

/// The system's clock, signals and addresses, and comparison of memory: C interfaces that want
/// pointers.
public enum UnsafeSystem {
  /// In nanoseconds since 1970.
  public static func wallClock() -> Int64 {
    var time = timespec()
    guard unsafe clock_gettime(CLOCK_REALTIME, &time) == 0 else { return 0 }
    return Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000).partialValue
      &+ Int64(time.tv_nsec)
  }

  /// `connection refused`
  static func text(ofError number: Int32) -> String {
    let text = unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
    return text.prefix(1).lowercased() + text.dropFirst()
  }

  /// Whether `bytes` has `other` at `start`, as a whole.
  public static func isEqual(_ bytes: [UInt8], from start: Int, _ other: [UInt8]) -> Bool {
    guard start >= 0, other.count <= bytes.count - start else { return false }
    return unsafe bytes.withUnsafeBytes { bytes in
      unsafe other.withUnsafeBytes { other in
        guard let first = bytes.baseAddress, let second = other.baseAddress else { return true }
        return unsafe memcmp(first + start, second, other.count) == 0
      }
    }
  }

  /// - Returns: `nil` for what is no address of the Internet.
  fileprivate static func endpoint(_ address: SocketAddress) -> Endpoint? {
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
  fileprivate static func blockEndSignals() {
    var set = endSignals()
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// Waits for SIGINT or SIGTERM.
  fileprivate static func waitForEndSignal() {
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
  public static func processID() -> Int32 { getpid() }
}

extension Endpoint {
  /// The same in the words of the rooms on the left.
  public init?(_ address: SocketAddress) {
    guard let endpoint = UnsafeSystem.endpoint(address) else { return nil }
    self = endpoint
  }
}

/// SIGINT and SIGTERM, for programs that end cleanly.
public enum EndSignals {
  /// From here on they wait for ``waitForOne()``: to be called before any thread is started, since threads
  /// inherit it.
  public static func hold() { UnsafeSystem.blockEndSignals() }

  /// Waits for one of them.
  public static func waitForOne() { UnsafeSystem.waitForEndSignal() }
}
