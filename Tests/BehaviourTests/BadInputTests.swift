import TestSupport
import Testing

/// Whatever is wrong with what the tool is given: one line that says what, where and what to do,
/// and the contract's exit code.
@Suite("Bad input ends with one helpful line") struct BadInputTests {
  /// One exchange without a key, then the same again.
  private var packets: [Packet] {
    var dialogue = Dialogue()
    dialogue.ask(answer: Dialogue.noKey)
    dialogue.ask(answer: Dialogue.noKey)
    return dialogue.packets
  }

  private func good() throws -> ScratchFile { try ScratchFile(packets: packets) }

  /// The command ends with this code and one line, which has these words.
  private func fails(
    _ arguments: [String], code: Int32, saying words: [String],
    environment: [String: String] = [:], input: [UInt8]? = nil,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let result = try Executable.run(arguments, input: input, environment: environment)
    #expect(result.code == code, sourceLocation: location)
    #expect(
      result.errors.split(separator: "\n", omittingEmptySubsequences: false).count == 2,
      "more than one line: \(result.errors)", sourceLocation: location)
    #expect(result.errors.hasPrefix("keywitness: "), sourceLocation: location)
    for word in words {
      #expect(
        result.errors.contains(word), "\(word) is not in: \(result.errors)",
        sourceLocation: location)
    }
  }

  // MARK: Nothing to read

  @Test func noFile() throws {
    try fails(["check"], code: 2, saying: ["no capture given", "name a pcap file"])
  }

  @Test(arguments: ["check", "list", "show", "export"])
  func missingPath(_ command: String) throws {
    try fails(
      [command, "absent.pcap"], code: 3, saying: ["absent.pcap", "no such file", "check the path"])
  }

  @Test func directoryWithoutCaptures() throws {
    let folder = try Folder()
    try folder.file("notes.txt", "nothing")
    try fails(
      ["check", folder.path], code: 3, saying: [folder.path, "directory without captures"])
  }

  @Test func unreadableFolderInThePlaceOfAFile() throws {
    try fails(["check", "/dev/null/x.pcap"], code: 3, saying: ["/dev/null/x.pcap"])
  }

  // MARK: Not a capture

  @Test func text() throws {
    let file = try ScratchFile(Array("This is no capture, but a text.".utf8))
    try fails(
      ["check", file.path], code: 3,
      saying: [file.path, "no pcap or pcapng file", "(byte 0)", "tcpdump -w"])
  }

  @Test func textInAPipe() throws {
    try fails(
      ["check", "-"], code: 3, saying: ["no pcap or pcapng file", "(byte 0)"],
      input: Array("This is no capture, but a text.".utf8))
  }

  @Test func zeroBytes() throws {
    try fails(["check", try ScratchFile([]).path], code: 3, saying: ["is empty", "0 bytes"])
  }

  @Test(arguments: [1, 4, 23])
  func headerCutShort(_ length: Int) throws {
    let file = try ScratchFile(Array(CaptureBytes.pcap(packets).prefix(length)))
    let result = try Executable.run(["check", file.path])
    #expect(result.code == 3)
    #expect(result.errors.contains("byte 0"))
    #expect(result.errors.split(separator: "\n").count == 1)
  }

  @Test func headerCutShortSaysWhatToDo() throws {
    let file = try ScratchFile(Array(CaptureBytes.pcap(packets).prefix(20)))
    try fails(["check", file.path], code: 3, saying: ["header", "again"])
  }

  @Test func unknownLinkType() throws {
    let file = try ScratchFile(CaptureBytes.pcap(packets, linkType: 147))
    try fails(["check", file.path], code: 3, saying: ["link type 147", "(byte 20)", "record on"])
  }

  @Test func unsupportedVersion() throws {
    var bytes = CaptureBytes.pcap(packets)
    bytes[4] = 99
    try fails(["check", try ScratchFile(bytes).path], code: 3, saying: ["version 99", "(byte "])
  }

  // MARK: Damage

  private static let absurdRecord =
    [UInt8](repeating: 0, count: 8) + [0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0x7F]

  @Test func absurdRecordLengthAtTheStart() throws {
    let file = try ScratchFile(CaptureBytes.pcap([]) + Self.absurdRecord + [1, 2, 3])
    try fails(["check", file.path], code: 3, saying: ["2147483647", "(byte 24)"])
  }

  @Test func absurdRecordLengthBehindAViolation() throws {
    let start = CaptureBytes.pcap(packets)
    let file = try ScratchFile(start + Self.absurdRecord + [1, 2, 3])
    try fails(["check", file.path], code: 1, saying: ["(byte \(start.count))"])
  }

  @Test func absurdRecordLengthBehindGoodRequests() throws {
    var dialogue = Dialogue()
    dialogue.askRightly()
    let file = try ScratchFile(CaptureBytes.pcap(dialogue.packets) + Self.absurdRecord)
    let result = try Executable.run(["check", file.path])
    #expect(result.code == 4)
  }

  @Test func exchangesBeforeTheDamageAreReported() throws {
    let file = try ScratchFile(CaptureBytes.pcap(packets) + Self.absurdRecord + [1, 2, 3])
    let result = try Executable.run(["check", file.path])
    #expect(result.output.contains("2 of 2 requests"))
    #expect(result.output.contains("2 × GET /model/info"))
  }

  @Test func damageIsARecordBehindTheLedger() throws {
    let start = CaptureBytes.pcap(packets)
    let file = try ScratchFile(start + Self.absurdRecord + [1, 2, 3])
    let records = try Executable.export([file.path])
    #expect(records.map(\.kind) == ["capture", "exchange", "exchange", "ledger", "error"])
    #expect(records.last?.code == "capture.bad-record-length")
    #expect(records.last?.offset == start.count)
  }

  @Test func interfaceThatDoesNotExist() throws {
    let start = CaptureBytes.pcapng(packets)
    let frame = packets[0].frame
    let padding = [UInt8](repeating: 0, count: (4 - frame.count % 4) % 4)
    let length = CaptureBytes.little32(UInt32(frame.count))
    let packet =
      CaptureBytes.little32(5) + CaptureBytes.little32(0) + CaptureBytes.little32(0) + length
      + length + frame + padding
    let file = try ScratchFile(start + CaptureBytes.block(6, packet), named: "test.pcapng")
    try fails(["check", file.path], code: 1, saying: ["interface 5", "(byte \(start.count))"])
    let records = try Executable.export([file.path])
    #expect(records.verdicts == ["missing", "missing"])
    #expect(records.last?.code == "capture.bad-interface-id")
  }

  @Test func blockLengthThatDoesNotFit() throws {
    let start = CaptureBytes.pcapng(packets)
    let block = CaptureBytes.little32(6) + CaptureBytes.little32(13) + [0, 0, 0, 0]
    let file = try ScratchFile(start + block, named: "test.pcapng")
    let records = try Executable.export([file.path])
    #expect(records.verdicts == ["missing", "missing"])
    #expect(records.last?.code == "capture.bad-block-length")
    #expect(records.last?.offset == start.count)
  }

  @Test func fileCutInTheMiddleOfAPacket() throws {
    let file = try ScratchFile(CaptureBytes.pcap(packets).dropLast(30))
    let records = try Executable.export([file.path])
    #expect(records.verdicts == ["missing", "missing"])
    #expect(records.kind("ledger").first?.anomalies?.contains("capture.truncated-file") == true)
    #expect(records.kind("error").isEmpty)
  }

  @Test func fileCutInTheMiddleOfTheLastPacketKeepsItsCode() throws {
    var dialogue = Dialogue()
    dialogue.askRightly()
    // The last packet of all closes the connection: nothing of an exchange is in it.
    let file = try ScratchFile(CaptureBytes.pcap(dialogue.packets).dropLast(10))
    #expect(try Executable.run(["check", file.path]).code == 0)
  }

  @Test func noCutMakesATrapOrAnEmptyGreen() throws {
    var dialogue = Dialogue()
    dialogue.ask(answer: Dialogue.noKey)
    let bytes = CaptureBytes.pcap(dialogue.packets)
    for length in stride(from: 0, to: bytes.count, by: 41) {
      let result = try Executable.run(["check", try ScratchFile(Array(bytes.prefix(length))).path])
      #expect([1, 3, 4, 5].contains(result.code), "cut at \(length): \(result.code)")
    }
  }

  @Test func gzipThatIsCutReportsWhatItHolds() throws {
    let file = try good()
    let result = try Script.run(
      #"gzip -c "$FILE" | head -c -8 > cut.pcap.gz; "$KW" export cut.pcap.gz"#,
      environment: ["FILE": file.path])
    #expect(try Record.records(result.output).verdicts == ["missing", "missing"])
  }

  // MARK: Policies

  private func policyFails(_ text: String, _ place: String, _ words: [String]) throws {
    let folder = try Folder()
    let policy = try folder.file("policy.yml", text)
    let result = try Executable.run(["check", "--policy", policy, try good().path])
    #expect(result.code == 2)
    #expect(result.output == "")
    let lines = result.errors.split(separator: "\n").map(String.init)
    let first = try #require(lines.first)
    #expect(first.hasPrefix("keywitness: \(policy):\(place): "))
    for word in words { #expect(first.contains(word), "\(word) is not in: \(first)") }
    // The rest is the excerpt with the caret.
    #expect(lines.dropFirst().allSatisfy { $0.contains("-->") || $0.contains("|") })
    #expect(result.errors.contains("^"))
  }

  @Test func policyWithAnUnknownField() throws {
    try policyFails(
      "proxy: any\nrequre: [GET /x]\n", "2:1", ["requre", "did you mean \"require\"?"])
  }

  @Test func policyWithAWrongType() throws {
    try policyFails("require: 7\n", "1:10", ["the number 7", "expected a list"])
  }

  @Test func policyThatIsNoYAML() throws {
    try policyFails("require: [GET /x\nproxy: any\n", "2:6", [])
  }

  @Test func policyThatIsAbsent() throws {
    try fails(
      ["check", "--policy", "absent.yml", try good().path], code: 2,
      saying: ["absent.yml", "no such policy file"])
  }

  @Test func policyWithAKeyInPlainText() throws {
    let folder = try Folder()
    let policy = try folder.file("policy.yml", "expect: \(Dialogue.key)\n")
    let result = try Executable.run(["check", "--policy", policy, try good().path])
    #expect(result.code == 2)
    #expect(!(result.output + result.errors).contains(Dialogue.key))
    #expect(result.errors.contains("env:NAME"))
  }

  // MARK: Keys

  @Test func expectedKeysVariableIsNotSet() throws {
    try fails(
      ["check", "--expect-key", "env:ABSENT_KEY", try good().path], code: 2,
      saying: ["--expect-key", "ABSENT_KEY is not set"])
  }

  @Test func underSudoTheErrorSaysHowToKeepTheVariable() throws {
    try fails(
      ["check", "--expect-key", "env:ABSENT_KEY", try good().path], code: 2,
      saying: ["ABSENT_KEY is not set", "sudo --preserve-env=ABSENT_KEY"],
      environment: ["SUDO_USER": "somebody"])
  }

  @Test(arguments: [
    Dialogue.key, "hunter2hunter2", "env:\(Dialogue.key)", "sha256:\(Dialogue.key)",
  ])
  func keyAsAnArgumentIsRefusedAndNotRepeated(_ value: String) throws {
    let result = try Executable.run(["check", "--expect-key", value, try good().path])
    #expect(result.code == 2)
    let secret = value.split(separator: ":").last.map(String.init) ?? value
    #expect(!(result.output + result.errors).contains(secret))
  }

  @Test func keyAsAnArgumentIsRefusedWithTheReason() throws {
    try fails(
      ["check", "--expect-key", Dialogue.key, try good().path], code: 2,
      saying: ["ps", "CI logs", "env:NAME"])
  }

  @Test func keyFileIsAbsent() throws {
    try fails(
      ["check", "--expect-key", "file:absent.key", try good().path], code: 3,
      saying: ["absent.key", "does not exist"])
  }

  // MARK: Options

  @Test(arguments: ["ftp://host", "host:port", "host:0", "host:70000", ""])
  func badProxy(_ value: String) throws {
    try fails(
      ["check", "--proxy", value, try good().path], code: 2,
      saying: ["--proxy", "give a URL, HOST, HOST:PORT, :PORT or any"])
  }

  @Test(arguments: ["/model/info", "get /model/info", "GET model/info", "GET", ""])
  func badRequirement(_ value: String) throws {
    try fails(
      ["check", "--require", value, try good().path], code: 2, saying: ["--require", "expected"])
  }

  @Test func twoReportsWithoutAPath() throws {
    try fails(
      ["check", "--report", "text", "--report", "ndjson", try good().path], code: 2,
      saying: ["two reports", "text, ndjson", "--report junit=report.xml"])
  }

  @Test(arguments: ["pdf", "junit=", "=x", "Text"])
  func unknownReportFormat(_ value: String) throws {
    try fails(
      ["check", "--report", value, try good().path], code: 2, saying: ["--report", "junit"])
  }

  @Test func unknownOption() throws {
    try fails(
      ["check", "--polcy", "x.yml", try good().path], code: 2, saying: ["--polcy", "--help"])
  }

  @Test func unknownCommand() throws {
    try fails(["chek", try good().path], code: 2, saying: ["chek", "--help"])
  }

  @Test func unknownExportFormat() throws {
    try fails(
      ["export", "--format", "csv", try good().path], code: 2, saying: ["csv", "ndjson"])
  }

  @Test(arguments: ["check", "list", "export"])
  func badFilter(_ command: String) throws {
    try fails(
      [command, "--filter", "tcp prt 4000", try good().path], code: 2,
      saying: ["--filter", "tcp prt 4000"])
  }

  @Test(arguments: ["list", "show"])
  func badExpression(_ command: String) throws {
    let result = try Executable.run([command, "--where", "status>>400", try good().path])
    #expect(result.code == 2)
    #expect(result.output == "")
    let lines = result.errors.split(separator: "\n")
    #expect(lines.first?.hasPrefix("keywitness: --where:1:7: ") == true)
    #expect(lines.first?.contains("expected one of") == true)
    #expect(lines.dropFirst().allSatisfy { $0.contains("-->") || $0.contains("|") })
  }

  @Test func expressionWithAnUnknownVerdict() throws {
    let result = try Executable.run(["list", "--where", "verdict=mising", try good().path])
    #expect(result.code == 2)
    #expect(result.errors.contains("missing"))
  }

  // MARK: Outputs

  @Test func unwritableReport() throws {
    let folder = try Folder()
    let target = folder.path + "/absent/report.xml"
    try fails(
      ["check", "--report", "junit=\(target)", try good().path], code: 3,
      saying: [target, "can't be written"])
  }

  @Test func reportOntoAFolder() throws {
    let folder = try Folder()
    let result = try Executable.run(["check", "--report", "junit=\(folder.path)", try good().path])
    #expect(result.code == 3)
    #expect(result.errors.contains(folder.path))
  }

  @Test func nothingIsLeftOfAReportThatCameToNothing() throws {
    let folder = try Folder()
    let result = try Executable.run([
      "check", "--report", "junit=\(folder.path)/report.xml", "--filter", "tcp prt 4000",
      try good().path,
    ])
    #expect(result.code == 2)
    let names = try folder.names()
    #expect(names == [])
  }

  @Test func fullDiskIsAnError() throws {
    let result = try Script.run(
      #""$KW" export "$FILE" > /dev/full"#, environment: ["FILE": try good().path])
    #expect(result.code == 3)
    #expect(result.errors.contains("standard output: can't be written"))
  }
}
