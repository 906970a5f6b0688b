internal import CArguments
internal import Glibc

/// What the process promises about itself: captured bytes hold keys, so no core file, no debugger
/// of another process, and no memory in a crash report.
enum ProcessGuard {
  static func install() {
    // A descriptor that came closed would be given to the next file, and reports written into it.
    for number: Int32 in 0...2 where fcntl(number, F_GETFD) == -1 {
      _ = unsafe open("/dev/null", number == 0 ? O_RDONLY : O_WRONLY)
    }
    // A reader that has gone away is told by EPIPE.
    signal(SIGPIPE, SIG_IGN)
    // Where it was ignored, nobody would be told that a program has ended.
    signal(SIGCHLD, SIG_DFL)
    guard unsafe getenv("KEYWITNESS_DEBUG_CRASH") == nil else { return }
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    #if os(Linux)
      // prctl is variadic, which Swift can't call; its address can be.
      typealias Control = @convention(c) (CInt, CUnsignedLong, CUnsignedLong) -> CInt
      let setDumpable: CInt = 4
      if let address = unsafe dlsym(nil, "prctl") {
        _ = unsafe unsafeBitCast(address, to: Control.self)(setDumpable, 0, 0)
      }
    #endif
    // Whoever started it may have had them blocked: then they would wait, and nothing would end it.
    var fatal = sigset_t()
    unsafe sigemptyset(&fatal)
    for number in [SIGILL, SIGTRAP, SIGSEGV, SIGABRT, SIGFPE, SIGBUS, SIGTERM] {
      unsafe sigaddset(&fatal, number)
    }
    unsafe sigprocmask(SIG_UNBLOCK, &fatal, nil)
    for number in [SIGILL, SIGTRAP, SIGSEGV, SIGABRT, SIGFPE] {
      signal(number) { number in
        // The runtime's own report would print memory: this replaces it, and dies the same death.
        ProcessGuard.say("keywitness: internal fault; nothing was judged. Please report it.\n")
        signal(number, SIG_DFL)
        raise(number)
      }
    }
    signal(SIGBUS) { _ in
      ProcessGuard.say("keywitness: a capture file was shortened while it was read\n")
      _exit(3)
    }
  }

  static func exit(_ code: Int32) -> Never { Glibc.exit(code) }

  /// Whatever other threads wait for.
  static func exitAtOnce(_ code: Int32) -> Never { _exit(code) }

  static func write(_ text: String, to descriptor: Int32) {
    _ = write(Array(text.utf8), to: descriptor)
  }

  /// Safe in a signal handler: no allocation.
  private static func say(_ text: StaticString) {
    _ = unsafe Glibc.write(2, text.utf8Start, text.utf8CodeUnitCount)
  }

  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Its columns; 80 where it doesn't say.
  static func terminalWidth(_ descriptor: Int32) -> Int {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Whether the group or everybody may read a file.
  static func isReadableByOthers(_ path: String) -> Bool {
    var status = stat()
    guard path != "-", unsafe stat(path, &status) == 0 else { return false }
    return status.st_mode & (S_IRGRP | S_IROTH) != 0
  }

  /// A pipe whose other end is from now on standard input.
  ///
  /// - Returns: the end to write to; `nil` where the system has no more.
  static func pipeToStandardInput() -> Int32? {
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0, dup2(ends[0], 0) == 0 else { return nil }
    close(ends[0])
    _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
    #if os(Linux)
      // F_SETPIPE_SZ, the largest that needs no right; a smaller one is only slower.
      _ = fcntl(ends[1], 1031, 1 << 20)
    #endif
    return ends[1]
  }

  /// - Returns: `false` where nobody reads any more.
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    unsafe bytes.withUnsafeBytes { source in
      var done = 0
      while done < source.count, let start = source.baseAddress {
        let count = unsafe Glibc.write(descriptor, start + done, source.count - done)
        if count > 0 { done += count } else if errno != EINTR { return false }
      }
      return true
    }
  }

