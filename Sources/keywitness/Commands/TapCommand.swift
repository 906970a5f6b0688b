internal import ArgumentParser
internal import Redaction
internal import Reports
internal import Sockets
internal import Synchronization
internal import Tap
internal import Verdicts
internal import Wire

struct TapCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tap",
    abstract:
      "Stands between an agent and its proxy: passes the traffic on, records and judges it.",
    discussion: """
      The agent's URL is pointed at the tap, and nothing else is changed: no rights, no key log, no
      other image. What passes is unbuffered and byte for byte as it came, but for what names the
      server: Host becomes the target's (--keep-host leaves it), and the target's path, where it has
      one, stands in front of each. Its certificate is verified.

      Examples:
        keywitness tap --to https://litellm.example.com
        keywitness tap --listen 0.0.0.0:4000 --to https://litellm.example.com/team -w agent.pcapng
        keywitness tap --to http://127.0.0.1:4000 --listen 127.0.0.1:4100 --expect-key env:LITELLM_MASTER_KEY

      Ctrl-C ends it, with the verdict. Exit codes: check's.
      """)

  @Option(help: ArgumentHelp("The proxy, with a path where it has one.", valueName: "url"))
  var to: String

  @Option(
    help: ArgumentHelp("Where the agent finds it; port 0 takes a free one.", valueName: "addr"))
  var listen = "127.0.0.1:4000"

  @Flag(name: .customLong("keep-host"), help: "The agent's Host field stays as it is.")
  var keepsHost = false

  @Option(
    name: .customLong("ca"),
    help: ArgumentHelp("Authorities (PEM) for the proxy's certificate.", valueName: "file"))
  var authorities: String?

  @Flag(help: "Takes any certificate of the proxy.")
  var insecure = false

  @Option(
    name: .customLong("for"), help: ArgumentHelp("Ends after so long.", valueName: "duration"))
  var time: ServedOptions.Delay?

  @Option(
    name: .customLong("ready-file"),
    help: ArgumentHelp(
      "Appears when it listens: {\"port\":…,\"url\":…,\"pid\":…}.", valueName: "file"))
  var readyFile: String?

  @OptionGroup(title: "Recording") var recording: RecordingOptions
  @OptionGroup(title: "Judging") var judging: JudgeOptions
  @OptionGroup(title: "Judging") var reports: ReportOptions
  @OptionGroup(title: "Output") var display: DisplayOptions

  func run() throws {
    let (address, port) = try Self.place(listen)
    var checked = try reports.options(judging)
    // All that comes here is sent to the proxy.
    if checked.selectors.isEmpty { checked.selectors = [.any] }
    var options = TapOptions(target: try Self.target(to, "--to"))
    options.address = address
    options.port = port
    options.keepsHost = keepsHost
    options.authorities = authorities
    options.isInsecure = insecure
    options.redactor = display.redactor(checked)
    let failures = TapFailures(of: options.target.host)
    options.failed = failures.note
    if insecure { Diagnostics.warning("--insecure: whoever answers may be anybody") }
    let traffic = try recording.traffic(judgedBy: checked)
    options.recording = traffic.taps
    var check = try CheckRun(checked, targets: try reports.targets(), display: display)
    EndSignals.hold()
    let server = try Self.start(options)
    let url = "http://\(address.contains(":") ? "[\(address)]" : address):\(server.port)"
    try announce(server, url, options)
    @Sendable func stop() {
      server.stop()
      traffic.end()
    }
    let stopping = Once(stop)
    _ = Interruptions { stopping.run() }
    if let time {
      let hasThread = BackgroundThread.start {
        BackgroundThread.sleep(milliseconds: Int(time.nanoseconds / 1_000_000))
        stopping.run()
      }
      guard hasThread else { throw Failure.unreadable("the system has no more threads") }
    }
    try traffic.check(&check)
    try traffic.finish()
    let result = failures.result(try check.finish())
    if result != .passed { throw ExitCode(Int32(result.rawValue)) }
  }

  private func announce(_ server: TapServer, _ url: String, _ options: TapOptions) throws {
    if !["127.0.0.1", "::1", "localhost"].contains(options.address) {
      Diagnostics.warning(
        "listens on \(options.address): others can reach it, and through it the proxy")
    }
    let target = options.target
    var changes: [String] = []
    if !keepsHost { changes.append("Host becomes \(target.authority)") }
    if !target.prefix.isEmpty { changes.append("\(target.prefix) stands in front of each path") }
    Diagnostics.write(
      "tap on \(url) to \(TerminalText.escape(to)); changed in requests: "
        + "\(changes.isEmpty ? "nothing" : TerminalText.escape(changes.joined(separator: "; ")))\n")
    guard let readyFile else { return }
    var json = JSONWriter()
    json.beginObject()
    json.member("port", server.port)
    json.member("url", url)
    json.member("pid", Int(ProcessGuard.processID))
    json.endObject()
    json.endLine()
    try WholeFile.write(json.bytes, to: readyFile)
  }

  // MARK: Also run's

  /// - Parameter option: that names it.
  static func target(_ url: String, _ option: String) throws -> ServerAddress {
    do throws(ServerAddress.Refusal) {
      return try ServerAddress(url, allowing: nil)
    } catch {
      throw Failure(
        message: error.message.replacing("--to", with: option),
        code: error.isUnreachable ? ContractCode.unreached : ContractCode.usage)
    }
  }

  static func start(_ options: TapOptions) throws -> TapServer {
    do throws(TapError) {
      return try TapServer(options)
    } catch {
      throw error.isCertificate ? Failure.unreadable(error.message) : Failure.usage(error.message)
    }
  }

  /// `127.0.0.1:4000`, `:4000`, `[::1]:4000`.
  static func place(_ text: String) throws -> (address: String, port: Int) {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      0...65_535 ~= port
    else {
      throw Failure.usage("--listen \(text) has no port; give ADDRESS:PORT, as in 127.0.0.1:4000")
    }
    var address = text[..<colon]
    if address.hasPrefix("["), address.hasSuffix("]") { address = address.dropFirst().dropLast() }
    return (address.isEmpty ? "127.0.0.1" : String(address), port)
  }
}

/// Connections that the proxy didn't take.
final class TapFailures: Sendable {
  private let host: String
  private let told = Mutex<Set<String>>([])

  init(of host: String) { self.host = host }

  /// Each reason is told once.
  @Sendable func note(_ reason: String) {
    guard told.withLock({ $0.count < 20 && $0.insert(reason).inserted }) else { return }
    Diagnostics.warning("\(host) can't be reached: \(reason)")
  }

  /// What never reached the proxy can't have passed.
  func result(_ result: Judgement.Result) -> Judgement.Result {
    guard result == .passed, !told.withLock(\.isEmpty) else { return result }
    Diagnostics.error("not all requests reached \(host): that they would have passed isn't proved")
    return .undecided
  }
}

/// Something that happens at most once, whoever asks for it.
final class Once: Sendable {
  private let hasRun = Atomic(false)
  private let body: @Sendable () -> Void

  init(_ body: @escaping @Sendable () -> Void) { self.body = body }

  func run() {
    if !hasRun.exchange(true, ordering: .acquiringAndReleasing) { body() }
  }
}
