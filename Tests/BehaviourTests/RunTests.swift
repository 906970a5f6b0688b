import Foundation
import TestSupport
import Testing

/// A program runs against the stub, and what it sent is judged.
@Suite("run: a program, the stub, a verdict") struct RunTests {
  /// Bytebot's two clients: a bare fetch, and one with a placeholder.
  private static let broken = """
    const url = process.env.BYTEBOT_LLM_PROXY_URL;
    const chat = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }] });
    await fetch(`${url}/model/info`);
    await fetch(`${url}/chat/completions`, {
      method: 'POST', body: chat,
      headers: { authorization: 'Bearer dummy-key-for-proxy', 'content-type': 'application/json' },
    });
    console.log('agent: done');
    """

  private static let fixed = """
    const url = process.env.BYTEBOT_LLM_PROXY_URL;
    const headers = { authorization: `Bearer ${process.env.OPENAI_API_KEY}` };
    const chat = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }] });
    await fetch(`${url}/model/info`, { headers });
    if (process.env.CRASHES) process.exit(3);
    await fetch(`${url}/chat/completions`, {
      method: 'POST', body: chat, headers: { ...headers, 'content-type': 'application/json' },
    });
    if (process.env.SERVES) setInterval(() => {}, 1000);
    """

  private static let node = "/usr/bin/node"

  private func run(
    _ agent: String, _ options: [String] = [], environment: [String: String] = [:],
    inNamespace: Bool = false
  ) throws -> Executable.Result {
    let file = try Folder().file("agent.mjs", agent)
    let command = ["run"] + options + ["--", Self.node, file]
    guard inNamespace else { return try Executable.run(command, environment: environment) }
    let words = ([Executable.path] + command).map { "'\($0)'" }.joined(separator: " ")
    return try Executable.run(
      ["-n", "/bin/sh", "-c", "ip link set lo up && exec \(words)"], environment: environment,
      tool: "/usr/bin/unshare")
  }

  @Test(.enabled(if: Tool.isThere(node), "node isn't installed"))
  func bothOfBytebotsFaultsAreNamed() throws {
    let result = try run(Self.broken)
    #expect(result.code == 1)
    // Standard output is the program's, standard error the report's.
    #expect(result.output == "agent: done\n")
    #expect(result.errors.contains("missing") && result.errors.contains("GET  /model/info"))
    #expect(result.errors.contains("placeholder"))
    #expect(result.errors.contains("agent.mjs: exit 0"))
  }

