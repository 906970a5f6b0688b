import Foundation
import TestSupport
import Testing

/// A folder of captures is a regression suite: green while nothing has changed, red with its reason
/// as soon as something has.
@Suite("test: captures against what is written down") struct SuiteTests {
  private static let captures = "\(Executable.root)/Captures"

  /// A folder with some of the project's captures, and what is written down for them.
  private func suite(_ names: String...) throws -> Folder {
    let folder = try Folder()
    for name in names + ["keywitness.yml"] {
      for ending in ["", ".pcap", ".keylog", ".expect.yaml"] {
        let path = "\(Self.captures)/\(name)\(ending)"
        guard FileManager.default.fileExists(atPath: path) else { continue }
        try FileManager.default.copyItem(
          atPath: path, toPath: "\(folder.path)/\(name)\(ending)")
      }
    }
    return folder
  }

  private func test(
    _ folder: Folder, _ options: [String] = [], environment: [String: String] = [:]
  ) throws -> Executable.Result {
    try Executable.run(["test", folder.path] + options, environment: environment)
  }

  /// Puts other bytes, as many, in the place of some.
  private func change(
    _ folder: Folder, _ name: String, _ then: String, _ now: String
  ) throws {
    let path = "\(folder.path)/\(name)"
    var bytes = try Folder.bytes(path)
    let place = try #require(bytes.firstRange(of: Array(then.utf8)), "\(then) isn't in \(name)")
    bytes.replaceSubrange(place, with: Array(now.utf8))
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  @Test func theProjectsOwnCapturesAreAsExpected() throws {
    let result = try Executable.run(["test", Self.captures], environment: ["CI": "true"])
    #expect(result.code == 0, "\(result.output)\(result.errors)")
    #expect(result.output.contains("all as expected"))
    #expect(result.output.contains("other than ok, each with a reason"))
  }

  @Test(arguments: [
    ("agent-fixed", "user-agent: node", "user-agent: nodf", "sent field user-agent: node → nodf"),
    (
      "agent-fixed", "authorization: Bearer", "x-uthorization: earer",
      "GET /model/info: ok → missing"
    ),
    ("agent-fixed", "200 OK", "201 OK", "complete 200 → complete 201"),
    ("agent-broken", "No api key passed in.", "No api key passed on.", "answered content: "),
    ("openai-stream", "Hello", "Hallo", "answered event "),
    ("openai-stream", "[DONE]", "[dONE]", "answered event "),
    ("wrong-key", "POST /v1/chat", "PUT  /v1/chat", "new, "),
  ]) func aChangedByteIsNamed(_ name: String, _ then: String, _ now: String, _ told: String) throws
  {
    let folder = try suite(name)
    #expect(try test(folder).code == 0)
    try change(folder, "\(name).pcap", then, now)
    let result = try test(folder)
    #expect(result.code == 1)
    #expect(result.output.contains(told), "\(result.output)")
  }

  @Test func whatTheStubWouldAnswerNowIsHeldAgainstIt() throws {
    let folder = try suite("agent-broken")
    try change(
      folder, "agent-broken.expect.yaml", "replayed 401 matched", "replayed 200 matched")
    let result = try test(folder)
    #expect(result.code == 1)
    #expect(result.output.contains("replayed 200 matched → 401 matched"))
  }

  @Test func aCaptureWithoutItsExpectationFailsAndTheOtherWayRound() throws {
    let folder = try suite("agent-fixed", "openai-stream")
    try FileManager.default.removeItem(atPath: "\(folder.path)/agent-fixed.expect.yaml")
    try FileManager.default.removeItem(atPath: "\(folder.path)/openai-stream.pcap")
    let result = try test(folder)
    #expect(result.code == 1)
    #expect(result.output.contains("agent-fixed.expect.yaml is missing"))
    #expect(result.output.contains("openai-stream.expect.yaml has no capture"))
  }

  @Test func aViolationNeedsAReasonThatSomebodyWrote() throws {
    let folder = try suite("agent-broken")
    let path = "\(folder.path)/agent-broken.expect.yaml"
    try FileManager.default.removeItem(atPath: path)
    let written = try test(folder, ["--update"])
    #expect(written.code == 1)
    #expect(written.output.contains("GET /model/info: missing needs a because:"))
    #expect(try test(folder).code == 1)
    var text = String(decoding: try Folder.bytes(path), as: UTF8.self)
    text = text.replacing(/(?m)^(  - .*: (missing|placeholder).*)$/) {
      "\($0.output.1)\n    because: known"
    }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    let explained = try test(folder)
    #expect(explained.code == 0, "\(explained.output)")
    #expect(explained.output.contains("3 expectations other than ok, each with a reason"))
    // An update keeps reasons, and shows what it changes.
    try change(folder, "agent-broken.expect.yaml", "replayed 401 matched", "replayed 500 matched")
    let updated = try test(folder, ["--update"])
    #expect(updated.code == 0)
    #expect(updated.output.contains("-   - GET /model/info: missing, complete 401, replayed 500"))
    #expect(updated.output.contains("+   - GET /model/info: missing, complete 401, replayed 401"))
    #expect(String(decoding: try Folder.bytes(path), as: UTF8.self) == text)
  }

  @Test func whereCIIsSetNothingIsWritten() throws {
    let folder = try suite("agent-fixed")
    let result = try test(folder, ["--update"], environment: ["CI": "true"])
    #expect(result.code == 2 && result.errors.contains("--update is for people"))
  }

  @Test func eachCaptureIsATestCase() throws {
    let folder = try suite("agent-fixed", "agent-broken")
    try change(folder, "agent-fixed.pcap", "200 OK", "201 OK")
    let result = try test(folder, ["--report", "junit"])
    #expect(result.code == 1)
    #expect(result.output.contains("tests=\"2\" failures=\"1\""))
    #expect(result.output.contains("<testcase name=\"agent-broken\""))
    #expect(result.output.contains("<failure type=\"unexpected\""))
  }

  @Test func theKeyOfASanitizedCaptureIsKnown() throws {
    let folder = try Folder()
    let clean = try Executable.run(
      [
        "sanitize", "\(Self.captures)/agent-fixed.pcap", "\(folder.path)/agent.pcapng",
        "--expect-key", "env:PROXY_KEY",
      ], environment: ["PROXY_KEY": "sk-keywitness-demo-0123456789"])
    #expect(clean.code == 0, "\(clean.errors)")
    let written = try test(folder, ["--update"])
    #expect(written.code == 0, "\(written.output)")
    let text = String(
      decoding: try Folder.bytes("\(folder.path)/agent.expect.yaml"), as: UTF8.self)
    #expect(text.contains("POST /chat/completions: ok, complete 200, replayed 200"))
    // Another key would be another one.
    try change(folder, "agent.pcapng", "authorization: Bearer sk-", "authorization: Bearer sk+")
    #expect(try test(folder).output.contains("ok → wrong-key"))
  }

  @Test func whatIsNoExpectationIsShownWithItsPlace() throws {
    let folder = try suite("agent-fixed")
    try change(folder, "agent-fixed.expect.yaml", "requests:", "requestt:")
    let result = try test(folder)
    #expect(result.code == 2)
    #expect(result.errors.contains("agent-fixed.expect.yaml:3:1"), "\(result.errors)")
    #expect(result.errors.contains("did you mean \"requests\"?"))
  }

  @Test func anEmptyFolderTestsNothing() throws {
    #expect(try test(try Folder()).code == 5)
    #expect(try test(try suite("empty")).code == 5)
  }

  @Test func aNameOfMarksThatCombineIsReadAgain() throws {
    let folder = try suite()
    var talk = Conversation()
    let marks = String(repeating: "\u{301}", count: 3000)
    talk.client("GET /a\(marks) HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer sk-made-up-01\r\n\r\n")
    talk.server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    talk.close()
    try folder.file("a.pcap", bytes: CaptureBytes.pcap(talk.packets()))
    _ = try test(folder, ["--update"])
    #expect(try folder.names().contains("a.expect.yaml"))
    let again = try test(folder)
    // A reason is asked for, and nothing else.
    #expect(again.code == 1 && again.output.contains("because"), "\(again.output)\(again.errors)")
  }
}
