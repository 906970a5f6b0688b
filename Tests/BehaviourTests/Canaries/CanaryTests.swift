import Foundation
import FoundationXML
import TestSupport
import Testing

/// Secrets never leave: every secret of a capture is in one place only, and nothing that any command
/// writes holds any of them in any form, nor anything that acts on who reads it.
@Suite("Canaries: no secret leaves, and no text acts") struct CanaryTests {
  static let given = Canary("given by --expect-key", length: 30)
  static let capture = CanaryCapture(given: given)
  static let search = CanarySearch(capture.canaries)
  static let pcap = CaptureBytes.pcap(capture.packets)
  static let pcapPath = try? Folder().file("canaries.pcap", bytes: pcap)
  static let gzip = Compression.compress(pcap)

  static let environment = ["EXPECTED": given.text]
  static let expecting = ["--expect-key", "env:EXPECTED"]

  private func path() throws -> String { try #require(Self.pcapPath) }

  // MARK: Checks

  /// - Parameter atTheEnd: whether all of it is written when the whole capture has been seen.
  private func holdsNoSecret(
    _ run: CanaryRun, _ command: [String], atTheEnd: Bool = false, isWhole: Bool = true,
    at location: SourceLocation = #_sourceLocation
  ) {
    for (name, bytes) in run.written {
      let finds = Self.search.finds(in: bytes, atTheEnd: atTheEnd, isWhole: isWhole)
      for find in finds.sorted(by: { $0.description < $1.description }) {
        Issue.record(
          "\(command.joined(separator: " ")), \(name): \(find)", sourceLocation: location)
      }
    }
  }

  private static func isActing(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0A: false
    case 0..<0x20, 0x7F...0x9F, 0xAD, 0x61C, 0x180E, 0x200B...0x200F, 0x2028...0x202E,
      0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F:
      true
    default: false
    }
  }

