// Unsafe on purpose: posix_spawn and wait4 work on pointers.

internal import Foundation

extension Executable {
  /// What a run took.
  public struct Measured: Sendable {
    /// Minus the signal's number where one ended it.
    public var code: Int32
    public var output: [UInt8]
    public var errors: [UInt8]
    /// Of the wall clock.
    public var seconds: Double
    /// The peak of its resident memory, in bytes.
    public var memory: Int
    /// It was still running at the time limit, and was ended.
    public var isOverTime: Bool
  }

  /// Runs it under a time limit, in `folder`, where its output is kept in between.
  public static func measure(
    _ arguments: [String], in folder: Folder, limit: Double
  ) throws -> Measured {
    let (output, errors) = (folder.path + "/.output", folder.path + "/.errors")
    let began = ContinuousClock.now
    let words = ["/usr/bin/env", "-C", folder.path, path] + arguments
    let process = try spawn(words, output: output, errors: errors)
    var status: Int32 = 0
    var usage = rusage()
    var isOverTime = false
    var peak = 0
    while unsafe wait4(process, &status, WNOHANG, &usage) == 0 {
      peak = max(peak, peakMemory(of: process) ?? 0)
      if !isOverTime, began.duration(to: .now) > .seconds(limit) {
        isOverTime = true
        kill(process, SIGKILL)
      }
      usleep(500)
    }
    let taken = began.duration(to: .now)
    let signal = status & 0x7F
    return Measured(
      code: signal == 0 ? status >> 8 & 0xFF : -signal, output: try Folder.bytes(output),
      errors: try Folder.bytes(errors), seconds: taken / .seconds(1),
      memory: peak > 0 ? peak : usage.ru_maxrss * 1024, isOverTime: isOverTime)
  }

  /// What the system says of a running process. (What is told of one that has ended counts this
  /// process too, which it began as a copy of.)
  private static func peakMemory(of process: pid_t) -> Int? {
    guard let status = try? Folder.text("/proc/\(process)/status"),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      // Not yet the executable, but `env`.
      status.hasPrefix("Name:\tkeywitness")
    else { return nil }
    return line.split(separator: " ").dropLast().last.flatMap { Int($0) }.map { $0 << 10 }
  }

  private static func spawn(
    _ words: [String], output: String, errors: String
  ) throws -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    let flags = O_WRONLY | O_CREAT | O_TRUNC
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 1, output, flags, 0o600)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, errors, flags, 0o600)
    let variables = ["PATH=/usr/bin:/bin", "NO_COLOR=1"]
    let arguments = unsafe terminated(words)
    let environment = unsafe terminated(variables)
    defer {
      for index in unsafe arguments.indices { unsafe free(arguments[index]) }
      for index in unsafe environment.indices { unsafe free(environment[index]) }
    }
    var process = pid_t()
    let failure = unsafe posix_spawn(&process, words[0], &actions, nil, arguments, environment)
    guard failure == 0 else { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .ENOEXEC) }
    return process
  }

  /// As C takes lists of words.
  private static func terminated(_ words: [String]) -> [UnsafeMutablePointer<CChar>?] {
    unsafe words.map { word in unsafe strdup(word) } + [nil]
  }
}
