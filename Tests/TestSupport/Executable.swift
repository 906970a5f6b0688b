internal import Foundation

/// The executable under test, run as a user runs it.
public enum Executable {
  public struct Result: Sendable {
    public var code: Int32
    public var output: String
    public var errors: String
  }

  /// It lies beside the test bundle, unless KEYWITNESS_EXECUTABLE names another one.
  public static let path: String = {
    if let other = ProcessInfo.processInfo.environment["KEYWITNESS_EXECUTABLE"], !other.isEmpty {
      return URL(fileURLWithPath: other).path
    }
    return built("keywitness")
  }()

  /// An executable of the package that was built with the tests.
  public static func built(_ name: String) -> String {
    var folder = Bundle(for: TemporaryFile.self).bundleURL
    if folder.pathExtension == "xctest" { folder.deleteLastPathComponent() }
    return folder.appendingPathComponent(name).path
  }

  /// The root of the checkout.
  public static let root: String = {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
  }()

  /// The corpora's folder, where the environment names it.
  public static let corpora: String? = ProcessInfo.processInfo.environment["KEYWITNESS_CORPORA"]
    .flatMap { $0.isEmpty ? nil : URL(fileURLWithPath: $0).path }

  /// - Parameters:
  ///   - environment: instead of the test's own.
  ///   - folder: the working folder; the temporary one by default, so that no policy is found.
  ///   - tool: another program, in its place.
  public static func run(
    _ arguments: [String], input: [UInt8]? = nil, environment: [String: String] = [:],
    folder: String? = nil, tool: String? = nil
  ) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: tool ?? path)
    process.arguments = arguments
    process.environment = ["PATH": "/usr/bin:/bin", "NO_COLOR": "1"].merging(environment) { $1 }
    process.currentDirectoryURL =
      folder.map { URL(fileURLWithPath: $0) } ?? FileManager.default.temporaryDirectory
    // Files, not pipes: whatever the sizes, nobody waits for anybody.
    let scratch = try TemporaryFile(input ?? [], named: "input")
    let output = try TemporaryFile([], named: "output")
    let errors = try TemporaryFile([], named: "errors")
    process.standardInput = FileHandle(forReadingAtPath: scratch.path)
    process.standardOutput = FileHandle(forWritingAtPath: output.path)
    process.standardError = FileHandle(forWritingAtPath: errors.path)
    try process.run()
    process.waitUntilExit()
    return Result(
      code: process.terminationReason == .exit
        ? process.terminationStatus : -process.terminationStatus,
      output: String(
        decoding: try Data(contentsOf: URL(fileURLWithPath: output.path)), as: UTF8.self),
      errors: String(
        decoding: try Data(contentsOf: URL(fileURLWithPath: errors.path)), as: UTF8.self))
  }

  /// Starts another program.
  ///
  /// - Returns: waits for its end, and gives its output.
  public static func start(
    _ arguments: [String], tool: String
  ) throws -> () throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: tool)
    process.arguments = arguments
    let output = try TemporaryFile([], named: "output")
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: output.path)
    process.standardError = FileHandle.nullDevice
    try process.run()
    return {
      process.waitUntilExit()
      return String(
        decoding: try Data(contentsOf: URL(fileURLWithPath: output.path)), as: UTF8.self)
    }
  }
}
