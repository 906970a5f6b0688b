internal import Foundation

/// A stub, or a tap, that runs as a user runs it, until it is stopped.
public final class ServedStub {
  private let process = Process()
  private let output: TemporaryFile
  private let errors: TemporaryFile
  private let ready: TemporaryFile
  public private(set) var url = ""
  public private(set) var adminURL = ""
  public private(set) var token = ""

  public struct NotReady: Error { public var errors: String }

  /// - Parameters:
  ///   - command: with what makes it take a free port.
  ///   - arguments: behind it.
  ///   - wrapper: a program, and its arguments, that starts it.
  public init(
    command: [String] = ["stub", "--port", "0"], _ arguments: [String], wrapper: [String] = [],
    environment: [String: String] = [:]
  ) throws {
    output = try TemporaryFile([], named: "output")
    errors = try TemporaryFile([], named: "errors")
    ready = try TemporaryFile([], named: "unused")
    let file = ready.path.replacing("unused", with: "ready.json")
    let command =
      wrapper + [Executable.path] + command + ["--ready-file", file] + arguments
    process.executableURL = URL(fileURLWithPath: command[0])
    process.arguments = Array(command.dropFirst())
    process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "NO_COLOR": "1"]
      .merging(environment) { $1 }
    process.currentDirectoryURL = URL(fileURLWithPath: ready.path).deletingLastPathComponent()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: output.path)
    process.standardError = FileHandle(forWritingAtPath: errors.path)
    try process.run()
    let limit = Date().addingTimeInterval(60)
    while !FileManager.default.fileExists(atPath: file) {
      guard process.isRunning, Date() < limit else {
        process.terminate()
        throw NotReady(errors: try text(errors))
      }
      Thread.sleep(forTimeInterval: 0.01)
    }
    let data = try Data(contentsOf: URL(fileURLWithPath: file))
    let told = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    url = told["url"] as? String ?? ""
    adminURL = told["admin_url"] as? String ?? ""
    token = told["admin_token"] as? String ?? ""
    processIdentifier = told["pid"] as? Int ?? 0
  }

  deinit { if process.isRunning { process.terminate() } }

  /// The port of the address that agents use.
  public var port: String { url.split(separator: ":").last.map(String.init) ?? "" }

  /// The status and the content that curl gets.
  public func curl(_ arguments: String..., wrapper: [String] = []) throws -> (Int, String) {
    let command = wrapper + ["/usr/bin/curl"]
    let result = try Executable.run(
      Array(command.dropFirst()) + ["-s", "--noproxy", "*", "-w", "\n%{http_code}"] + arguments,
      tool: command[0])
    var lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
    let status = lines.popLast().flatMap { Int($0) } ?? 0
    return (status, lines.joined(separator: "\n"))
  }

  public func admin(_ path: String) throws -> (Int, String) {
    try curl("-H", "Authorization: Bearer \(token)", "\(adminURL)/\(path)")
  }

  /// Ends it with SIGTERM, or what it is told.
  public func stop(signal: Int32 = 15) throws -> Executable.Result {
    kill(Int32(processIdentifier), signal)
    process.waitUntilExit()
    return Executable.Result(
      code: process.terminationReason == .exit
        ? process.terminationStatus : -process.terminationStatus,
      output: try text(output), errors: try text(errors))
  }

  /// Of the stub itself, where it was started by something else.
  public private(set) var processIdentifier = 0

  private func text(_ file: TemporaryFile) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: file.path)), as: UTF8.self)
  }
}
