internal import CArguments
internal import Glibc

// Unsafe on purpose: posix_spawn takes C strings and structures of its own. swift-subprocess only
// knows async functions, and this program's commands aren't.

/// A program in a process group of its own, with this process's output unless it is given another.
struct ChildProcess: Sendable {
  /// How it ended.
  enum End: Equatable, Sendable {
    case exited(Int32)
    case killed(Int32)

    var isSuccess: Bool { self == .exited(0) }

    /// `exit 1`, `signal 9`
    var text: String {
      switch self {
      case .exited(let code): "exit \(code)"
      case .killed(let signal): "signal \(signal)"
      }
    }
  }

  private let pid: pid_t

  /// - Parameters:
  ///   - command: the program, looked for in PATH, and its arguments.
  ///   - environment: all of it.
  ///   - standardInput: a descriptor.
  ///   - standardOutput: likewise.
  /// - Returns: `nil` and the system's error where it can't be started.
  static func start(
    _ command: [String], environment: [String: String], standardInput: Int32,
    standardOutput: Int32 = 1
  ) -> (child: ChildProcess?, error: String) {
    var attributes = posix_spawnattr_t()
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawnattr_init(&attributes)
    unsafe posix_spawn_file_actions_init(&actions)
    defer {
      unsafe posix_spawnattr_destroy(&attributes)
      unsafe posix_spawn_file_actions_destroy(&actions)
    }
    // What this process blocks and ignores is nothing to the program.
    var none = sigset_t()
    var all = sigset_t()
    unsafe sigemptyset(&none)
    unsafe sigfillset(&all)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    unsafe posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    unsafe posix_spawn_file_actions_adddup2(&actions, standardInput, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, standardOutput, 1)
    var pid = pid_t()
    let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let failure = unsafe withCStrings(command) { arguments in
      unsafe withCStrings(variables) { variables in
        guard let program = unsafe arguments[0] else { return ENOENT }
        return unsafe posix_spawnp(&pid, program, &actions, &attributes, arguments, variables)
      }
    }
    guard failure == 0 else {
      return (nil, unsafe strerror(failure).map { unsafe String(cString: $0) } ?? "\(failure)")
    }
    return (ChildProcess(pid: pid), "")
  }

  /// Gives it the terminal, where there is one: what it reads there, and Ctrl-C, are its own.
  func bringToForeground(_ descriptor: Int32) {
    Self.setForeground(descriptor, pid)
    // It may have asked before, and been stopped for that.
    kill(-pid, SIGCONT)
  }

  /// The terminal is this process's again.
  static func returnToForeground(_ descriptor: Int32) { setForeground(descriptor, getpgrp()) }

  private static func setForeground(_ descriptor: Int32, _ group: pid_t) {
    guard isatty(descriptor) == 1 else { return }
    // Whoever asks from the background would be stopped.
    let before = signal(SIGTTOU, SIG_IGN)
    tcsetpgrp(descriptor, group)
    signal(SIGTTOU, before)
  }

  /// - Returns: `nil` while it runs.
  func poll() -> End? {
    var status: Int32 = 0
    guard unsafe waitpid(pid, &status, WNOHANG) == pid else { return nil }
    let signal = status & 0x7F
    return signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal)
  }

  /// Asks it, and whatever it has started, to end.
  func terminate() { kill(-pid, SIGTERM) }

  /// Doesn't ask.
  func kill() { kill(-pid, SIGKILL) }

  private func kill(_ pid: pid_t, _ signal: Int32) { _ = Glibc.kill(pid, signal) }

  private static func withCStrings<Result>(
    _ texts: [String],
    _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    let copies = unsafe texts.map { unsafe strdup($0) } + [nil]
    defer { for index in unsafe copies.indices { unsafe free(copies[index]) } }
    return unsafe copies.withUnsafeBufferPointer { buffer in
      // There is at least the nil.
      guard let base = buffer.baseAddress else { fatalError("an array of one has a place") }
      return unsafe body(base)
    }
  }
}

/// A thread of its own, for what waits.
enum BackgroundThread {
  private final class Work {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// - Returns: `false` where the system has no more.
  static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    var thread = pthread_t()
    let work = unsafe Unmanaged.passRetained(Work(body))
    let failure = unsafe pthread_create(
      &thread, nil,
      { argument in
        if let argument = unsafe argument {
          unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
        }
        return nil
      }, work.toOpaque())
    guard failure == 0 else {
      unsafe work.release()
      return false
    }
    pthread_detach(thread)
    return true
  }

  static func sleep(milliseconds: Int) { usleep(UInt32(clamping: milliseconds) &* 1000) }
}