  /// Nothing in a text obeys the capture rather than the tool.
  private func doesNotAct(
    _ bytes: [UInt8], _ what: String, isColored: Bool = false, annotates: Bool = false,
    at location: SourceLocation = #_sourceLocation
  ) {
    guard var text = String(validating: bytes, as: UTF8.self) else {
      Issue.record("\(what) isn't UTF-8", sourceLocation: location)
      return
    }
    if isColored { text.replace(/\u{1B}\[[0-9;]*m/, with: "") }
    let acting = Set(text.unicodeScalars.filter(Self.isActing).map { String($0.value, radix: 16) })
    #expect(acting.isEmpty, "\(what)", sourceLocation: location)
    for line in text.split(separator: "\n") {
      // Readers of commands pass over blanks.
      let start = line.drop { $0.isWhitespace }
      let isCommand =
        start.hasPrefix("::")
        && !(annotates && line.starts(with: /::(error|warning|notice) (file|title)=/))
        || start.hasPrefix("##[") || start.hasPrefix("##teamcity[") || start.hasPrefix("##vso[")
      #expect(!isCommand, "\(what): \(line)", sourceLocation: location)
    }
  }

  // MARK: Every command

  struct Command: CustomTestStringConvertible, Sendable {
    var arguments: [String]
    var isColored = false
    var annotates = false
    /// Nothing is written before the capture's end.
    var atTheEnd = false

    var testDescription: String { arguments.joined(separator: " ") }
  }

  static let commands: [Command] =
    [
      Command(arguments: ["check"], atTheEnd: true),
      Command(arguments: ["check", "--color", "always"], isColored: true, atTheEnd: true),
      Command(arguments: ["check", "--report", "junit"], atTheEnd: true),
      Command(arguments: ["check", "--report", "markdown"], atTheEnd: true),
      Command(arguments: ["check", "--report", "github"], annotates: true, atTheEnd: true),
      Command(arguments: ["check", "--report", "ndjson", "--strict"]),
      Command(
        arguments: [
          "check", "--proxy", "any", "--report", "text=t", "--report", "junit=j", "--report",
          "markdown=m",
        ], atTheEnd: true),
      Command(arguments: ["check", "--proxy", "any", "--report", "ndjson=n"]),
      Command(arguments: ["list"]),
      Command(arguments: ["list", "--where", "status>=400 verdict!=ok"]),
      Command(arguments: ["show"]),
      Command(arguments: ["show", "--color", "always"], isColored: true),
      Command(arguments: ["show", "--show-bodies"]), Command(arguments: ["show", "--curl"]),
      Command(arguments: ["show", "--curl", "--show-bodies"]), Command(arguments: ["export"]),
    ]

  @Test(arguments: commands) func noSecretLeaves(_ command: Command) throws {
    let arguments = command.arguments + Self.expecting + [try path()]
    let run = try CanaryRun(arguments, environment: Self.environment)
    #expect(run.code == (command.arguments[0] == "check" ? 1 : 0))
    #expect(run.output.count > 1000)
    holdsNoSecret(run, command.arguments, atTheEnd: command.atTheEnd)
    for (name, bytes) in run.written {
      doesNotAct(
        bytes, "\(command.testDescription), \(name)", isColored: command.isColored,
        annotates: command.annotates && name == "standard output")
    }
    for (name, mode) in run.modes { #expect(mode == 0o600, "\(name)") }
    switch command.arguments.last {
    case "junit": try isXML(run.output)
    case "ndjson", "--strict", "export": try isJSONLineByLine(run.output)
    case "markdown": staysMarkdown(run.output)
    default: break
    }
  }

  // MARK: What programs read

  private func isXML(_ xml: [UInt8]) throws {
    let parser = XMLParser(data: Data(xml))
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    // XML 1.0, 2.2.
    let text = try #require(String(validating: xml, as: UTF8.self))
    #expect(
      text.unicodeScalars.allSatisfy {
        [0x9, 0xA, 0xD].contains($0.value) || (0x20...0xD7FF).contains($0.value)
          || (0xE000...0xFFFD).contains($0.value) || $0.value >= 0x10000
      })
  }

  private func isJSONLineByLine(_ bytes: [UInt8]) throws {
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(try Record.records(text).requests.count > 150)
    #expect(text.split(separator: "\n").allSatisfy { $0.hasPrefix(#"{"schema":"keywitness/1","#) })
  }

  /// No captured text ends a table, begins a heading or a fence, or is a link.
  private func staysMarkdown(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    var columns = 0
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      #expect(!line.hasPrefix("# ") && !line.hasPrefix("```"))
      #expect(!line.contains("<b>") && !line.contains("]("))
      guard line.hasPrefix("|") else {
        columns = 0
        continue
      }
      // What isn't escaped divides.
      let cells = line.replacing("\\|", with: "").count { $0 == "|" }
      if columns > 0 { #expect(cells == columns, "\(line)") }
      columns = cells
    }
  }

  @Test func gitHubsSummaryHoldsNoSecret() throws {
    let summary = try Folder().path + "/summary.md"
    let run = try CanaryRun(
      ["check", "--report", "github"] + Self.expecting + [try path()],
      environment: Self.environment.merging(["GITHUB_STEP_SUMMARY": summary]) { $1 })
    holdsNoSecret(run, ["github"], atTheEnd: true)
    let bytes = try Folder.bytes(summary)
    #expect(bytes.count > 1000)
    #expect(Self.search.finds(in: bytes, atTheEnd: true) == [])
    doesNotAct(bytes, "the summary")
  }

  // MARK: Every kind of input

  struct Input: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var name = "in.pcap"
    var bytes: [UInt8]
    var isPipe = false
    /// Nothing is missing or out of order.
    var isWhole = true
  }

