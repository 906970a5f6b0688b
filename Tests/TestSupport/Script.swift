internal import Foundation

/// A line of a shell that runs the executable, where a test needs pipes, redirections or a umask.
public enum Script {
  /// The executable is `$KW`, its working folder a new and empty one.
  public static func run(
    _ script: String, environment: [String: String] = [:]
  ) throws -> Executable.Result {
    let scratch = try ScratchFile([], named: "output")
    let folder = URL(fileURLWithPath: scratch.path).deletingLastPathComponent().path
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = [
      "-c", "mkdir '\(folder)/work' && cd '\(folder)/work' || exit 99\n" + script,
    ]
    process.environment = [
      "PATH": "/usr/bin:/bin", "NO_COLOR": "1", "KW": Executable.path, "LC_ALL": "C",
    ].merging(environment) { $1 }
    let errors = try ScratchFile([], named: "errors")
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: scratch.path)
    process.standardError = FileHandle(forWritingAtPath: errors.path)
    try process.run()
    process.waitUntilExit()
    return Executable.Result(
      code: process.terminationStatus, output: try Folder.text(scratch.path),
      errors: try Folder.text(errors.path))
  }
}
