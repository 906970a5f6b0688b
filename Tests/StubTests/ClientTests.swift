import Foundation
import LiteLLM
import TestSupport
import Testing

@testable import Stub

/// Clients as people have them, from their package index, against the stub.
@Suite struct ClientTests {
  private static let key = "sk-stand-in-for-tests"
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Clients").path
  private static let environment = ProcessInfo.processInfo.environment

  /// A Python with both SDKs, installed once into the user's cache.
  private static let python: String? = {
    let cache =
      environment["XDG_CACHE_HOME"] ?? (environment["HOME"] ?? "/tmp") + "/.cache"
    let venv = cache + "/keywitness/sdk-venv"
    let python = venv + "/bin/python"
    let check = ["-c", "import openai, anthropic"]
    func succeeds(_ arguments: [String], _ tool: String) -> Bool {
      (try? Executable.run(arguments, environment: environment, tool: tool))?.code == 0
    }
    if succeeds(check, python) { return python }
    guard succeeds(["-m", "venv", venv], "/usr/bin/python3"),
      succeeds(
        ["-m", "pip", "install", "--quiet", "--timeout", "10", "openai", "anthropic"], python),
      succeeds(check, python)
    else { return nil }
    return python
  }()

  private static let node: String? = ["/usr/bin/node", "/usr/local/bin/node"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  private func withStub(_ faults: [FaultRule], _ body: (String) throws -> Void) throws {
    var configuration = ProxyConfiguration()
    configuration.masterKey = Self.key
    configuration.models = [
      .init(name: "gpt-4o", deployment: "openai/gpt-4o"),
      .init(
        name: "mock-gpt", deployment: "openai/mock-gpt", mockResponse: "This is a mock response"),
      .init(name: "text-embedding-3-small", deployment: "openai/text-embedding-3-small"),
    ]
    var options = StubOptions(proxy: Proxy(profile: .v106, configuration: configuration))
    options.port = 0
    options.faults = faults
    let server = try StubServer(options)
    defer { server.stop(grace: 0) }
    try body("http://127.0.0.1:\(server.port)")
  }

  @Test(.enabled(if: ClientTests.python != nil, "no Python with openai and anthropic to be had"))
  func pythonSDKs() throws {
    var limited = FaultRule(.status(429, retryAfter: 1))
    limited.nth = [1]
    var failed = FaultRule(.status(500, retryAfter: nil))
    failed.nth = [2]
    try withStub([limited, failed]) { url in
      let run = try Executable.run(
        ["-B", Self.folder + "/sdks.py", url, Self.key], environment: Self.environment,
        tool: Self.python)
      #expect(run.code == 0, "\(run.output)\(run.errors)")
      #expect(run.output.hasSuffix("streamed messages\n"))
    }
  }

  @Test(.enabled(if: ClientTests.node != nil, "node isn't installed"))
  func nodesFetch() throws {
    try withStub([]) { url in
      let run = try Executable.run(
        [Self.folder + "/fetch.mjs", url, Self.key], environment: Self.environment,
        tool: Self.node)
      #expect(
        run.output == """
          401 Authentication Error, No api key passed in.
          200 gpt-4o

          """, "\(run.errors)")
    }
  }
}
