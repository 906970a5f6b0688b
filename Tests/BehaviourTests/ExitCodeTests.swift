import Foundation
import TestSupport
import Testing

/// The contract's table of exit codes, and which one wins.
@Suite("Exit codes are the contract's") struct ExitCodeTests {
  private static let key = "Authorization: Bearer \(Dialogue.key)"

  /// Right, broken, undecided and empty captures, for what takes several.
  private func capture(_ kind: String) throws -> ScratchFile {
    var dialogue = Dialogue()
    switch kind {
    case "right": dialogue.askRightly()
    case "broken": dialogue.ask(answer: Dialogue.noKey)
    case "undecided": return try ScratchFile(packets: holeInHead)
    case "empty": break
    case "damaged": return try ScratchFile(Array("no capture at all, really".utf8))
    default: Issue.record("no such kind")
    }
    return try dialogue.file()
  }

  private func code(_ packets: [Packet], _ arguments: [String] = []) throws -> Int32 {
    let file = try ScratchFile(packets: packets)
    return try Executable.run(["check"] + arguments + [file.path]).code
  }

  // MARK: 0, 1

  @Test func rightRequestsPass() throws {
    #expect(try Executable.run(["check", try capture("right").path]).code == 0)
  }

  @Test func aViolationFails() throws {
    #expect(try Executable.run(["check", try capture("broken").path]).code == 1)
  }

  @Test func oneViolationAmongRightRequestsFails() throws {
    var dialogue = Dialogue()
    dialogue.askRightly()
    dialogue.ask(answer: Dialogue.noKey)
    dialogue.askRightly()
    #expect(try code(dialogue.packets) == 1)
  }

  @Test func wrongKeyFails() throws {
    let file = try capture("right")
    let result = try Executable.run(
      ["check", "--expect-key", "env:K", file.path], environment: ["K": "sk-another-key-000000"])
    #expect(result.code == 1)
  }

