internal import ArgumentParser
internal import LiteLLM
internal import Stub
internal import Verdicts

/// Which LiteLLM a stub is, and how it answers.
struct ServedOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The version of LiteLLM it answers as.", valueName: "1.106|1.76"),
    transform: ServedOptions.profile)
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
      valueName: "seconds|now"), transform: ServedOptions.clock)
  var clock: StubClock = .standard

  @Option(help: ArgumentHelp("Time to the first token.", valueName: "duration"))
  var ttft = Delay(nanoseconds: 0)

  @Option(help: ArgumentHelp("Time between two events of a stream.", valueName: "duration"))
  var itl = Delay(nanoseconds: 0)

  @Option(
    help: ArgumentHelp(
      "Something that goes wrong, repeatable: '429 retry-after=2s nth=1', 'cut path=/chat/* rate=0.1'.",
      discussion: "401 429 500 503 reset-before reset-midway slow-first-byte drip stall cut "
        + "missing-done malformed-event error-event wrong-content-type truncated-gzip refuse; "
        + "by nth=, rate= (seeded), method=, path=.",
      valueName: "fault"),
    transform: ServedOptions.fault)
  var fault: [FaultRule] = []

  @Option(
    help: ArgumentHelp(
      "What comes on top of it at most, by chance of the seed.", valueName: "duration"))
  var jitter = Delay(nanoseconds: 0)

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

  func options(_ files: inout StubFiles) throws -> StubOptions {
    var options = StubOptions(
      proxy: try files.proxy(
        profile: profile, config: config, keys: keys, masterKey: masterKey, seed: seed))
    options.clock = clock
    options.timeToFirstToken = ttft.nanoseconds
    options.interTokenLatency = itl.nanoseconds
    options.jitter = jitter.nanoseconds
    options.faults = fault
    return options
  }
}

/// Where what passes is kept.
struct RecordingOptions: ParsableArguments {
  @Option(
    name: .customShort("w"),
    help: ArgumentHelp(
      "Writes what passes as a pcapng, with stand-ins in the place of keys.", valueName: "file"))
  var recording: String?

  @Flag(help: "The file of -w holds the keys as they were.")
  var raw = false

  func traffic(judgedBy options: CheckOptions?) throws -> ServedTraffic {
    try ServedTraffic(path: recording, isRaw: raw, judgedBy: options)
  }
}
