internal import ArgumentParser
internal import LiteLLM
internal import Redaction
internal import Reports
internal import Sockets
internal import Stub
internal import Synchronization
internal import Tap
internal import Verdicts
internal import Wire

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs a program against the stub, and judges what it sent.",
    discussion: """
      The program gets the stub's address and key in its environment: BYTEBOT_LLM_PROXY_URL,
      OPENAI_BASE_URL, ANTHROPIC_BASE_URL and LITELLM_PROXY_URL; OPENAI_API_KEY, ANTHROPIC_API_KEY,
      LITELLM_API_KEY and LITELLM_MASTER_KEY. Its output passes through; the report goes to standard
      error. No rights are needed. With --upstream the program talks to a real proxy, through a tap,
      and gets the key of --expect-key.

      Examples:
        keywitness run -- node agent.mjs
        keywitness run --report junit=report.xml -w agent.pcapng -- python agent.py
        keywitness run --until 'GET /model/info, POST /chat/completions' --for 60s -- npm start
        keywitness run --for 30s --drive 'curl -sf localhost:9991/tasks' -- npm start
        keywitness run --upstream https://litellm.example.com --expect-key env:KEY -- node agent.mjs

      Exit codes: check's, where that isn't 0; else 6 where the program itself failed.
      """)

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("The program and its arguments, behind --.", valueName: "command"))
  var command: [String] = []

  @Option(
    help: ArgumentHelp(
      "Ends the program when these were answered; they are required, too.",
      valueName: "METHOD PATH, …"))
  var until: String?

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp("Ends the program after so long.", valueName: "duration"))
  var time: ServedOptions.Delay?

  @Option(
    help: ArgumentHelp(
      "A shell command that runs beside it; when that ends, so does the program.",
      valueName: "command"))
  var drive: String?

  @Option(
    name: .customLong("url-env"),
    help: ArgumentHelp(
      "The variable that gets the stub's address, instead of the usual ones; repeatable.",
      valueName: "name"))
  var urlNames: [String] = []

  @Option(
    name: .customLong("key-env"),
    help: ArgumentHelp(
      "The variable that gets the key, instead of the usual ones; repeatable.", valueName: "name"))
  var keyNames: [String] = []

  @Flag(
    help: "HTTPS. NODE_EXTRA_CA_CERTS, SSL_CERT_FILE and REQUESTS_CA_BUNDLE name its authority.")
  var tls = false

  @Option(help: ArgumentHelp("A real proxy, in the place of the stub.", valueName: "url"))
  var upstream: String?

  @Option(
    name: .customLong("ca"),
    help: ArgumentHelp("Authorities (PEM) for the upstream's certificate.", valueName: "file"))
  var authorities: String?

  @OptionGroup(title: "LiteLLM") var served: ServedOptions
  @OptionGroup(title: "Recording") var recording: RecordingOptions
  @OptionGroup(title: "Judging") var judging: JudgeOptions
  @OptionGroup(title: "Judging") var reports: ReportOptions
  @OptionGroup(title: "Output") var display: DisplayOptions

  func validate() throws {
    guard !command.isEmpty else {
      throw ValidationError("no program given; put it behind --, as in: run -- node agent.mjs")
    }
  }

  func run() throws {
    let awaited = Awaited(try patterns())
    var files = StubFiles(environment: ProcessGuard.environment)
    var stub = try served.options(&files)
    stub.port = 0
    stub.adminToken = try files.adminToken(nil)
    let masterKey = upstream == nil ? stub.proxy.configuration.masterKey : nil
    if upstream == nil, masterKey == nil {
      throw Failure.usage(
        "this configuration has no master_key, so every key is right, and nothing can be judged")
    }
    let checked = try checkOptions(masterKey)
    stub.redactor = display.redactor(checked, knowing: masterKey)
    let input = ProcessGuard.duplicate(0)
    let traffic = try recording.traffic(judgedBy: checked)
    var check = try CheckRun(
      checked, targets: try reports.targets(), display: display, descriptor: 2)
    var tap = try upstream.map { try TapOptions(target: TapCommand.target($0, "--upstream")) }
    let failures = tap.map { TapFailures(of: $0.target.host) }
    tap?.failed = failures?.note
    EndSignals.hold()
    let authority = tls ? try AuthorityFile() : nil
    let server = try startServer(stub, tap, authority?.certificate, traffic, awaited)
    let environment = environment(
      "\(tls ? "https" : "http")://127.0.0.1:\(server.port)",
      key: masterKey ?? checked.expected?.plainBytes.map { String(decoding: $0, as: UTF8.self) }
    ).merging(authority?.environment ?? [:]) { $1 }
    let child = try start(command, environment, input)
    let driver = try drive.map { try start(["/bin/sh", "-c", $0], environment, input) }
    child.bringToForeground(input)
    defer { child.returnTerminal() }
    let supervision = Supervision(
      child, driver: driver, awaited: awaited, time: time?.nanoseconds)
    let outcome = try withExtendedLifetime(authority) {
      try judge(
        supervision, server, traffic, &check, name: ShownCommand.text(command))
    }
    let result = try check.finish()
    try end(outcome, failures?.result(result) ?? result)
  }

  private func startServer(
    _ stub: StubOptions, _ tap: TapOptions?, _ certificate: ServerCertificate?,
    _ traffic: ServedTraffic, _ awaited: Awaited
  ) throws -> RunServer {
    let answered: @Sendable (String, String) -> Void = { awaited.note(method: $0, target: $1) }
    guard var tap else {
      var stub = stub
      stub.recording = traffic.taps
      stub.answered = answered
      stub.certificate = certificate
      return try RunServer(stub: stub)
    }
    tap.port = 0
    tap.recording = traffic.taps
    tap.answered = answered
    tap.certificate = certificate
    tap.authorities = authorities
    tap.redactor = stub.redactor
    return try RunServer(tap: tap)
  }

  /// Judges what passes until the program is over.
  private func judge(
    _ supervision: Supervision, _ server: RunServer, _ traffic: ServedTraffic,
    _ check: inout CheckRun, name: String
  ) throws -> Supervision.Outcome {
    let outcome = Mutex<Supervision.Outcome?>(nil)
    _ = Interruptions { supervision.interrupt() }
    let hasThread = BackgroundThread.start {
      let ended = supervision.run()
      outcome.withLock { $0 = ended }
      server.stop(grace: 1)
      traffic.end()
    }
    guard hasThread else { throw Failure.unreadable("the system has no more threads") }
    try traffic.check(&check, name: name)
    try traffic.finish()
    guard let ended = outcome.withLock({ $0 }) else {
      throw Failure.unreadable("the traffic ended before the program did")
    }
    return ended
  }

  private func end(_ outcome: Supervision.Outcome, _ result: Judgement.Result) throws {
    let how: String =
      switch outcome.reason {
      case .ended: outcome.end.text
      case .seen: "ended when all was seen"
      case .timedOut: "ended after its time"
      case .driven: "ended behind its driver"
      case .interrupted: "interrupted"
      }
    Diagnostics.note("\(ShownCommand.text(command)): \(how)")
    if let driver = outcome.driver, !driver.isSuccess {
      Diagnostics.note("what --drive started: \(driver.text)")
    }
    if result != .passed { throw ExitCode(Int32(result.rawValue)) }
    if outcome.reason == .interrupted { throw ExitCode(ContractCode.interrupted) }
    if !outcome.isGood { throw ExitCode(ContractCode.commandFailed) }
  }

  private func patterns() throws -> [RequestPattern] {
    try (until ?? "").split(separator: ",").map { text in
      do throws(RequestPatternError) {
        return try RequestPattern(String(text))
      } catch {
        throw Failure.usage("--until: \(error)")
      }
    }
  }

  private func checkOptions(_ masterKey: String?) throws -> CheckOptions {
    var options = try reports.options(judging)
    options.required += try patterns().filter { !options.required.contains($0) }
    // All that comes here was sent to the proxy.
    if options.selectors.isEmpty { options.selectors = [.any] }
    if options.expected == nil, served.keys == nil {
      options.expected = masterKey.map { .plain(Array($0.utf8)) }
    }
    return options
  }

  private func start(
    _ command: [String], _ environment: [String: String], _ input: Int32
  ) throws -> ChildProcess {
    let (child, error) = ChildProcess.start(
      command, environment: environment, standardInput: input)
    guard let child else {
      throw Failure(
        message: "\(TerminalText.escape(command[0])) can't be started: \(error)",
        code: ContractCode.usage)
    }
    return child
  }

  /// What the program finds: the server of this run in the place of every proxy and provider.
  ///
  /// - Parameter key: `nil` leaves the program its own.
  private func environment(_ url: String, key: String?) -> [String: String] {
    var environment = ProcessGuard.environment
    if urlNames.isEmpty {
      for name in ["BYTEBOT_LLM_PROXY_URL", "LITELLM_PROXY_URL", "ANTHROPIC_BASE_URL"] {
        environment[name] = url
      }
      // This one comes with its version.
      environment["OPENAI_BASE_URL"] = "\(url)/v1"
    }
    for name in urlNames { environment[name] = url }
    let usual = ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "LITELLM_API_KEY", "LITELLM_MASTER_KEY"]
    if let key { for name in keyNames.isEmpty ? usual : keyNames { environment[name] = key } }
    // A proxy between would hide who asks.
    for name in ["NO_PROXY", "no_proxy"] {
      environment[name] = [environment[name], "127.0.0.1,localhost"].compactMap(\.self)
        .filter { !$0.isEmpty }.joined(separator: ",")
    }
    return environment
  }
}