  @Test func absentRequiredRequestFails() throws {
    let file = try capture("right")
    #expect(
      try Executable.run(["check", "--require", "POST /chat/completions", file.path]).code == 1)
  }

  @Test func presentRequiredRequestPasses() throws {
    let file = try capture("right")
    #expect(try Executable.run(["check", "--require", "GET /model/info", file.path]).code == 0)
  }

  @Test func litellmsOwnRefusalOfARightLookingKeyFails() throws {
    var dialogue = Dialogue()
    dialogue.askRightly(answer: Dialogue.noKey)
    let result = try Executable.run(["check", try dialogue.file().path])
    #expect(result.code == 1)
    #expect(result.output.contains("refused-by-litellm"))
  }

  @Test func refusalForWantOfADatabaseFails() throws {
    var dialogue = Dialogue()
    dialogue.askRightly(
      answer: Dialogue.answer(
        "400 Bad Request",
        body: #"{"error":{"message":"No connected db.","type":"no_db_connection","param":null,"#
          + #""code":"400"}}"#))
    let result = try Executable.run(["check", try dialogue.file().path])
    #expect(result.code == 1)
    #expect(result.output.contains("refused-by-litellm"))
  }

  @Test func upstreamsRefusalPasses() throws {
    var dialogue = Dialogue()
    dialogue.askRightly(
      "POST", "/chat/completions",
      answer: Dialogue.answer(
        "401 Unauthorized", fields: ["x-litellm-call-id: 7"],
        body: #"{"error":{"message":"litellm.AuthenticationError: AuthenticationError: "#
          + #"OpenAIException - Incorrect API key provided","type":null,"param":null,"code":"401"}}"#
      ))
    #expect(try code(dialogue.packets) == 0)
  }

  // MARK: 4

  /// The request's head has a hole.
  private var holeInHead: [Packet] {
    var talk = Conversation()
    talk.segmentSize = 60
    talk.client(
      Dialogue.request(
        "GET", "/model/info", fields: ["X-Long: \(String(repeating: "a", count: 100))"])
    )
    talk.segmentSize = 1400
    talk.server(Dialogue.noKey)
    talk.close()
    var packets = talk.packets()
    // Behind the handshake and the head's first segment.
    packets.remove(at: 4)
    return packets
  }

  @Test func holeInAHeadIsUndecided() throws {
    #expect(try code(holeInHead) == 4)
  }

  @Test func holeInAHeadIsNeverMissing() throws {
    let records = try Executable.export([try ScratchFile(packets: holeInHead).path])
    #expect(records.requests.first?.credential?.verdict == "unknown")
    #expect(records.requests.first?.credential?.reason == "hole")
  }

  @Test func holeThatCouldHideARequestIsUndecided() throws {
    var talk = Conversation()
    talk.client(Dialogue.request("GET", "/model/info", fields: [Self.key]))
    talk.server(Dialogue.answer())
    talk.client(Dialogue.request("GET", "/models", fields: [Self.key]))
    talk.server(Dialogue.answer())
    talk.client(Dialogue.request("GET", "/model/info", fields: [Self.key]))
    talk.server(Dialogue.answer())
    talk.close()
    var packets = talk.packets()
    packets.remove(at: 5)
    #expect(try code(packets) == 4)
  }

  @Test func lostClientPacketBehindTheLastRequestIsUndecided() throws {
    var talk = Conversation()
    talk.client(Dialogue.request("GET", "/model/info", fields: [Self.key]))
    talk.server(Dialogue.answer())
    talk.client(Dialogue.request("GET", "/model/info"))
    talk.close()
    var packets = talk.packets()
    packets.remove(at: 5)
    #expect(try code(packets) == 4)
  }

  @Test func holeInsideAContentOfKnownLengthKeepsTheCode() throws {
    var talk = Conversation()
    talk.client(
      Dialogue.request(
        "POST", "/chat/completions", fields: [Self.key], body: String(repeating: "x", count: 5000)))
    talk.server(Dialogue.answer())
    talk.close()
    var packets = talk.packets()
    packets.remove(at: 5)
    #expect(try code(packets) == 0)
  }

  @Test func holeInAResponseKeepsTheCode() throws {
    var talk = Conversation()
    talk.client(Dialogue.request("GET", "/model/info", fields: [Self.key]))
    talk.server(Dialogue.answer(body: String(repeating: "x", count: 5000)))
    talk.close()
    var packets = talk.packets()
    packets.remove(at: 5)
    #expect(try code(packets) == 0)
  }

  @Test func missingResponseKeepsTheCode() throws {
    var talk = Conversation()
    talk.client(Dialogue.request("GET", "/model/info", fields: [Self.key]))
    talk.close()
    #expect(try code(talk.packets()) == 0)
  }

  @Test func responseWithoutARequestIsUndecided() throws {
    var dialogue = Dialogue()
    dialogue.askRightly()
    var talk = Conversation(clientPort: 50_000, startingAt: 1_700_000_100_000_000_000)
    talk.server(Dialogue.noKey)
    talk.close()
    #expect(try code(dialogue.packets + talk.packets()) == 4)
  }

  @Test func responseWithoutARequestOfAnOlderConnectionKeepsTheCode() throws {
    var talk = Conversation(handshake: false)
    talk.server(Dialogue.answer())
    talk.client(Dialogue.request("GET", "/model/info", fields: [Self.key]))
    talk.server(Dialogue.answer())
    talk.close()
    #expect(try code(talk.packets()) == 0)
  }

  /// A ClientHello without extensions, and what a server might answer.
  private var shutTLS: [Packet] {
    var talk = Conversation(serverPort: 443)
    let hello: [UInt8] =
      [1, 0, 0, 41, 3, 3] + [UInt8](repeating: 7, count: 32) + [0, 0, 2, 0x13, 1, 1, 0]
    talk.client([22, 3, 1, 0, UInt8(hello.count)] + hello)
    talk.server([22, 3, 3, 0, 4, 2, 0, 0, 0])
    talk.client([23, 3, 3, 0, 8] + [UInt8](repeating: 0x55, count: 8))
    talk.server([23, 3, 3, 0, 8] + [UInt8](repeating: 0x66, count: 8))
    talk.close()
    return talk.packets()
  }

  @Test func shutTLSAloneIsUndecided() throws {
    #expect(try code(shutTLS) == 4)
  }

  @Test func shutTLSToAnotherServerKeepsTheCode() throws {
    var dialogue = Dialogue()
    dialogue.askRightly(answer: Dialogue.answer(fields: ["x-litellm-version: 1"]))
    var packets = shutTLS
    for index in packets.indices {
      // Another server than the proxy.
      if packets[index].sourcePort == 443 { packets[index].source = [192, 0, 2, 9] }
      if packets[index].destinationPort == 443 { packets[index].destination = [192, 0, 2, 9] }
    }
    let file = try ScratchFile(packets: dialogue.packets + packets)
    let result = try Executable.run(["check", file.path])
    #expect(result.code == 0)
    #expect(result.output.contains("--proxy 192.0.2.9:443"))
  }

  @Test func droppedPacketsAreUndecided() throws {
    var dialogue = Dialogue()
    dialogue.askRightly()
    // Interface statistics: isb_ifdrop 3.
    let statistics = CaptureBytes.block(
      5, [UInt8](repeating: 0, count: 12) + [5, 0, 8, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    let file = try ScratchFile(
      CaptureBytes.pcapng(dialogue.packets) + statistics, named: "test.pcapng")
    #expect(try Executable.run(["check", file.path]).code == 4)
  }

  @Test func headBeyondTheBoundIsUndecided() throws {
    var talk = Conversation()
    talk.client(
      Dialogue.request(
        "GET", "/model/info",
        fields: ["X-Long: \(String(repeating: "a", count: 300 << 10))", Self.key]))
    talk.server(Dialogue.answer())
    talk.close()
    #expect(try code(talk.packets()) == 4)
  }

  // MARK: 5

  @Test func emptyCaptureTestsNothing() throws {
    #expect(try Executable.run(["check", try capture("empty").path]).code == 5)
  }

  @Test func onlyExemptRequestsTestNothing() throws {
    var dialogue = Dialogue()
    dialogue.ask("GET", "/health/liveliness", answer: Dialogue.answer(fields: ["x-litellm-a: b"]))
    #expect(try code(dialogue.packets) == 5)
  }

  @Test func noProxyRecognisedTestsNothing() throws {
    var dialogue = Dialogue()
    dialogue.ask("GET", "/index.html", port: 80)
    let result = try Executable.run(["check", try dialogue.file().path])
    #expect(result.code == 5)
    #expect(result.output.contains("--proxy 10.0.0.2:80"))
  }

  @Test func emptyCaptureIsAllowedWhereSomebodySaysSo() throws {
    #expect(try Executable.run(["check", "--allow-empty", try capture("empty").path]).code == 0)
  }

  @Test func allowingEmptyExcusesNoViolation() throws {
    #expect(try Executable.run(["check", "--allow-empty", try capture("broken").path]).code == 1)
  }

  @Test func emptyCaptureWithARequirementFails() throws {
    let result = try Executable.run([
      "check", "--require", "GET /model/info", try capture("empty").path,
    ])
    #expect(result.code == 1)
  }

  // MARK: Precedence: 2, 3, 1, 4, 5

  private static let several: [(kinds: [String], code: Int32)] = [
    (["damaged", "broken"], 3), (["broken", "damaged"], 3), (["undecided", "broken"], 1),
    (["broken", "empty"], 1), (["undecided", "empty"], 4), (["right", "undecided"], 4),
    (["right", "empty"], 5), (["right", "right"], 0), (["right", "broken"], 1),
    (["damaged", "right"], 3),
  ]

  @Test(arguments: several)
  func theWorstOfSeveralCapturesWins(_ kinds: [String], _ code: Int32) throws {
    let files = try kinds.map { try capture($0) }
    #expect(try Executable.run(["check"] + files.map(\.path)).code == code)
  }

  @Test func wrongUsageWinsOverAnUnreadableCapture() throws {
    #expect(try Executable.run(["check", "--proxy", "ftp://x", "absent.pcap"]).code == 2)
  }

  @Test func unwritableReportWinsOverAViolation() throws {
    let file = try capture("broken")
    #expect(
      try Executable.run(["check", "--report", "junit=/dev/null/x.xml", file.path]).code == 3)
  }

  @Test func violationWinsOverAnUndecidedRequestInOneCapture() throws {
    var dialogue = Dialogue()
    dialogue.ask(answer: Dialogue.noKey)
    var packets = holeInHead
    for index in packets.indices { packets[index].time += 100_000_000_000 }
    #expect(try code(dialogue.packets + packets) == 1)
  }

  // MARK: Commands that don't judge

  @Test(arguments: ["list", "show", "export"])
  func lookingAtABrokenCaptureIsNoFailure(_ command: String) throws {
    #expect(try Executable.run([command, try capture("broken").path]).code == 0)
  }

  @Test(arguments: ["list", "show", "export"])
  func lookingAtAnUndecidedCaptureIsNoFailure(_ command: String) throws {
    #expect(try Executable.run([command, try capture("undecided").path]).code == 0)
  }

  @Test(arguments: ["list", "show", "export"])
  func lookingAtAnEmptyCaptureFindsNothing(_ command: String) throws {
    #expect(try Executable.run([command, try capture("empty").path]).code == 5)
  }

  @Test(arguments: ["list", "show", "export"])
  func lookingAtNoCaptureIsUnreadable(_ command: String) throws {
    #expect(try Executable.run([command, try capture("damaged").path]).code == 3)
  }

  @Test func showingANumberThatIsNotThereFindsNothing() throws {
    let result = try Executable.run(["show", try capture("broken").path, "9"])
    #expect(result.code == 5)
    #expect(result.errors.contains("no exchange 9"))
  }

  // MARK: A pipe

  /// For a pipe a signal is the normal end: the verdict on what came so far.
  @Test(arguments: [SIGINT, SIGTERM])
  func aPipeEndsWithItsVerdictWhenItIsInterrupted(_ signal: Int32) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Executable.path)
    process.arguments = ["check", "-"]
    process.currentDirectoryURL = FileManager.default.temporaryDirectory
    let input = Pipe()
    let output = try ScratchFile([], named: "output")
    process.standardInput = input
    process.standardOutput = FileHandle(forWritingAtPath: output.path)
    process.standardError = FileHandle.nullDevice
    // A thread of the test's may have both blocked, and a child takes that over.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGINT)
    unsafe sigaddset(&signals, SIGTERM)
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    try process.run()
    input.fileHandleForWriting.write(Data(try Folder.bytes(try capture("broken").path)))
    // An exchange is told as it ends; then nothing more comes.
    for _ in 0..<100 where try !Folder.text(output.path).contains("/model/info") {
      Thread.sleep(forTimeInterval: 0.05)
    }
    #expect(try Folder.text(output.path).contains("/model/info"))
    kill(process.processIdentifier, signal)
    let deadline = Date(timeIntervalSinceNow: 10)
    while process.isRunning, Date() < deadline { Thread.sleep(forTimeInterval: 0.02) }
    if process.isRunning {
      Issue.record("it goes on")
      process.terminate()
      input.fileHandleForWriting.closeFile()
    }
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 1)
    #expect(try Folder.text(output.path).contains("FAIL"))
  }
}
