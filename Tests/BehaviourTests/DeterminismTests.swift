import TestSupport
import Testing

/// Same input, same bytes, however it comes in.
@Suite("The same packets give the same records") struct DeterminismTests {
  private var packets: [Packet] {
    var dialogue = Dialogue()
    for number in 0..<20 {
      dialogue.ask(
        "POST", "/chat/completions",
        fields: ["Authorization: Bearer sk-key-\(number % 7)-0123456789"],
        body: String(repeating: "x", count: number * 400))
    }
    return dialogue.packets
  }

  /// Records without the two members that name the file.
  private func withoutFile(_ text: String, _ path: String) -> String {
    text.replacing(path, with: "FILE").replacing(
      #""format":"pcapng""#, with: #""format":"pcap""#)
  }

  private func export(_ path: String) throws -> String {
    let result = try Executable.run(["export", path])
    #expect(result.code == 0)
    return withoutFile(result.output, path)
  }

  @Test func twiceTheSameCapture() throws {
    let path = RecordedCapturesTests.folder + "/concurrent-20.pcap"
    let first = try Executable.run(["export", path]).output
    #expect(!first.isEmpty)
    #expect(try Executable.run(["export", path]).output == first)
  }

  @Test(arguments: ["text", "ndjson", "junit", "markdown", "github"])
  func twiceTheSameReport(_ format: String) throws {
    let path = RecordedCapturesTests.folder + "/curl-oddities.pcap"
    let first = try Executable.run(["check", "--report", format, path]).output
    #expect(!first.isEmpty)
    #expect(try Executable.run(["check", "--report", format, path]).output == first)
  }

  @Test func pcapAndPcapng() throws {
    let one = try ScratchFile(CaptureBytes.pcap(packets))
    let other = try ScratchFile(CaptureBytes.pcapng(packets), named: "test.pcapng")
    #expect(try export(one.path) == export(other.path))
  }

  @Test func bothPcapResolutions() throws {
    // The builder's times are whole milliseconds.
    let one = try ScratchFile(CaptureBytes.pcap(packets))
    let other = try ScratchFile(CaptureBytes.pcap(packets, nanoseconds: false))
    #expect(try export(one.path) == export(other.path))
  }

  @Test func fileAndPipe() throws {
    let file = try ScratchFile(packets: packets)
    let piped = try Executable.run(["export", "-"], input: CaptureBytes.pcap(packets))
    #expect(piped.code == 0)
    #expect(
      piped.output.replacing(#""file":"-""#, with: #""file":"FILE""#)
        .replacing(#""capture":"-""#, with: #""capture":"FILE""#) == (try export(file.path)))
  }

  @Test func fileAndSlowPipe() throws {
    let file = try ScratchFile(packets: packets)
    let result = try Script.run(
      #"{ head -c 1000 "$FILE"; sleep 0.2; tail -c +1001 "$FILE"; } | "$KW" export -"#,
      environment: ["FILE": file.path])
    #expect(
      result.output.replacing(#""file":"-""#, with: #""file":"FILE""#)
        .replacing(#""capture":"-""#, with: #""capture":"FILE""#) == (try export(file.path)))
  }

  @Test func plainAndGzip() throws {
    let file = try ScratchFile(packets: packets)
    let result = try Script.run(
      #"gzip -c "$FILE" > test.pcap.gz && "$KW" export test.pcap.gz"#,
      environment: ["FILE": file.path])
    #expect(result.code == 0)
    #expect(withoutFile(result.output, "test.pcap.gz") == (try export(file.path)))
  }

  @Test func gzipInAPipe() throws {
    let file = try ScratchFile(packets: packets)
    let result = try Script.run(
      #"gzip -c "$FILE" | "$KW" export -"#, environment: ["FILE": file.path])
    #expect(try Record.records(result.output).requests.count == 20)
  }

  @Test func rotatedSeriesIsOneCapture() throws {
    let folder = try Folder()
    let whole = try ScratchFile(packets: packets)
    let middle = packets.count / 2 + 1
    try folder.file("part-1.pcap", bytes: CaptureBytes.pcap(Array(packets[..<middle])))
    try folder.file("part-2.pcap", bytes: CaptureBytes.pcap(Array(packets[middle...])))
    let result = try Executable.run(["export", folder.path])
    #expect(withoutFile(result.output, folder.path + "/part-1.pcap") == (try export(whole.path)))
  }

  @Test func recordsStandInOrderOfTheRequestsFirstByte() throws {
    let records = try Executable.export([RecordedCapturesTests.folder + "/concurrent-20.pcap"])
    let ids = records.kind("exchange").compactMap(\.id)
    #expect(ids == Array(1...20))
  }

  @Test func checkAndExportTellTheSameExchanges() throws {
    let path = RecordedCapturesTests.folder + "/curl-oddities.pcap"
    let checked = try Executable.run(["check", "--report", "ndjson", path]).output
    let exported = try Executable.run(["export", path]).output
    func exchanges(_ text: String) -> [Substring] {
      text.split(separator: "\n").filter { $0.contains(#""kind":"exchange""#) }
    }
    #expect(exchanges(checked) == exchanges(exported))
  }

  @Test func saltedFingerprintsAreTheSameAcrossRuns() throws {
    let file = try ScratchFile(packets: packets)
    let first = try Executable.run(
      ["export", file.path], environment: ["KEYWITNESS_SALT": "pepper"])
    let again = try Executable.run(
      ["export", file.path], environment: ["KEYWITNESS_SALT": "pepper"])
    let other = try Executable.run(
      ["export", file.path], environment: ["KEYWITNESS_SALT": "thyme"])
    #expect(first.output == again.output)
    #expect(first.output != other.output)
  }
}
