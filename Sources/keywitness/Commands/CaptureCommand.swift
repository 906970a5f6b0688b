internal import ArgumentParser
internal import Capture
internal import Redaction
internal import Reports
internal import Sockets
internal import Synchronization
internal import Verdicts
internal import Wire

struct CaptureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "capture",
    abstract: "Captures as tcpdump does, and judges each request as it ends.",
    discussion: """
      Without options: TCP and DNS on all devices of this network namespace. The device is opened
      first; then every right is given up, before the first packet is read. -w FILE is a pcapng that
      is readable up to its last packet whatever ends it.

      Examples:
        sudo keywitness capture --proxy :4000
        sudo keywitness capture --container bytebot-agent -w agent.pcapng
        sudo keywitness capture -i eth0 --until violation tcp port 4000
        sudo keywitness capture --netns agent --for 60s --report junit=report.xml
        sudo -E keywitness capture -- ./agent-tests

      Ctrl-C ends it, with the verdict. Exit codes: check's; 6 where the command behind -- failed.
      That command has the terminal, and runs without root's rights: as who called sudo, else who owns
      this folder, else nobody. Where it ignores Ctrl-C: Ctrl-Z, then kill %1.
      """)

  @Option(
    name: [.customShort("i", allowingJoined: true), .customLong("interface")],
    help: ArgumentHelp("The device; any is all.", valueName: "device"))
  var interface = "any"

  @Flag(name: .customShort("D"), help: "Lists the devices.")
  var listsDevices = false

  @Argument(
    help: ArgumentHelp(
      "A tcpdump filter. Default: TCP of the ports of --proxy, else all TCP, and DNS. Behind --, a "
        + "program whose run is captured.", valueName: "filter"))
  var words: [String] = []

  @Option(
    name: .customShort("w"),
    help: ArgumentHelp(
      "Writes a pcapng; - is standard output, and the report goes to standard error.",
      valueName: "file"))
  var recording: String?

  @Option(
    help: ArgumentHelp(
      "With -w: files of that size (M, G) or time (m, h), of which the last COUNT stay.",
      valueName: "COUNTxSIZE|COUNTxDURATION"))
  var ring: FileRing?

  @Option(
    name: .customShort("s", allowingJoined: true),
    help: ArgumentHelp("Bytes of a packet that are kept; 0 is all.", valueName: "n"))
  var snapshotLength = 262_144

  @Option(help: ArgumentHelp("Of the kernel's buffer.", valueName: "size"))
  var buffer = Size(bytes: 64 << 20)

  @Option(
    name: .customShort("c", allowingJoined: true),
    help: ArgumentHelp("Ends after so many packets.", valueName: "n"))
  var packets: Int?

  @Option(
    name: .customLong("for"), help: ArgumentHelp("Ends after so long.", valueName: "duration"))
  var time: ServedOptions.Delay?

  @Option(
    name: .customLong("max-size"), help: ArgumentHelp("Ends at that size.", valueName: "size"))
  var largest: Size?

  @Option(help: ArgumentHelp("Ends at the first request that isn't right.", valueName: "violation"))
  var until: Until?

  enum Until: String, ExpressibleByArgument, CaseIterable { case violation }

  @Option(help: ArgumentHelp("The network namespace of that name (ip netns).", valueName: "name"))
  var netns: String?

  @Option(help: ArgumentHelp("The network namespace of a process.", valueName: "id"))
  var pid: Int?

  @Option(help: ArgumentHelp("That of a container, which is waited for.", valueName: "name|id"))
  var container: String?

  @Option(help: ArgumentHelp("That of a service of compose, likewise.", valueName: "name"))
  var service: String?

  @Flag(
    name: .customLong("no-processes"),
    help: "Doesn't name the processes of connections, in no report and not in the file.")
  var hidesProcesses = false

  @OptionGroup(title: "TLS") var keyLogs: KeyLogOptions
  @OptionGroup(title: "Judging") var judging: JudgeOptions
  @OptionGroup(title: "Judging") var reports: ReportOptions
  @OptionGroup(title: "Output") var display: DisplayOptions

  /// What stands behind `--`: words of a filter and of a program are told apart by nothing else.
  var command: [String] {
    let arguments = ProcessGuard.arguments
    guard let terminator = arguments.firstIndex(of: "--") else { return [] }
    return Array(arguments[(terminator + 1)...])
  }

  var filter: String { words.dropLast(command.count).joined(separator: " ") }

  /// `64M`, `1G`, `65536`.
  struct Size: ExpressibleByArgument {
    var bytes: Int

    init(bytes: Int) { self.bytes = bytes }

    init?(argument: String) {
      let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
      let unit = argument.last.flatMap { units[Character($0.uppercased())] }
      guard let number = Int(unit == nil ? argument[...] : argument.dropLast()), number > 0 else {
        return nil
      }
      let (product, overflow) = number.multipliedReportingOverflow(by: unit ?? 1)
      guard !overflow else { return nil }
      bytes = product
    }

    var defaultValueDescription: String { "\(bytes >> 20)M" }
  }

  func validate() throws {
    let places = [netns, pid.map(String.init), container, service].compactMap(\.self)
    if places.count > 1 {
      throw ValidationError("give one of --netns, --pid, --container and --service")
    }
    if let packets, packets < 1 {
      throw ValidationError("-c \(packets): nothing would be captured")
    }
    if ring != nil, recording == nil {
      throw ValidationError("--ring goes with -w FILE")
    }
    guard 0...Self.longestPacket ~= snapshotLength else {
      throw ValidationError("-s \(snapshotLength) isn't 0 to \(Self.longestPacket)")
    }
    guard writesToOutput else { return }
    if ring != nil { throw ValidationError("--ring goes with a file: -w FILE") }
    if !command.isEmpty {
      throw ValidationError("-w - and the program would both write to standard output; -w FILE")
    }
  }

  /// As libpcap has it.
  private static let longestPacket = 262_144

  var keptLength: Int { snapshotLength == 0 ? Self.longestPacket : snapshotLength }

  var writesToOutput: Bool { recording == "-" }

  func run() throws {
    if listsDevices {
      _ = try enterNamespace()
      return try listDevices()
    }
    if writesToOutput, ProcessGuard.isTerminal(1) {
      throw Failure.usage(
        "-w - on a terminal would only spoil it: -w FILE, or pipe it, as in  keywitness capture -w - "
          + "| tshark -r -")
    }
    let identity = Privileges.identity(
      environment: ProcessGuard.environment, folder: ProcessGuard.workingFolder)
    // Before a file is opened.
    try checkProgram(identity)
    if let wanted, capturedProcess == nil {
      let attached = ContainerCapture(
        wanted: wanted, arguments: ProcessGuard.arguments, time: time?.nanoseconds)
      throw ExitCode(try attached.run())
    }
    var opened: Opened
    do {
      opened = try open(identity)
    } catch {
      // Not what it says: there is nothing any more that could be entered, or read.
      guard let process = capturedProcess, !ProcessTable.isAlive(process) else { throw error }
      throw ExitCode(ContainerCapture.gone)
    }
    try capture(&opened)
  }

  // MARK: Capturing

  /// So long packets wait for their keys, in nanoseconds: some times what it takes to see these.
  private static let keyLogDelay: Int64 = 100_000_000

  private func capture(_ opened: inout Opened) throws {
    let (witness, naming, linkType) = (opened.witness, opened.naming, opened.device.linkType)
    var writer = PcapngWriter(
      linkType: linkType, application: "keywitness \(Keywitness.version)",
      interface: interface)
    writer.snapshotLength = keptLength
    writer.filter = opened.filter
    writer.system = "Linux"
    var limits = CaptureLoop.Limits()
    limits.packets = packets
    limits.bytes = largest?.bytes
    if !keyLogs.paths.isEmpty { limits.delay = Self.keyLogDelay }
    EndSignals.hold()
    let input = ProcessGuard.duplicate(0)
    let traffic = try LiveTraffic(writer, limits: limits, file: opened.file)
    _ = Interruptions { traffic.stop() }
    let owner = [netns, pid.map { "process \($0)" }, container, service].compactMap(\.self).first
    let place = interface + (owner.map { " of \($0)" } ?? "")
    Diagnostics.write("capturing on \(TerminalText.escape(place)); Ctrl-C ends\n")
    let taken = Taken()
    witness?.listen(
      { client, server, owners in
        if !hidesProcesses { naming.note(client, server, owners) { traffic.note($0) } }
      },
      whenWritten: { traffic.add(keyLog: $0) })
    let device = SendableDevice(opened.device)
    Self.start { traffic.run(device.value) }
    if let time = time?.nanoseconds { Self.start { Self.wait(time, traffic) } }
    if let process = pid ?? capturedProcess { Self.start { Self.wait(process: process, traffic) } }
    // What the program writes is nothing to be written over.
    let isWatched = ProcessGuard.isTerminal(2) && command.isEmpty
    if !command.isEmpty { StatusLine.forbid() }
    Self.start { Self.hint(traffic, taken, place, linkType, isWatched) }
    let hasFiles = opened.hasReportFiles || recording != nil && !writesToOutput
    if command.isEmpty, !hasFiles { Self.start { Self.endWithReader(traffic) } }
    let running = try startCommand(input, traffic, opened.identity)
    defer { running?.returnTerminal() }
    let isKept = recording != nil && !writesToOutput && ring == nil
    try opened.check.check(
      .init(name: isKept ? recordingPath ?? interface : interface, files: ["-"]),
      isKept: isKept, keyLogFiles: [], tellsCalls: true,
      owners: hidesProcesses ? nil : witness, whenAsked: { taken.noteRequest() },
      whenJudged: { judged in
        taken.noteVerdict()
        if until == .violation, judged.credential.verdict.isViolation { traffic.stop() }
      })
    traffic.stop()
    // Nothing more of what it does would be seen.
    let outcome = running?.finish()
    let failure = traffic.finish()
    try end(try opened.check.finish(), traffic, failure, outcome)
  }

  /// libpcap's handle is one thread's: the one that is started with it.
  private struct SendableDevice: @unchecked Sendable {
    let value: LiveDevice

    init(_ value: LiveDevice) { self.value = value }
  }

  private static func start(_ body: @escaping @Sendable () -> Void) {
    if !BackgroundThread.start(body) { Diagnostics.warning("the system has no more threads") }
  }

  private static func wait(_ nanoseconds: Int64, _ traffic: LiveTraffic) {
    let end = ProcessGuard.monotonicTime() &+ nanoseconds
    while ProcessGuard.monotonicTime() < end { BackgroundThread.sleep(milliseconds: 10) }
    traffic.stop()
  }

  /// Where a process ends, its network has nothing more to say.
  private static func wait(process: Int, _ traffic: LiveTraffic) {
    let parent = ProcessGuard.parentID
    while ProcessTable.isAlive(process) {
      guard !traffic.isOver else { return }
      // Nobody is left to be told, or to end it.
      if ProcessGuard.parentID != parent { return traffic.stop() }
      BackgroundThread.sleep(milliseconds: 50)
    }
    Diagnostics.note("process \(process) has ended")
    // What it sent last is still on its way.
    BackgroundThread.sleep(milliseconds: 200)
    traffic.stop()
  }

  /// `| head`: nobody would see what comes, nor when it ends.
  private static func endWithReader(_ traffic: LiveTraffic) {
    while !traffic.isOver {
      if ProcessGuard.hasNoReader(1) { return traffic.stop() }
      BackgroundThread.sleep(milliseconds: 100)
    }
  }

  /// Whether a request was seen, and whether one was judged.
  private final class Taken: Sendable {
    private let requests = Atomic(false)
    private let verdicts = Atomic(false)
    func noteRequest() { requests.store(true, ordering: .relaxed) }
    func noteVerdict() { verdicts.store(true, ordering: .relaxed) }
    var hasRequest: Bool { requests.load(ordering: .relaxed) }
    var hasVerdict: Bool { verdicts.load(ordering: .relaxed) }
  }

  /// Never silent: until the first request a line on terminals says what there is, and after a while
  /// what is the likely cause that there is none.
  private static func hint(
    _ traffic: LiveTraffic, _ taken: Taken, _ place: String, _ linkType: LinkType,
    _ isWatched: Bool
  ) {
    defer { traffic.forgetBeginning() }
    var glance = TrafficGlance(linkType: linkType)
    var tenths = 0
    while tenths < 100 || isWatched {
      tenths += 1
      BackgroundThread.sleep(milliseconds: 100)
      guard !taken.hasVerdict, !traffic.isOver, !StatusLine.isOver else {
        return StatusLine.clear()
      }
      guard tenths % 10 == 0 else { continue }
      glance.take(blocks: traffic.takeBeginning())
      let packets = traffic.progress.packets
      let waits = taken.hasRequest
      if tenths == 100, !waits { Diagnostics.note(LiveHint.text(packets: packets, glance)) }
      StatusLine.show(LiveHint.status(place: place, packets: packets, waits: waits, glance))
    }
  }

  private final class RunningCommand: Sendable {
    private let child: ChildProcess
    private let supervision: Supervision
    private let ended = Mutex<Supervision.Outcome?>(nil)

    init(_ child: ChildProcess) {
      self.child = child
      supervision = Supervision(child, driver: nil, awaited: Awaited([]), time: nil)
    }

    func returnTerminal() { child.returnTerminal() }

    /// Waits until it is over.
    func run() {
      let outcome = supervision.run()
      ended.withLock { $0 = outcome }
    }

    /// Ends it, where it isn't over.
    func finish() -> Supervision.Outcome? {
      supervision.interrupt()
      while true {
        if let outcome = ended.withLock({ $0 }) { return outcome }
        BackgroundThread.sleep(milliseconds: 5)
      }
    }
  }

  private func startCommand(
    _ input: Int32, _ traffic: LiveTraffic, _ identity: Privileges.Identity?
  ) throws -> RunningCommand? {
    guard !command.isEmpty else { return nil }
    let (child, error) = ChildProcess.start(
      command, environment: ProcessGuard.environment, standardInput: input)
    guard let child else {
      throw Failure(
        message: "\(ShownCommand.text(command)) can't be started\(Self.text(identity)): \(error)",
        code: ContractCode.usage)
    }
    // What it reads from the terminal, and Ctrl-C, are its own.
    child.bringToForeground(input)
    let running = RunningCommand(child)
    Self.start {
      running.run()
      // What it sent last is still on its way.
      BackgroundThread.sleep(milliseconds: 200)
      traffic.stop()
    }
    return running
  }

  private func end(
    _ result: Judgement.Result, _ traffic: LiveTraffic, _ failure: OutputError?,
    _ outcome: Supervision.Outcome?
  ) throws {
    let progress = traffic.progress
    let counts = progress.statistics
    Diagnostics.note(
      "\(progress.packets) packets, \(progress.bytes) bytes; dropped: \(counts.dropped) by the "
        + "kernel, \(counts.droppedByDevice) by the device")
    if let outcome {
      Diagnostics.note(
        "\(ShownCommand.text(command)): "
          + (outcome.reason == .interrupted ? "ended with the capture" : outcome.end.text))
    }
    if let failure { throw Failure.unreadable("\(failure)") }
    if let words = progress.failure {
      Diagnostics.error("\(TerminalText.escape(interface)): \(TerminalText.escape(words))")
      // As damage midway through a file: what was seen before it counts more, and is no pass.
      if result == .passed || result == .nothingTested { throw ExitCode(ContractCode.unreadable) }
    }
    if result != .passed { throw ExitCode(Int32(result.rawValue)) }
    if let outcome, !outcome.isGood { throw ExitCode(ContractCode.commandFailed) }
  }
}
