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
    /// The peak of its resident memory, in bytes; at least what this process itself had.
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
    while unsafe wait4(process, &status, WNOHANG, &usage) == 0 {
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
      memory: usage.ru_maxrss * 1024, isOverTime: isOverTime)
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