  /// Reads a file to its end, a part at a time.
  ///
  /// - Returns: `false` where that can't be done.
  static func read(_ path: String, _ body: ([UInt8]) -> Void) -> Bool {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var part = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = unsafe part.withUnsafeMutableBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if count == 0 { return true }
      if count > 0 { body(Array(part[..<count])) } else if errno != EINTR { return false }
    }
  }

  /// Whether there is such a program that can be started, by its path or in one of PATH's folders.
  static func isProgram(_ name: String) -> Bool {
    let folders =
      name.contains("/")
      ? [""] : (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":").map { "\($0)/" }
    return folders.contains { folder in
      var status = stat()
      return unsafe stat(folder + name, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        && may(X_OK, folder + name)
    }
  }

  /// Whether files can be made in a folder.
  static func canWrite(in folder: String) -> Bool { may(W_OK | X_OK, folder) }

  /// As the user that it is now, which needn't be who started it.
  private static func may(_ mode: Int32, _ path: String) -> Bool {
    unsafe faccessat(AT_FDCWD, path, mode, AT_EACCESS) == 0
  }

  /// Whether a pipe's reader has gone: nobody is told what is written to it.
  static func hasNoReader(_ descriptor: Int32) -> Bool {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0,
      status.st_mode & S_IFMT == S_IFIFO || status.st_mode & S_IFMT == S_IFSOCK
    else { return false }
    var request = pollfd(fd: descriptor, events: 0, revents: 0)
    return unsafe poll(&request, 1, 0) > 0 && request.revents & Int16(POLLERR) != 0
  }

  /// Whether there certainly is no such file, which isn't said of one that can't be looked for.
  static func isMissing(_ path: String) -> Bool {
    unsafe access(path, F_OK) != 0 && errno == ENOENT
  }

  static func isThere(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  static func remove(_ path: String) { _ = unsafe unlink(path) }

  static func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }

  /// The arguments behind the program's name.
  static var arguments: [String] {
    (1..<max(1, process_argument_count())).compactMap { index in
      unsafe process_argument(index).map { unsafe String(cString: $0) }
    }
  }

  /// How long this process has kept a processor busy, in nanoseconds.
  static func processorTime() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }

  /// In nanoseconds since some moment; never set back.
  static func monotonicTime() -> Int64 {
    var time = timespec()
    guard unsafe clock_gettime(CLOCK_MONOTONIC, &time) == 0 else { return 0 }
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }

  /// Another descriptor of the same open file, which programs that are started don't get.
  static func duplicate(_ descriptor: Int32) -> Int32 { fcntl(descriptor, F_DUPFD_CLOEXEC, 3) }

  /// Whether there is such a process, also where nothing else may be asked of it.
  static func isAlive(_ id: Int32) -> Bool { id > 0 && (kill(id, 0) == 0 || errno == EPERM) }

  /// Of whoever started it, or of init, where that one has ended.
  static var parentID: Int32 { getppid() }

  static var processID: Int32 { getpid() }

  static var environment: [String: String] {
    var variables: [String: String] = [:]
    var entry = unsafe environ
    while let text = unsafe entry.pointee {
      let line = unsafe String(cString: text)
      if let equals = line.firstIndex(of: "=") {
        variables[String(line[..<equals])] = String(line[line.index(after: equals)...])
      }
      unsafe entry += 1
    }
    return variables
  }

  /// Of this program.
  static var executablePath: String { linkTarget("/proc/self/exe") ?? "keywitness" }

  /// What a symbolic link says; `nil` where it isn't one, or can't be read.
  static func linkTarget(_ path: String) -> String? {
    var target = [CChar](repeating: 0, count: 4096)
    let count = unsafe readlink(path, &target, target.count)
    guard count > 0 else { return nil }
    return String(decoding: target.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Waits until there is something to read, or the other end has closed.
  ///
  /// - Returns: `false` where the time was up.
  static func wait(for descriptor: Int32, milliseconds: Int32) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&request, 1, milliseconds) > 0
  }

  /// Takes what is there, at most `count` bytes.
  ///
  /// - Returns: none where the other end has closed.
  static func take(from descriptor: Int32, count: Int = 65_536) -> [UInt8] {
    var part = [UInt8](repeating: 0, count: count)
    while true {
      let taken = unsafe part.withUnsafeMutableBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if taken >= 0 { return Array(part.prefix(taken)) }
      guard errno == EINTR else { return [] }
    }
  }

  /// Both ends of a pipe, closed in programs that are started.
  static func pipeEnds() -> (read: Int32, write: Int32)? {
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  static var workingFolder: String {
    guard let path = unsafe getcwd(nil, 0) else { return "." }
    defer { unsafe free(path) }
    return unsafe String(cString: path)
  }
}
