internal import ArgumentParser
internal import LiteLLM
internal import Redaction
internal import Replay
internal import Reports
internal import Sockets
internal import Stub
internal import Synchronization
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
        keywitness replay agent.pcap --to http://127.0.0.1:4000 --set body.model=gpt-4o-mini
        keywitness replay agent.pcap --to http://127.0.0.1:4000 --journal run.journal --resume
        keywitness replay agent.pcap --to https://litellm.example.com --allow-host litellm.example.com --dry-run

      Exit codes: 0 all matched; 1 something differs or failed; 4 the target can't be reached, or
      not all were sent; 5 nothing to send.
      """)

  @Argument(help: "The capture.", completion: .file(extensions: ["pcap", "pcapng", "cap", "gz"]))
  var capture: String

  @Option(
    help: ArgumentHelp("The proxy's address, with a path where it has one.", valueName: "url"))
  var to: String?

  @Flag(help: "Against a stub of this run, which takes the key that the recorded proxy took.")
  var stub = false

  @Option(
    name: .customLong("allow-host"),
    help: ArgumentHelp(
      "A host beside this machine that may be sent to; repeatable.", valueName: "name"))
  var allowedHosts: [String] = []

  @Option(name: .customLong("ca"), help: ArgumentHelp("Authorities (PEM).", valueName: "file"))
  var authorities: String?

  @Flag(help: "Takes any certificate.")
  var insecure = false

  @OptionGroup(title: "Which requests") var choice: ReplayChoiceOptions
  @OptionGroup(title: "When") var timing: ReplayTimeOptions
  @OptionGroup(title: "What is changed") var changes: ReplayChangeOptions
  @OptionGroup(title: "What is compared") var comparing: ReplayCompareOptions

  @Flag(name: .customLong("dry-run"), help: "Says what would go where, and sends nothing.")
  var isDry = false

  @Option(
    name: [.customLong("report"), .customLong("output")],
    help: ArgumentHelp(
      "text, ndjson or junit; repeatable, one at most without a path.", valueName: "format[=path]"))
  var report: [ReportTarget] = []

  @Option(help: ArgumentHelp("Writes what was done, as one JSON object.", valueName: "file"))
  var receipt: String?

  @Option(
    help: ArgumentHelp("Writes down what is sent, as it is sent.", valueName: "file"))
  var journal: String?

  @Flag(help: "Goes on where the run of the journal ended: nothing twice.")
  var resume = false

  @OptionGroup(title: "TLS of the capture") var keyLogs: KeyLogOptions
  @OptionGroup(title: "LiteLLM, of --stub") var served: ServedOptions
  @OptionGroup(title: "Output") var display: DisplayOptions

  func validate() throws {
    guard (to == nil) == stub else {
      throw ValidationError("give --to URL, or --stub")
    }
    if resume, journal == nil {
      throw ValidationError("--resume needs the --journal to go on with")
    }
    if let other = report.first(where: { ![.text, .ndjson, .junit].contains($0.format) }) {
      throw ValidationError(
        "replay has no \(other.format.rawValue) report; give text, ndjson or junit")
    }
  }

  func run() throws {
    guard capture != "-" else {
      throw Failure.usage("replay reads its capture twice, which a pipe can't; name a file")
    }
    let targets = try ReportOptions.targets(report)
    var plan = try ReplayPlan.read(
      capture, keyLogs, redactor: display.redactor(), where: try Look.expression(choice.selected),
      keepsKeys: changes.auth == "recorded")
    guard plan.total > 0 else {
      throw Failure(
        message: "\(TerminalText.escape(capture)): no request to a proxy in it",
        code: ContractCode.nothing)
    }
    plan.choose(choice.selection)
    EndSignals.hold()
    let server = try stub ? startStub(&plan) : nil
    defer { server?.stop(grace: 0) }
    var options = ReplayOptions(target: try target(server))
    try configure(&options, plan)
    if isDry {
      Diagnostics.standardOutput(ReplayText.plan(plan, options))
      return
    }
    let stopper = ReplayStopper()
    let interruption = Interruptions { stopper.stop() }
    if let path = comparing.learnNoise {
      return try learn(path, plan, options, stopper, interruption)
    }
    let digest = try FileDigest.sha256(of: capture)
    let written = try journal.map { try openJournal($0, digest, plan, &options) }
    let told = try send(plan.requests, options, stopper)
    try written?.finish()
    try finish(plan, told, interruption.hasCome, digest, options, targets)
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
    if changes.auth == "recorded" {
      options.credentials = Credentials(.recorded)
      // A key belongs to the host that it was recorded for.
      let strangers = plan.requests.filter { !options.target.isHost($0.recordedServer) }
      guard strangers.isEmpty else {
        throw Failure.usage(
          "--auth recorded: the capture's keys were for \(strangers[0].recordedServer), not for "
            + "\(options.target.host); give the target's own with --auth env:NAME")
      }
    } else if let auth = changes.auth {
      options.credentials = Credentials(
        .key(try key(auth, "--auth")), isForced: changes.forcesAuth)
    }
    options.credentials.byName = try changes.keys { try key($0, "--key-map") }
    options.rewriting = changes.rewriting
    for path in options.rewriting.unused(in: plan.requests) {
      throw Failure.usage("--set body.\(path): no request has a JSON body that it could be set in")
    }
    let coded = options.rewriting.coded(in: plan.requests)
    if coded > 0 {
      Diagnostics.warning(
        "--set: \(coded) \(coded == 1 ? "request has" : "requests have") compressed content, which "
          + "stays as it is")
    }
    options.comparison = try comparing.comparison()
    timing.configure(&options)
    options.authorities = authorities
    options.isInsecure = insecure
    options.sendsUnsafe = choice.allowsUnsafe
    if insecure { Diagnostics.warning("--insecure: whoever answers may be anybody") }
  }

  private func key(_ text: String, _ option: String) throws -> [UInt8] {
    let key: ExpectedKey
    do throws(ExpectedKeyError) {
      key = try ExpectedKeySource.parse(text).resolve(
        environment: ProcessGuard.environment, baseDirectory: ProcessGuard.workingFolder)
    } catch {
      throw Failure(
        message: "\(option): " + "\(error)".replacing("\n", with: "; "),
        code: error.isUnreadableInput ? ContractCode.unreadable : ContractCode.usage)
    }
    guard let bytes = key.plainBytes else {
      throw Failure.usage("\(option): a hash can't be sent; give the key")
    }
    guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
      throw Failure.usage(
        "\(option): there is a control character in that key, which no header can carry")
    }
    // From now on no message holds it.
    _ = display.redactor(knowing: String(decoding: bytes, as: UTF8.self))
    return bytes
  }

  private func openJournal(
    _ path: String, _ digest: String, _ plan: ReplayPlan, _ options: inout ReplayOptions
  ) throws -> ReplayJournal {
    let subject = ReplayJournal.Subject(
      captureDigest: digest, requests: plan.requests.count,
      choice: ([
        stub ? "stub" : to, choice.selected, choice.count.map(String.init), String(choice.loop),
        choice.shard, choice.allowsUnsafe ? "unsafe" : nil, changes.auth,
        changes.forcesAuth ? "forced" : nil, changes.pathPrefix, comparing.compare.rawValue,
      ] + changes.keyMap + changes.setHeaders + changes.removeHeaders + changes.setMembers
        + comparing.ignore).map { $0 ?? "" }.joined(separator: "|"))
    if resume {
      options.earlier = try ReplayJournal.read(path, subject)
    } else if ProcessGuard.isThere(path) {
      throw Failure.usage(
        "\(TerminalText.escape(path)) is there already; --resume goes on with it, or remove it")
    }
    let journal = try ReplayJournal(path, subject, resuming: resume)
    options.sending = journal.sending
    options.ended = journal.ended
    return journal
  }

  // MARK: Sending

  private func send(
    _ requests: [RecordedRequest], _ options: ReplayOptions, _ stopper: ReplayStopper
  ) throws -> Replayer.Told {
    let replayer: Replayer
    do {
      replayer = try Replayer(requests, options)
    } catch let error as CertificateError {
      throw Failure.unreadable(error.message)
    }
    return stopper.running(replayer) { replayer.sendAll() }
  }

  /// Twice, and what differs between the two.
  private func learn(
    _ path: String, _ plan: ReplayPlan, _ options: ReplayOptions, _ stopper: ReplayStopper,
    _ interruption: Interruptions
  ) throws {
    var options = options
    options.keepsAnswers = true
    let first = try send(plan.requests, options, stopper)
    if interruption.hasCome { throw ExitCode(ContractCode.interrupted) }
    guard first.hasReached else {
      throw Failure(message: "the target can't be reached", code: ContractCode.unreached)
    }
    var again = plan.requests
    for index in again.indices { again[index].answer = first.results[index].answer }
    let second = try send(again, options, stopper)
    // What was half done says nothing of the rest.
    if interruption.hasCome { throw ExitCode(ContractCode.interrupted) }
    let differences = second.results.map { result -> [String] in
      if case .differs(let places) = result.outcome { places } else { [] }
    }
    let places = NoiseRules.places(differences)
    try WholeFile.write(Array(NoiseRules.text(places, capture: capture).utf8), to: path)
    let compared = second.results.count { $0.answer != nil }
    Diagnostics.standardOutput(
      "\(TerminalText.escape(path)): \(places.count) "
        + "\(places.count == 1 ? "place" : "places") in \(compared) answers; read it, then "
        + "--rules \(TerminalText.escape(path))\n")
  }

  // MARK: What is told

  private func finish(
    _ plan: ReplayPlan, _ told: Replayer.Told, _ isInterrupted: Bool, _ digest: String,
    _ options: ReplayOptions, _ targets: [ReportTarget]
  ) throws {
    var summary = ReplaySummary()
    summary.capture = capture
    summary.captureDigest = digest
    summary.rulesDigest = try comparing.rules.map(FileDigest.sha256) ?? ""
    summary.target = stub ? "stub" : to ?? ""
    summary.shard = choice.shard ?? ""
    for result in told.results { summary.add(result) }
    summary.elapsed = told.elapsed
    summary["skipped"] += plan.skipped.count
    let isGood = summary["matched"] == summary.sent
    let hasReached = told.hasReached || told.results.contains(where: \.isEarlier)
    summary.exitCode =
      isInterrupted
      ? ContractCode.interrupted
      : summary.sent == 0
        ? ContractCode.nothing
        : !hasReached
          ? ContractCode.unreached
          // What --duration left was neither right nor wrong.
          : !isGood ? 1 : summary["not-sent"] > 0 ? ContractCode.unreached : 0
    var redactor = Redactor(keys: plan.redactor.keys, showingSecrets: display.showsSecrets)
    if case .key(let key) = options.credentials.source { redactor.keys.registerExpected(key) }
    for key in options.credentials.byName.values { redactor.keys.registerExpected(key) }
    try write(plan, told.results, summary, targets, &redactor)
    if summary.exitCode != 0 { throw ExitCode(summary.exitCode) }
  }

  private func write(
    _ plan: ReplayPlan, _ results: [ReplayResult], _ summary: ReplaySummary,
    _ targets: [ReportTarget], _ redactor: inout Redactor
  ) throws {
    do throws(OutputError) {
      for target in targets {
        let file = try target.path.map { path throws(OutputError) in try ByteOutput(path: path) }
        let output = file ?? ByteOutput()
        switch target.format {
        case .ndjson: output.write(ReplayRecords.ndjson(plan, results, summary, &redactor))
        case .junit: output.write(ReplayRecords.junit(plan, results, summary, &redactor))
        default: output.write(ReplayText.report(plan, results, summary, &redactor))
        }
        try output.finish()
      }
      guard let receipt else { return }
      var json = JSONWriter()
      summary.write(to: &json, kind: nil, withHistograms: false)
      let output = try ByteOutput(path: receipt)
      output.write(json.bytes)
      try output.finish()
    } catch {
      throw Failure.unreadable("\(error)")
    }
  }
}
