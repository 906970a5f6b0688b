internal import ArgumentParser
internal import LiteLLM
internal import Redaction
internal import Reports
internal import Sockets
internal import Stub
internal import Synchronization
internal import Verdicts

struct StubCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stub",
    abstract: "A LiteLLM that answers as the real one, without provider or database.",
    discussion: """
      Every option can be set by environment: KEYWITNESS_STUB_PORT=4000 is --port 4000.

      Examples:
        keywitness stub
        keywitness stub --config config.yaml --port 4000
        keywitness stub --config config.yaml --keys keys.yaml --profile 1.76
        keywitness stub --master-key env:LITELLM_MASTER_KEY --port 0 --ready-file ready.json
        keywitness stub --require 'GET /model/info' --report junit=report.xml -w stub.pcapng
      """)

  @OptionGroup(title: "LiteLLM") var served: ServedOptions

  @Option(help: "The port to listen on; 0 takes a free one.")
  var port = 4000

  @Option(help: "The address to listen on. Beyond the loopback, others can reach it.")
  var bind = "127.0.0.1"

  @Option(
    help: ArgumentHelp(
      "Plays back the answers of a capture, to the same requests, in their order.",
      valueName: "capture"))
  var play: String?

  @Option(
    help: ArgumentHelp(
      "How fast a played capture's time passes; max doesn't wait. --strict: unused answers fail.",
      valueName: "1x|2x|max"), transform: StubCommand.speed)
  var speed: Speed = .times(1)

  /// How fast recorded time passes.
  enum Speed {
    case times(Double)
    case max
  }

  @Flag(
    name: .customLong("allow-fault-header"),
    help: "A request may ask for its fault: 'x-keywitness-fault: 429 retry-after=2s'.")
  var allowsFaultHeader = false

  @Option(
    name: .customLong("admin-port"),
    help:
      "Of the listener for /__keywitness/requests, counts, metrics, verdict; 0 takes a free one.")
  var adminPort = 0

  @Option(
    name: .customLong("admin-token"),
    help: ArgumentHelp(
      "What it asks for, as Authorization: Bearer. Default: made up, in the ready file.",
      valueName: "env:NAME|file:PATH"))
  var adminToken: String?

  @OptionGroup(title: "TLS of a played capture") var keyLogs: KeyLogOptions
  @OptionGroup(title: "Recording") var recording: RecordingOptions
  @OptionGroup(title: "Judging") var judging: JudgeOptions
  @OptionGroup(title: "Judging") var reports: ReportOptions
  @OptionGroup(title: "Output") var display: DisplayOptions

  @Option(
    name: .customLong("ready-file"),
    help: ArgumentHelp(
      "Appears, whole, when it answers: port, url, admin_url, admin_token, pid.",
      valueName: "file"))
  var readyFile: String?

  @Option(
    name: .customLong("tls-cert"),
    help: ArgumentHelp("Certificate chain (PEM): it speaks HTTPS.", valueName: "file"))
  var certificate: String?

  @Option(
    name: .customLong("tls-key"),
    help: ArgumentHelp("The certificate's key (PEM).", valueName: "file"))
  var certificateKey: String?

  @Sendable static func speed(_ text: String) throws -> Speed {
    if text == "max" { return .max }
    guard let factor = Double(text.hasSuffix("x") ? text.dropLast() : text[...]),
      factor > 0, factor.isFinite
    else { throw ValidationError("--speed \(text) is none; give 1x, 2x, 0.5x or max") }
    return .times(factor)
  }

  func validate() throws {
    guard 0...65_535 ~= port else {
      throw ValidationError("--port \(port) is none; give 0 to 65535")
    }
    guard (certificate == nil) == (certificateKey == nil) else {
      throw ValidationError("--tls-cert and --tls-key belong together; give both")
    }
  }

  func run() throws {
    var files = StubFiles(environment: ProcessGuard.environment)
    var options = try options(&files)
    let checked = try checkOptions(options.proxy.configuration.masterKey)
    options.redactor = display.redactor(
      checked, knowing: options.proxy.configuration.masterKey)
    let traffic = try recording.traffic(judgedBy: checked)
    options.recording = traffic.taps
    options.verdict = traffic.verdict(options.redactor)
    let check = try checked.map {
      try CheckRun($0, targets: reports.targets(), display: display)
    }
    EndSignals.hold()
    let server = try Self.start(options)
    try announce(server, options.adminToken, madeUpKey: files.madeUpKey)
    try serve(server, traffic, judgedBy: check)
  }

  /// What the server is told, but for who listens to its traffic.
  private func options(_ files: inout StubFiles) throws -> StubOptions {
    var options = try served.options(&files)
    options.address = bind
    options.port = port
    options.adminPort = adminPort
    options.adminToken = try files.adminToken(adminToken)
    if allowsFaultHeader { options.faultDurations = { DurationText.nanoseconds($0) } }
    if let certificate, let certificateKey {
      options.certificate = .files(chain: certificate, key: certificateKey)
    }
    guard let play else { return options }
    let recorded = try RecordedAnswers.read(play, keyLogs)
    if recorded.leftOut > 0 {
      Diagnostics.warning(
        "\(TerminalText.escape(play)): \(recorded.leftOut) of "
          + "\(recorded.leftOut + recorded.answers.count) exchanges can't be played back "
          + "(not whole, a second hop, or LiteLLM's refusal of a key)")
    }
    options.recorded = recorded.answers
    options.recordedName = TerminalText.escape(play)
    options.speed = if case .times(let factor) = speed { factor } else { nil }
    return options
  }

  /// What is judged by; `nil` where nothing says how, or where to tell it.
  private func checkOptions(_ masterKey: String?) throws -> CheckOptions? {
    guard
      judging.policy != nil || judging.expectKey != nil || !reports.required.isEmpty
        || !reports.report.isEmpty
    else { return nil }
    var options = try reports.options(judging)
    // All that comes here was sent to the proxy.
    if options.selectors.isEmpty { options.selectors = [.any] }
    // Without virtual keys there is one that is right.
    if options.expected == nil, served.keys == nil {
      options.expected = masterKey.map { .plain(Array($0.utf8)) }
    }
    return options
  }

  static func start(_ options: StubOptions) throws -> StubServer {
    do throws(StubError) {
      return try StubServer(options)
    } catch {
      switch error.code {
      case .address: throw Failure.usage(error.message)
      case .certificate: throw Failure.unreadable(error.message)
      }
    }
  }

  /// Until a signal ends it.
  private func serve(
    _ server: StubServer, _ traffic: ServedTraffic, judgedBy check: CheckRun?
  ) throws {
    let unused = Mutex<[RecordedAnswer]>([])
    @Sendable func stop() {
      unused.withLock { $0 = server.unusedRecordings() }
      server.stop()
      traffic.end()
    }
    var result = Judgement.Result.passed
    if var check {
      _ = Interruptions(stop)
      try traffic.check(&check)
      try traffic.finish()
      result = try check.finish()
    } else {
      EndSignals.waitForOne()
      stop()
      try traffic.finish()
    }
    if !tell(unused.withLock { $0 }) { result = .violated }
    if result != .passed { throw ExitCode(Int32(result.rawValue)) }
  }

  /// - Parameter unused: recordings that nobody asked for.
  /// - Returns: whether that is right.
  private func tell(_ unused: [RecordedAnswer]) -> Bool {
    guard let first = unused.first else { return true }
    let text =
      "\(unused.count) recorded \(unused.count == 1 ? "answer was" : "answers were") never asked "
      + "for; the first is exchange \(first.exchange), \(TerminalText.escape(first.name))"
    if reports.isStrict { Diagnostics.error(text) } else { Diagnostics.warning(text) }
    return !reports.isStrict
  }

  /// The address as it stands in a URL.
  private var host: String { bind.contains(":") ? "[\(bind)]" : bind }

  private func announce(_ server: StubServer, _ token: String, madeUpKey: String?) throws {
    if bind != "127.0.0.1", bind != "::1", bind != "localhost" {
      Diagnostics.warning("listens on \(bind): others can reach it")
    }
    let url = "\(certificate == nil ? "http" : "https")://\(host):\(server.port)"
    let adminURL = "http://\(host):\(server.adminPort)/__keywitness"
    Diagnostics.write("LiteLLM \(served.profile.rawValue) stub on \(url)\n")
    if let madeUpKey {
      // Past the redaction: it was made up for whoever reads this.
      ProcessGuard.write(
        "  export LITELLM_PROXY_URL=\(url)\n  export LITELLM_MASTER_KEY=\(madeUpKey)\n", to: 2)
    }
    guard let readyFile else { return }
    var json = JSONWriter()
    json.beginObject()
    json.member("port", server.port)
    json.member("url", url)
    json.member("admin_url", adminURL)
    json.member("admin_token", token)
    json.member("pid", Int(ProcessGuard.processID))
    json.endObject()
    json.endLine()
    try WholeFile.write(json.bytes, to: readyFile)
  }
}