  static var inputs: [Input] {
    var damaged = pcap
    // A record's length, in the middle of the file.
    for index in (damaged.count / 2)..<(damaged.count / 2 + 4000) where index % 97 == 0 {
      damaged[index] ^= 0xFF
    }
    // Through the last packet with a known key in it.
    let cuts = [pcap.count / 3, pcap.count - 60, pcap.count - 300]
    return [
      Input(testDescription: "pcapng", bytes: CaptureBytes.pcapng(capture.packets)),
      Input(testDescription: "gzip", name: "in.pcap.gz", bytes: gzip),
      Input(
        testDescription: "gzip, cut", name: "in.pcap.gz", bytes: Array(gzip.prefix(gzip.count / 2))),
      Input(testDescription: "a pipe", bytes: pcap, isPipe: true),
      Input(testDescription: "a pipe of gzip", bytes: gzip, isPipe: true),
      Input(testDescription: "damaged", bytes: damaged, isWhole: false),
      Input(
        testDescription: "in reverse", bytes: CaptureBytes.pcap(capture.packets.reversed()),
        isWhole: false),
      Input(
        testDescription: "every 11th packet missing",
        bytes: CaptureBytes.pcap(
          capture.packets.enumerated().filter { $0.offset % 11 != 3 }.map(\.element)),
        isWhole: false),
      Input(testDescription: "no capture", bytes: Array(given.text.utf8) + pcap),
    ] + cuts.map { Input(testDescription: "cut at \($0)", bytes: Array(pcap.prefix($0))) }
  }

  @Test(arguments: inputs) func noSecretLeavesOfBadInput(_ input: Input) throws {
    let check = ["check", "--report", "text", "--report", "ndjson=n", "--report", "junit=j"]
    // Where the exchanges are the same, so are their contents.
    for command in input.isWhole ? [check] : [check, ["show", "--show-bodies"]] {
      let run = try CanaryRun(
        command + Self.expecting + [input.isPipe ? "-" : input.name],
        input: input.isPipe ? input.bytes : nil, environment: Self.environment,
        files: [input.name: input.bytes])
      #expect(run.code >= 0)
      // What is missing may be what would have told that it was a key.
      holdsNoSecret(run, command + [input.testDescription], isWhole: input.isWhole)
      for (name, bytes) in run.written { doesNotAct(bytes, "\(input.testDescription), \(name)") }
    }
  }

  @Test func noSecretLeavesWhereAContentIsCut() throws {
    let capture = CanaryCapture.longContent()
    let search = CanarySearch(capture.canaries)
    let run = try CanaryRun(
      ["show", "--show-bodies", "in.pcap"],
      files: ["in.pcap": CaptureBytes.pcap(capture.packets)])
    #expect(run.output.count > 2 << 20)
    let ends = run.output.split(separator: 0x0A).map { $0.suffix(300) + [0x0A] }
    #expect(search.finds(in: Array(ends.joined()), atTheEnd: true) == [])
  }

  // MARK: The search itself

  /// Where `--show-secrets` shows a key, the search has to find it.
  @Test func theSearchFindsWhatIsThere() throws {
    let run = try CanaryRun(
      ["show", "--show-bodies", "--show-secrets", try path()], environment: Self.environment)
    let finds = Set(Self.search.finds(in: run.output, atTheEnd: true).map(\.place))
    // No report shows these at all, with the secrets or without.
    let unseen = Self.capture.canaries.map(\.place).filter { place in
      !finds.contains(place) && !Self.neverShown.contains { place.hasPrefix($0) }
    }
    #expect(unseen == [])
  }

  /// Trailers, what stands behind a hole in a head, an unfinished line, lines without a colon, what is
  /// no HTTP, and what was sent a second time.
  static let neverShown = [
    "a trailer's", "a hole in a head, shaped", "a hole in a head, named", "a cut head",
    "overlap, second", "a line without a colon", "an equals sign", "no HTTP",
    "content of conflicting lengths",
  ]

  /// Without a flag nothing shows them; with it every report does.
  @Test(arguments: [["list"], ["show", "--curl"], ["export"]])
  func secretsAreShownOnlyOnRequest(_ arguments: [String]) throws {
    let run = try CanaryRun(arguments + ["--show-secrets", try path()])
    #expect(Self.search.finds(in: run.output, atTheEnd: true).count > 50)
  }

  @Test func aKnownPlaceholderIsShown() throws {
    for command in [["show"], ["export"]] {
      let run = try CanaryRun(command + [try path()])
      #expect(String(decoding: run.output, as: UTF8.self).contains("dummy-key-for-proxy"))
    }
  }

  @Test func eachSecretIsItsOwn() {
    let texts = Self.capture.canaries.map(\.text)
    #expect(Set(texts).count == texts.count)
    #expect(Set(Self.capture.canaries.map(\.place)).count == texts.count)
  }
}
