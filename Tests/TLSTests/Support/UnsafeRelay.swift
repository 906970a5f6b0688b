// Unsafe on purpose: sockets.

internal import Foundation
internal import Glibc
internal import Wire

/// Stands between a client and a server on this machine, passes on what they send, and keeps it.
final class Relay: @unchecked Sendable {
  struct Chunk: Sendable {
    var direction: Direction
    var bytes: [UInt8]
  }

  /// Where the client is to connect to.
  let port: UInt16
  private let listener: Int32
  private let target: UInt16
  private let lock = NSLock()
  private var kept: [Chunk] = []
  private var hasEnded = false

  /// Who writes to a program that has ended must not end with it.
  static let survivesClosedPipes: Bool = {
    signal(SIGPIPE, SIG_IGN)
    return true
  }()

  /// - Parameter target: the server's port.
  init?(to target: UInt16) {
    self.target = target
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard let bound = Self.listen(listener) else { return nil }
    port = bound
    Thread.detachNewThread { [self] in run() }
  }

  /// What was sent so far, in order.
  var chunks: [Chunk] { lock.withLock { kept } }
  var isOver: Bool { lock.withLock { hasEnded } }
  private var count: Int { lock.withLock { kept.count } }

  /// Waits until something more was sent than `before` chunks, and then nothing for a moment.
  func settle(after before: Int = 0) {
    var last = -1
    var quiet = 0
    for _ in 0..<500 where !isOver {
      usleep(10_000)
      let now = count
      quiet = now == last ? quiet + 1 : 0
      last = now
      if now > before, quiet >= 8 { return }
    }
  }

  func waitForEnd() {
    for _ in 0..<1000 where !isOver { usleep(10_000) }
  }

  private static func address(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  private static func with<R>(
    _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> R
  ) -> R {
    unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  private static func listen(_ listener: Int32) -> UInt16? {
    var address = address(0)
    guard unsafe with(&address, { unsafe bind(listener, $0, $1) }) == 0,
      Glibc.listen(listener, 4) == 0
    else { return nil }
    let named = unsafe with(&address) { pointer, length in
      var length = length
      return unsafe getsockname(listener, pointer, &length)
    }
    return named == 0 ? UInt16(bigEndian: address.sin_port) : nil
  }

  private func run() {
    defer { lock.withLock { hasEnded = true } }
    let client = accept(listener, nil, nil)
    close(listener)
    let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = Self.address(target)
    defer {
      close(client)
      close(server)
    }
    guard client >= 0, unsafe Self.with(&address, { unsafe connect(server, $0, $1) }) == 0 else {
      return
    }
    var open = [true, true]
    while open[0] || open[1] {
      var polled = [
        pollfd(fd: open[0] ? client : -1, events: Int16(POLLIN), revents: 0),
        pollfd(fd: open[1] ? server : -1, events: Int16(POLLIN), revents: 0),
      ]
      guard unsafe poll(&polled, 2, 20_000) > 0 else { return }
      for side in 0...1 where polled[side].revents != 0 {
        open[side] = pass(
          from: side == 0 ? client : server, to: side == 0 ? server : client,
          side == 0 ? .forward : .backward)
      }
    }
  }

  private func pass(from source: Int32, to target: Int32, _ direction: Direction) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = unsafe recv(source, &buffer, buffer.count, 0)
    guard count > 0 else {
      shutdown(target, Int32(SHUT_WR))
      return false
    }
    let bytes = Array(buffer[..<count])
    lock.withLock { kept.append(Chunk(direction: direction, bytes: bytes)) }
    var sent = 0
    while sent < count {
      let more = unsafe bytes.withUnsafeBytes { buffer in
        guard let base = buffer.baseAddress else { return -1 }
        return unsafe send(target, base + sent, count - sent, Int32(MSG_NOSIGNAL))
      }
      guard more > 0 else { return false }
      sent += more
    }
    return true
  }
}