  @Test(.enabled(if: Tool.isThere(node), "node isn't installed"))
  func theFixedAgentPasses() throws {
    let result = try run(Self.fixed)
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.errors.contains("2 of 2 requests carried the right key"))
  }

  @Test(
    .enabled(
      if: Tool.isThere(node) && Tool.canMakeNamespaces, "no node, or no right to make namespaces"))
  func noOtherRouteIsNeeded() throws {
    #expect(try run(Self.fixed, inNamespace: true).code == 0)
    #expect(try run(Self.broken, inNamespace: true).code == 1)
  }

  @Test(.enabled(if: Tool.isThere(node), "node isn't installed"))
  func overTLSTheProgramTrustsTheRunsOwnCertificate() throws {
    let folder = try Folder()
    let right = try run(Self.fixed, ["--tls"], environment: ["TMPDIR": folder.path])
    #expect(right.code == 0, "\(right.errors)")
    let wrong = try run(Self.broken, ["--tls"], environment: ["TMPDIR": folder.path])
    #expect(wrong.code == 1 && wrong.errors.contains("placeholder"))
    // The authority goes with its run.
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }

  @Test(.enabled(if: Tool.isThere(node), "node isn't installed"))
  func aRealProxyMayStandInTheStubsPlace() throws {
    let key = "sk-made-up-upstream-key-77"
    let proxy = try ServedStub(["--master-key", "env:KEY"], environment: ["KEY": key])
    let options = ["--upstream", proxy.url, "--expect-key", "env:KEY"]
    let right = try run(Self.fixed, options, environment: ["KEY": key])
    #expect(right.code == 0, "\(right.errors)")
    let wrong = try run(Self.broken, options, environment: ["KEY": key])
    #expect(wrong.code == 1 && wrong.errors.contains("placeholder"))
    _ = try proxy.stop()
    let gone = try run(Self.fixed, options, environment: ["KEY": key])
    #expect(gone.code == 4 && gone.errors.contains("isn't proved"))
  }

  @Test(.enabled(if: Tool.isThere(node), "node isn't installed"))
  func aCrashBehindAGoodRequestIsNoSuccess() throws {
    let result = try run(Self.fixed, environment: ["CRASHES": "1"])
    #expect(result.code == 6 && result.errors.contains("exit 3"))
  }

  @Test(.enabled(if: Tool.isThere(node), "node isn't installed"))
  func aServerIsEndedWhenAllWasSeen() throws {
    let all = "GET /model/info, POST /chat/completions"
    let seen = try run(
      Self.fixed, ["--until", all, "--for", "60s"], environment: ["SERVES": "1"])
    #expect(seen.code == 0 && seen.errors.contains("ended when all was seen"), "\(seen.errors)")
    let unseen = try run(
      Self.fixed, ["--until", "POST /v1/messages", "--for", "2s"], environment: ["SERVES": "1"])
    #expect(unseen.code == 1 && unseen.errors.contains("required-request"), "\(unseen.errors)")
  }

  @Test(.enabled(if: Tool.isThere(node), "node isn't installed"))
  func whatPassedIsRecordedWithoutTheKey() throws {
    let path = try Folder().path + "/agent.pcapng"
    let key = "sk-made-up-for-run-0123456789"
    #expect(
      try run(
        Self.fixed, ["-w", path, "--master-key", "env:MASTER"], environment: ["MASTER": key]
      ).code == 0)
    let records = try Executable.export([path])
    #expect(records.requests.map { $0.request?.target } == ["/model/info", "/chat/completions"])
    #expect(records.kind("ledger").first?.payloadBytes?.unexplained == 0)
    #expect(!String(decoding: try Folder.bytes(path), as: UTF8.self).contains(key))
  }

  // MARK: Without node

  private func shell(_ script: String, _ options: String...) throws -> Executable.Result {
    try Executable.run(["run"] + options + ["--", "/bin/sh", "-c", script])
  }

  @Test func aProgramThatAsksNothingTestedNothing() throws {
    let result = try shell("echo out; exit 0")
    #expect(result.code == 5 && result.output == "out\n")
    // That weighs more than how the program ended.
    #expect(try shell("exit 7").code == 5)
  }

  @Test func theDriverEndsTheProgram() throws {
    let get = #"curl -s -H "Authorization: Bearer $LITELLM_API_KEY" $LITELLM_PROXY_URL/v1/models"#
    let driven = try shell("sleep 60", "--drive", get)
    #expect(driven.code == 0, "\(driven.errors)")
    #expect(driven.errors.contains("ended behind its driver"))
    let failing = try shell("sleep 60", "--drive", get + "; exit 4")
    #expect(failing.code == 6 && failing.errors.contains("exit 4"))
  }

  @Test func nothingOfTheProgramIsLeftBehind() throws {
    let mark = "7\(Int.random(in: 100_000...999_999))"
    _ = try shell("sleep \(mark) & sleep \(mark) & wait", "--for", "200ms")
    let left = try Executable.run(["-f", "sleep \(mark)"], tool: "/usr/bin/pgrep")
    #expect(left.output.isEmpty)
  }

  @Test func theNamesOfTheVariablesCanBeGiven() throws {
    let script = #"""
      test -z "$OPENAI_BASE_URL" && curl -s -H "Authorization: Bearer $MY_KEY" $MY_URL/models
      """#
    let result = try shell(script, "--url-env", "MY_URL", "--key-env", "MY_KEY")
    #expect(result.code == 0, "\(result.errors)")
  }

  @Test func aKeyAmongTheArgumentsIsNotRepeated() throws {
    let key = "sk-made-up-4711-Qz7Lm2Xv9Kt3"
    let result = try shell("curl -s $LITELLM_PROXY_URL/models # \(key)")
    #expect(result.code == 1 && result.errors.contains("FAIL") && !result.errors.contains(key))
  }

  @Test func wrongUsageIsSaid() throws {
    #expect(try Executable.run(["run"]).code == 2)
    let nowhere = try Executable.run(["run", "--", "/nowhere/agent"])
    #expect(nowhere.code == 2 && nowhere.errors.contains("/nowhere/agent can't be started"))
    #expect(try shell("true", "--until", "/model/info").code == 2)
  }
}
