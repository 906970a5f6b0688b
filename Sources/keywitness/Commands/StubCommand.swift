internal import ArgumentParser
internal import LiteLLM
internal import Redaction
internal import Reports
internal import Stub
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
      """)

  @Option(help: "The port to listen on; 0 takes a free one.")
  var port = 4000

  @Option(help: "The address to listen on. Beyond the loopback, others can reach it.")
  var bind = "127.0.0.1"

  @Option(
    help: ArgumentHelp("The version of LiteLLM it answers as.", valueName: "1.106|1.76"),
    transform: StubCommand.profile)
  var profile: ProxyProfile = .v106

  @Option(help: ArgumentHelp("LiteLLM's own config.yaml, read as it is.", valueName: "file"))
  var config: String?

  @Option(
    help: ArgumentHelp(
      "Virtual keys and teams (LiteLLM's column names): a database is there.", valueName: "file"))
  var keys: String?

  @Option(
    name: .customLong("master-key"),
    help: ArgumentHelp(
      "The master key, in place of the configuration's. Never the key itself.",
      valueName: "env:NAME|file:PATH|file:.env#NAME"))
  var masterKey: String?

  @Option(help: "Ids derive from it: the same seed and requests give the same bytes.")
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp(
      "The time in answers: seconds since 1970, or now. Default: 2026-01-01, standing still.",
      valueName: "seconds|now"), transform: StubCommand.clock)
  var clock: StubClock = .standard

  @Option(help: ArgumentHelp("Time to the first token.", valueName: "duration"))
  var ttft = Delay(nanoseconds: 0)

  @Option(help: ArgumentHelp("Time between two events of a stream.", valueName: "duration"))
  var itl = Delay(nanoseconds: 0)

  @Option(
    help: ArgumentHelp(
      "Something that goes wrong, repeatable: '429 retry-after=2s nth=1', 'cut path=/chat/* rate=0.1'.",
      discussion: "401 429 500 503 reset-before reset-midway slow-first-byte drip stall cut "
        + "missing-done malformed-event error-event wrong-content-type truncated-gzip; "
        + "by nth=, rate= (seeded), method=, path=.",
      valueName: "fault"),
    transform: StubCommand.fault)
  var fault: [FaultRule] = []

  @Option(
    name: .customLong("ready-file"),
    help: ArgumentHelp("Appears, whole, when it answers: port, url, pid.", valueName: "file"))
  var readyFile: String?

  @Option(
    name: .customLong("tls-cert"),
    help: ArgumentHelp("Certificate chain (PEM): it speaks HTTPS.", valueName: "file"))
  var certificate: String?

  @Option(
    name: .customLong("tls-key"),
    help: ArgumentHelp("The certificate's key (PEM).", valueName: "file"))
  var certificateKey: String?

  /// A length of time as an option.
  struct Delay: ExpressibleByArgument {
    var nanoseconds: Int64

    init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    init?(argument: String) {
      guard let nanoseconds = DurationText.nanoseconds(argument) else { return nil }
      self.nanoseconds = nanoseconds
    }

    var defaultValueDescription: String { "0ms" }
  }

  @Sendable private static func profile(_ text: String) throws -> ProxyProfile {
    guard let profile = ProxyProfile(rawValue: text) else {
      let known = ProxyProfile.allCases.map(\.rawValue).joined(separator: " or ")
      throw ValidationError("--profile \(text) isn't known; give \(known)")
    }
    return profile
  }

  @Sendable private static func clock(_ text: String) throws -> StubClock {
    if text == "now" { return .now }
    guard let seconds = Int64(text), 0...253_402_300_799 ~= seconds else {
      throw ValidationError("--clock \(text) is no time; give seconds since 1970, or now")
    }
    return .fixed(seconds)
  }

  @Sendable private static func fault(_ text: String) throws -> FaultRule {
    do throws(FaultRuleError) {
      return try FaultRule.parse(text, nanoseconds: DurationText.nanoseconds)
    } catch {
      throw ValidationError("\(error)")
    }
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
    let proxy = try files.proxy(
      profile: profile, config: config, keys: keys, masterKey: masterKey, seed: seed)
    var options = StubOptions(proxy: proxy)
    options.clock = clock
    options.address = bind
    options.port = port
    options.timeToFirstToken = ttft.nanoseconds
    options.interTokenLatency = itl.nanoseconds
    options.faults = fault
    if let certificate, let certificateKey {
      options.certificate = (chain: certificate, key: certificateKey)
    }
    StubServer.holdEndSignals()
    let server: StubServer
    do throws(StubError) {
      server = try StubServer(options)
    } catch {
      switch error.code {
      case .address: throw Failure.usage(error.message)
      case .certificate: throw Failure.unreadable(error.message)
      }
    }
    let url = "\(certificate == nil ? "http" : "https")://\(host):\(server.port)"
    try announce(url, server.port, madeUpKey: files.madeUpKey)
    server.waitForEndSignal()
    server.stop()
  }

  /// The address as it stands in a URL.
  private var host: String { bind.contains(":") ? "[\(bind)]" : bind }

  private func announce(_ url: String, _ port: Int, madeUpKey: String?) throws {
    if bind != "127.0.0.1", bind != "::1", bind != "localhost" {
      Diagnostics.warning("listens on \(bind): others can reach it")
    }
    Diagnostics.write("LiteLLM \(profile.rawValue) stub on \(url)\n")
    if let madeUpKey {
      Diagnostics.write("  export LITELLM_PROXY_URL=\(url)\n")
      Diagnostics.write("  export LITELLM_MASTER_KEY=\(madeUpKey)\n")
    }
    guard let readyFile else { return }
    var text: [UInt8] = []
    text += Array(#"{"port":\#(port),"url":""#.utf8)
    text += Array(url.utf8)
    text += Array(#"","pid":\#(ProcessGuard.processID)}"#.utf8)
    do throws(OutputError) {
      let output = try ByteOutput(path: readyFile)
      output.write(text + [0x0A])
      try output.finish()
    } catch {
      throw Failure.unreadable("\(error)")
    }
  }
}
