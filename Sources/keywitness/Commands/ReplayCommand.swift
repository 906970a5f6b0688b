internal import ArgumentParser
internal import Crypto
internal import Exchanges
internal import LiteLLM
internal import Redaction
internal import Replay
internal import Reports
internal import Sockets
internal import Stub
internal import TLS
internal import Verdicts
internal import Wire

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Sends the recorded requests again, and compares the answers.",
    discussion: """
      Each request ends in exactly one outcome: matched, differs, failed, skipped or not-sent. Bytes,
      order and connections are the recorded ones; Host is the target's, and no recorded key is sent:
      each gets a stand-in, unless --auth says otherwise.

      Examples:
        keywitness replay agent.pcap --to http://127.0.0.1:4000 --auth env:LITELLM_MASTER_KEY
        keywitness replay agent.pcap --to http://127.0.0.1:4000 --auth env:KEY --force-auth
        keywitness replay agent.pcap --stub --speed max
        keywitness replay agent.pcap --to https://litellm.example.com --allow-host litellm.example.com --dry-run

      Exit codes: 0 all matched; 1 something differs or failed; 4 the target can't be reached;
      5 nothing to send.
      """)

  @Argument(help: "The capture.", completion: .file(extensions: ["pcap", "pcapng", "cap", "gz"]))
  var capture: String

  @Option(
    help: ArgumentHelp("The proxy's address, with a path where it has one.", valueName: "url"))
  var to: String?

  @Flag(help: "Against a stub of this run, which takes the key that the recorded proxy took.")
  var stub = false

  @Option(
    help: ArgumentHelp(
      "The key that is sent in the place of recorded ones. Placeholders and absent keys stay.",
      valueName: "env:NAME|file:PATH|recorded"))
  var auth: String?

  @Flag(
    name: .customLong("force-auth"),
    help: "Every request gets the key, whatever it had: proves the cure, and hides the fault.")
  var forcesAuth = false

  @Option(
    help: ArgumentHelp(
      "How fast recorded time passes; max only waits for answers that were there before.",
      valueName: "1x|2x|max"), transform: StubCommand.speed)
  var speed: StubCommand.Speed = .times(1)

  @Option(
    name: .customLong("max-gap"),
    help: ArgumentHelp("The longest time in which nothing is sent.", valueName: "duration"))
  var longestGap: ServedOptions.Delay?

  @Option(
    name: .customLong("allow-host"),
    help: ArgumentHelp(
      "A host beside this machine that may be sent to; repeatable.", valueName: "name"))
  var allowedHosts: [String] = []

  @Flag(
    name: .customLong("allow-unsafe"),
    help: "Sends what changes keys, users, teams and models, too.")
  var allowsUnsafe = false

  @Option(help: "What of an answer has to come again: status, or content as well.")
  var compare = Compared.content

  /// What of an answer is compared.
  enum Compared: String, ExpressibleByArgument, CaseIterable { case status, content }

  @Option(
    help: ArgumentHelp(
      "A place in JSON that may differ: '$.usage', '$.choices[*].message.content', '$..created'; "
        + "repeatable. Ids and times may anyway.", valueName: "path"))
  var ignore: [String] = []

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("Only these: 'method=POST path=/chat/*'.", valueName: "expression"))
  var selected: String?

  @Option(
    name: .customLong("connect-timeout"),
    help: ArgumentHelp("Until there is a connection.", valueName: "duration"))
  var connectTimeout = ServedOptions.Delay(nanoseconds: 5_000_000_000)

  @Option(
    name: .customLong("idle-timeout"),
    help: ArgumentHelp("The longest time in which nothing comes.", valueName: "duration"))
  var idleTimeout = ServedOptions.Delay(nanoseconds: 60_000_000_000)

  @Option(name: .customLong("ca"), help: ArgumentHelp("Authorities (PEM).", valueName: "file"))
  var authorities: String?

  @Flag(help: "Takes any certificate.")
  var insecure = false

  @Flag(name: .customLong("dry-run"), help: "Says what would go where, and sends nothing.")
  var isDry = false

  @Option(help: ArgumentHelp("Writes what was done, as one JSON object.", valueName: "file"))
  var receipt: String?

  @OptionGroup(title: "TLS of the capture") var keyLogs: KeyLogOptions
  @OptionGroup(title: "LiteLLM, of --stub") var served: ServedOptions
  @OptionGroup(title: "Output") var display: DisplayOptions

  func validate() throws {
    guard (to == nil) == stub else {
      throw ValidationError("give --to URL, or --stub")
    }
    if forcesAuth, auth == nil || auth == "recorded" {
      throw ValidationError("--force-auth needs a key: --auth env:NAME or file:PATH")
    }
  }

  func run() throws {
    guard capture != "-" else {
      throw Failure.usage("replay reads its capture twice, which a pipe can't; name a file")
    }
    var plan = try ReplayPlan.read(
      capture, keyLogs, redactor: display.redactor(), where: try Look.expression(selected),
      keepsKeys: auth == "recorded")
    guard plan.total > 0 else {
      throw Failure(
        message: "\(TerminalText.escape(capture)): no request to a proxy in it",
        code: ContractCode.nothing)
    }
    EndSignals.hold()
    let server = try stub ? startStub(&plan) : nil
    defer { server?.stop(grace: 0) }
    var options = ReplayOptions(target: try target(server))
    try configure(&options, plan)
    if isDry {
      Diagnostics.standardOutput(ReplayText.plan(plan, options))
      return
    }
    let told = try send(plan, options)
    var redactor = Redactor(keys: plan.redactor.keys, showingSecrets: display.showsSecrets)
    if case .key(let key) = options.credentials.source { redactor.keys.registerExpected(key) }
    Diagnostics.standardOutput(ReplayText.report(plan, told.results, &redactor))
    try end(plan, told, options)
  }

  // MARK: What is sent, and where

  private func target(_ server: StubServer?) throws -> ServerAddress {
    do throws(ServerAddress.Refusal) {
      return try ServerAddress(
        to ?? "http://127.0.0.1:\(server?.port ?? 0)", allowing: allowedHosts)
    } catch {
      throw Failure(
        message: error.message,
        code: error.isUnreachable ? ContractCode.unreached : ContractCode.usage)
    }
  }

  private func startStub(_ plan: inout ReplayPlan) throws -> StubServer {
    var files = StubFiles(environment: ProcessGuard.environment)
    var options = try served.options(&files)
    options.port = 0
    options.adminToken = try files.adminToken(nil)
    // Nobody gave a key: the right one is what the recorded proxy took, or the stand-in for it.
    if served.masterKey == nil, served.config == nil { options.setMasterKey(plan.acceptedStandIn) }
    return try StubCommand.start(options)
  }

  private func configure(_ options: inout ReplayOptions, _ plan: ReplayPlan) throws {
    if auth == "recorded" {
      options.credentials = Credentials(.recorded)
      // A key belongs to the host that it was recorded for.
      let strangers = plan.requests.filter { !options.target.isHost($0.recordedServer) }
      guard strangers.isEmpty else {
        throw Failure.usage(
          "--auth recorded: the capture's keys were for \(strangers[0].recordedServer), not for "
            + "\(options.target.host); give the target's own with --auth env:NAME")
      }
    } else if let auth {
      options.credentials = Credentials(.key(try key(auth)), isForced: forcesAuth)
    }
    options.comparison = Comparison(
      compare == .status ? .status : .content, ignoring: Comparison.volatile + (try paths()))
    options.speed = if case .times(let factor) = speed { factor } else { nil }
    options.longestGap = longestGap?.nanoseconds
    options.connectTimeout = connectTimeout.nanoseconds
    options.idleTimeout = idleTimeout.nanoseconds
    options.authorities = authorities
    options.isInsecure = insecure
    options.sendsUnsafe = allowsUnsafe
    if insecure { Diagnostics.warning("--insecure: whoever answers may be anybody") }
  }

  private func paths() throws -> [JSONPath] {
    try ignore.map { text in
      guard let path = JSONPath(text) else {
        throw Failure.usage(
          "--ignore \(TerminalText.escape(text)) is no path; give one such as '$.usage' or '$..id'")
      }
      return path
    }
  }

  private func key(_ text: String) throws -> [UInt8] {
    let key: ExpectedKey
    do throws(ExpectedKeyError) {
      key = try ExpectedKeySource.parse(text).resolve(
        environment: ProcessGuard.environment, baseDirectory: ProcessGuard.workingFolder)
    } catch {
      throw Failure(
        message: "--auth: " + "\(error)".replacing("\n", with: "; "),
        code: error.isUnreadableInput ? ContractCode.unreadable : ContractCode.usage)
    }
    guard let bytes = key.plainBytes else {
      throw Failure.usage("--auth: a hash can't be sent; give the key")
    }
    // From now on no message holds it.
    _ = display.redactor(knowing: String(decoding: bytes, as: UTF8.self))
    return bytes
  }

  // MARK: Sending

  private func send(
    _ plan: ReplayPlan, _ options: ReplayOptions
  ) throws -> (results: [ReplayResult], hasReached: Bool, isInterrupted: Bool) {
    let replayer: Replayer
    do {
      replayer = try Replayer(plan.requests, options)
    } catch let error as CertificateError {
      throw Failure.unreadable(error.message)
    }
    let interruption = Interruptions { replayer.stop() }
    let (results, hasReached) = replayer.sendAll()
    return (results, hasReached, interruption.hasCome)
  }

  private func end(
    _ plan: ReplayPlan, _ told: (results: [ReplayResult], hasReached: Bool, isInterrupted: Bool),
    _ options: ReplayOptions
  ) throws {
    let sent = told.results.filter { $0.outcome.isSent }
    let isGood = sent.allSatisfy { $0.outcome == .matched }
    let code: Int32 =
      told.isInterrupted
      ? ContractCode.interrupted
      : sent.isEmpty
        ? ContractCode.nothing
        : !told.hasReached ? ContractCode.unreached : isGood ? 0 : 1
    if let receipt { try write(receipt, plan, told.results, options, code) }
    if code != 0 { throw ExitCode(code) }
  }

  private func write(
    _ path: String, _ plan: ReplayPlan, _ results: [ReplayResult], _ options: ReplayOptions,
    _ code: Int32
  ) throws {
    var json = JSONWriter()
    json.beginObject()
    json.member("schema", "keywitness-receipt/1")
    json.member("version", Keywitness.version)
    json.member("capture", capture)
    json.member("capture_sha256", Self.digest(of: capture))
    json.member("target", stub ? "stub" : to ?? "")
    json.member("requests", plan.total)
    json.member("matched", ReplayText.count("matched", plan, results))
    json.member("differs", ReplayText.count("differs", plan, results))
    json.member("failed", ReplayText.count("failed", plan, results))
    json.member("skipped", ReplayText.count("skipped", plan, results))
    json.member("not_sent", ReplayText.count("not-sent", plan, results))
    json.member("nothing_tested", !results.contains { $0.outcome.isSent })
    json.member("exit_code", Int(code))
    json.endObject()
    json.endLine()
    do throws(OutputError) {
      let output = try ByteOutput(path: path)
      output.write(json.bytes)
      try output.finish()
    } catch {
      throw Failure.unreadable("\(error)")
    }
  }

  /// SHA-256 in hexadecimal digits; empty for what is larger than anybody commits.
  private static func digest(of path: String) -> String {
    guard let bytes = try? BoundedFile.read(path, limit: 256 << 20) else { return "" }
    return SHA256.hash(data: bytes).map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0" + text : text
    }.joined()
  }
}

extension ReplayOutcome {
  var isSent: Bool {
    switch self {
    case .matched, .differs, .failed: true
    case .skipped, .notSent: false
    }
  }
}
