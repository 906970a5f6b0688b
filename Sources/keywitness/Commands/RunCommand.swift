internal import ArgumentParser
internal import LiteLLM
internal import Redaction
internal import Reports
internal import Sockets
internal import Stub
internal import Synchronization
internal import Verdicts

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs a program against the stub, and judges what it sent.",
    discussion: """
      The program gets the stub's address and key in its environment: BYTEBOT_LLM_PROXY_URL,
      OPENAI_BASE_URL, ANTHROPIC_BASE_URL and LITELLM_PROXY_URL; OPENAI_API_KEY, ANTHROPIC_API_KEY,
      LITELLM_API_KEY and LITELLM_MASTER_KEY. Its output passes through; the report goes to standard
      error. No rights are needed.

      Examples:
        keywitness run -- node agent.mjs
        keywitness run --report junit=report.xml -w agent.pcapng -- python agent.py
        keywitness run --until 'GET /model/info, POST /chat/completions' --for 60s -- npm start
        keywitness run --for 30s --drive 'curl -sf localhost:9991/tasks' -- npm start

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
    let awaited = try patterns()
    var files = StubFiles(environment: ProcessGuard.environment)
    var options = try served.options(&files)
    options.port = 0
    options.adminToken = try files.adminToken(nil)
    if options.proxy.configuration.masterKey == nil {
      throw Failure.usage(
        "this configuration has no master_key, so every key is right, and nothing can be judged")
    }
    let checked = try checkOptions(options.proxy.configuration.masterKey)
    options.redactor = display.redactor(
      checked, knowing: options.proxy.configuration.masterKey)
    let input = ProcessGuard.duplicate(0)
    let traffic = try recording.traffic(judgedBy: checked)
    options.recording = traffic.taps
    let waiting = Awaited(awaited)
    options.answered = { waiting.note(method: $0, target: $1) }
    var check = try CheckRun(
      checked, targets: try reports.targets(), display: display, descriptor: 2)
    EndSignals.hold()
    let server = try StubCommand.start(options)
    let environment = environment(
      "http://127.0.0.1:\(server.port)", key: options.proxy.configuration.masterKey ?? "")
    let child = try start(command, environment, input)
    let driver = try drive.map { try start(["/bin/sh", "-c", $0], environment, input) }
    child.bringToForeground(input)
    defer { ChildProcess.returnToForeground(input) }
    let supervision = Supervision(
      child, driver: driver, awaited: waiting, time: time?.nanoseconds)
    // Reports name the program, and its arguments may hold a key.
    var redactor = options.redactor
    let outcome = try judge(
      supervision, server, traffic, &check, name: redactor.text(command.joined(separator: " ")))
    try end(outcome, try check.finish())
  }

  /// Judges what passes until the program is over.
  private func judge(
    _ supervision: Supervision, _ server: StubServer, _ traffic: ServedTraffic,
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
    Diagnostics.note("\(TerminalText.escape(command.joined(separator: " "))): \(how)")
    if let driver = outcome.driver, !driver.isSuccess {
      Diagnostics.note("\(TerminalText.escape(drive ?? "")): \(driver.text)")
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

  /// What the program finds: the stub in the place of every proxy and provider.
  private func environment(_ url: String, key: String) -> [String: String] {
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
    for name in keyNames.isEmpty ? usual : keyNames { environment[name] = key }
    // A proxy between would hide who asks.
    for name in ["NO_PROXY", "no_proxy"] {
      environment[name] = [environment[name], "127.0.0.1,localhost"].compactMap(\.self)
        .filter { !$0.isEmpty }.joined(separator: ",")
    }
    return environment
  }
}
