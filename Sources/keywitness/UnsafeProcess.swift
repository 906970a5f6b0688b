internal import CArguments
internal import Glibc
internal import Synchronization
internal import Wire

// Unsafe on purpose: posix_spawn takes C strings and structures of its own. swift-subprocess only
// knows async functions, and this program's commands aren't.

/// A program in a process group of its own, with this process's output unless it is given another.
final class ChildProcess: Sendable {
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

  private struct State {
    var end: End?
    /// The terminal that it may have, and whether it has it now.
    var terminal: Int32?
    var hasTerminal = false
  }

  private let pid: pid_t
  private let state = Mutex(State())

  private init(pid: pid_t) { self.pid = pid }

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

  /// Lends it the terminal, where this process has one: what it reads there, and Ctrl-C, are its own.
  func bringToForeground(_ descriptor: Int32) {
    state.withLock {
      $0.terminal = isatty(descriptor) == 1 ? descriptor : nil
      lend(&$0)
    }
  }

  /// The terminal is this process's again, where it was lent.
  func returnTerminal() { state.withLock { takeBack(&$0) } }

  /// A job in the background hasn't got the terminal, and takes it from nobody.
  private func lend(_ state: inout State) {
    if let terminal = state.terminal, tcgetpgrp(terminal) == getpgrp() {
      state.hasTerminal = Self.setForeground(terminal, pid)
    }
    // It may have asked before, and been stopped for that.
    kill(-pid, SIGCONT)
  }

  private func takeBack(_ state: inout State) {
    guard state.hasTerminal, let terminal = state.terminal else { return }
    state.hasTerminal = false
    _ = Self.setForeground(terminal, getpgrp())
  }

  private static func setForeground(_ descriptor: Int32, _ group: pid_t) -> Bool {
    // Whoever asks from the background would be stopped.
    let before = signal(SIGTTOU, SIG_IGN)
    defer { signal(SIGTTOU, before) }
    return tcsetpgrp(descriptor, group) == 0
  }

  /// Looks whether it is over. Where it was stopped by its terminal this process stops with it, as one
  /// job of the shell, and both go on together.
  ///
  /// - Returns: `nil` while it runs.
  func poll() -> End? {
    state.withLock { state in
      guard state.end == nil else { return state.end }
      var status: Int32 = 0
      guard unsafe waitpid(pid, &status, WNOHANG | WUNTRACED) == pid else { return nil }
      let signal = status & 0x7F
      // WIFSTOPPED and WSTOPSIG.
      guard signal != 0x7F else {
        stop(with: status >> 8 & 0xFF, &state)
        return nil
      }
      state.end = signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal)
      return state.end
    }
  }

  private func stop(with signal: Int32, _ state: inout State) {
    guard let terminal = state.terminal else { return }
    let isDenied = signal == SIGTTIN || signal == SIGTTOU
    // Without the terminal it is somebody's purpose.
    guard state.hasTerminal || isDenied else { return }
    let hadTerminal = state.hasTerminal
    takeBack(&state)
    if hadTerminal || tcgetpgrp(terminal) != getpgrp() {
      // As the terminal stops a job: all of it, and nobody who has no shell to go on by. Another thread
      // may take the signal first: this one is stopped while it waits for that.
      kill(0, SIGTSTP)
      BackgroundThread.sleep(milliseconds: 50)
    }
    lend(&state)
  }

  /// Asks it, and whatever it has started, to end; also where it is stopped.
  func terminate() {
    kill(-pid, SIGTERM)
    kill(-pid, SIGCONT)
  }

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
