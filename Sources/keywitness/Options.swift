internal import ArgumentParser
internal import Exchanges
internal import Redaction
internal import Reports
internal import TLS
internal import Verdicts
internal import Wire

/// Which captures are read.
struct CaptureOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "pcap or pcapng files (also .gz), directories, or - for a pipe.", valueName: "capture"),
    completion: .file(extensions: ["pcap", "pcapng", "cap", "gz"]))
  var captures: [String] = []

  @Option(
    name: .customShort("r"),
    help: ArgumentHelp("A capture, as tcpdump takes it.", valueName: "capture"))
  var read: [String] = []

  @Option(
    help: ArgumentHelp(
      "A tcpdump filter: frames that don't match are left out. Needs libpcap.",
      valueName: "expression"))
  var filter: String?

  func series() throws -> [CaptureSeries.Capture] {
    let paths = captures + read
    guard !paths.isEmpty else {
      throw Failure.usage("no capture given; name a pcap file, a directory, or - for a pipe")
    }
    do throws(CaptureError) {
      return try CaptureSeries.captures(paths)
    } catch {
      throw Failure.unreadable(error.line)
    }
  }
}

/// What TLS is opened with, besides the secrets that a pcapng file holds itself.
struct KeyLogOptions: ParsableArguments {
  @Option(
    name: .customLong("keylog"),
    help: ArgumentHelp(
      "TLS keys as node (NODE_OPTIONS=--tls-keylog=FILE), Python and curl (SSLKEYLOGFILE=FILE) "
        + "write them; repeatable.", valueName: "file"),
    completion: .file())
  var paths: [String] = []

  func files() throws -> [KeyLogFile] {
    do throws(KeyLogError) {
      var files: [KeyLogFile] = []
      for path in paths { files.append(try KeyLogFile(path: path)) }
      return files
    } catch {
      throw Failure.unreadable(TerminalText.escape(error.message))
    }
  }

  /// What is wrong with the key logs: a wrong line opens nothing, and is no reason to stop.
  func warn(_ ledger: CaptureLedger) {
    for file in ledger.keyLog.files where file.badLines > 0 {
      let first = file.firstBadLine.map { ", the first is line \($0)" } ?? ""
      Diagnostics.warning(
        "\(TerminalText.escape(file.path)): \(file.badLines) "
          + "\(file.badLines == 1 ? "line is" : "lines are") no key log's\(first)")
    }
    // Only while somebody captures it may come later than this.
    let isMissing = { !$0.hasPrefix("container:") && ProcessGuard.isMissing($0) }
    for path in paths where isMissing(path) {
      Diagnostics.warning(
        "\(TerminalText.escape(path)) was never there: the client wrote no key log, or another file"
      )
    }
    let there = paths.filter { !isMissing($0) }
    if !there.isEmpty, ledger.keyLog.secrets == 0 {
      Diagnostics.warning(
        "\(TerminalText.escape(there.joined(separator: ", "))): no TLS keys in it; a key log has "
          + "lines like CLIENT_RANDOM <64 hex digits> <96 hex digits>")
    }
  }
}

/// What a request is judged by.
struct JudgeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The policy (default: keywitness.yml here or above).", valueName: "file"))
  var policy: String?

  @Option(
    help: ArgumentHelp(
      "Which servers count as the proxy; repeatable.", valueName: "URL|HOST|HOST:PORT|:PORT|any"))
  var proxy: [String] = []

  @Option(
    name: .customLong("expect-key"),
    help: ArgumentHelp(
      "What the right key is. Never the key itself: ps and CI logs show arguments.",
      valueName: "env:NAME|file:PATH|file:.env#NAME|sha256:HEX|target-env:NAME"))
  var expectKey: String?

  /// - Parameters:
  ///   - folder: where the policy is looked for, and above it.
  ///   - target: the variables of the process whose traffic is captured.
  func options(
    required: [String] = [], isStrict: Bool = false, allowsEmpty: Bool = false,
    in folder: String = ProcessGuard.workingFolder, target: [String: String]? = nil
  ) throws -> CheckOptions {
    let environment = ProcessGuard.environment
    let policy = try readPolicy(folder)
    var patterns: [RequestPattern] = []
    for text in required {
      do throws(RequestPatternError) {
        patterns.append(try RequestPattern(text))
      } catch {
        throw Failure.usage("--require: \(error)")
      }
    }
    var selectors: [ProxySelector] = []
    for text in proxy.isEmpty ? policy.proxies.map(\.value) : proxy {
      do throws(ProxySelectorError) {
        selectors.append(try ProxySelector(text))
      } catch {
        throw Failure.usage("\(error)")
      }
    }
    var ruleKeys: [Int: ExpectedKey] = [:]
    for (number, rule) in policy.rules.enumerated() {
      guard let source = rule.credential?.expect?.value else { continue }
      let place = "\(rule.mark): rule \(rule.id)"
      ruleKeys[number] = try resolve(source, environment, target, policy.folder, place)
    }
    let source = try expectedSource(policy)
    var options = CheckOptions(
      policy: policy,
      expected: try source.map {
        try resolve($0.source, environment, target, $0.folder, $0.place)
      }, ruleKeys: ruleKeys,
      selectors: selectors, required: patterns, isStrict: isStrict, allowsEmpty: allowsEmpty)
    if case .targetVariable(let name)? = source?.source { options.targetVariable = name }
    return options
  }

  private func readPolicy(_ folder: String) throws -> Policy {
    guard let path = policy ?? Policy.find(startingAt: folder) else {
      return Policy()
    }
    do throws(PolicyError) {
      return try PolicyReader.read(contentsOf: path)
    } catch {
      throw Failure.usage("\(error)" + (error.caretExcerpt.map { "\n\($0)" } ?? ""))
    }
  }

  /// Where the right key comes from, the folder that its path starts in, and what names it: the option
  /// before the policy.
  private func expectedSource(
    _ policy: Policy
  ) throws -> (source: ExpectedKeySource, folder: String, place: String)? {
    guard let expectKey else {
      return policy.expect.map { ($0.value, policy.folder, "\($0.mark): expect") }
    }
    do throws(ExpectedKeyError) {
      return (try ExpectedKeySource.parse(expectKey), ProcessGuard.workingFolder, "--expect-key")
    } catch {
      throw Self.failure(error, "--expect-key")
    }
  }

  private func resolve(
    _ source: ExpectedKeySource, _ environment: [String: String], _ target: [String: String]?,
    _ folder: String, _ place: String
  ) throws -> ExpectedKey {
    do throws(ExpectedKeyError) {
      return try source.resolve(
        environment: environment, target: target, baseDirectory: folder)
    } catch {
      throw Self.failure(error, place)
    }
  }

  /// - Parameter place: the option, or the policy's line, that names the key.
  private static func failure(_ error: ExpectedKeyError, _ place: String) -> Failure {
    Failure(
      message: "\(place): " + "\(error)".replacing("\n", with: "; "),
      code: error.isUnreadableInput ? ContractCode.unreadable : ContractCode.usage)
  }
}

/// What must be there, what fails, and where it is told.
struct ReportOptions: ParsableArguments {
  @Option(
    name: .customLong("require"),
    help: ArgumentHelp("A request that must be there; repeatable.", valueName: "METHOD PATH"))
  var required: [String] = []

  @Option(
    help: ArgumentHelp(
      "text, ndjson, junit, markdown or github; repeatable, one at most without a path.",
      valueName: "format[=path]"))
  var report: [ReportTarget] = []

  @Flag(
    inversion: .prefixedNo,
    help: "Warnings fail: rules and exemptions that matched nothing. Default where CI is set.")
  var strict: Bool?

  @Flag(name: .customLong("allow-empty"), help: "A capture without requests passes.")
  var allowsEmpty = false

  /// Whether warnings fail.
  var isStrict: Bool { strict ?? !(ProcessGuard.environment["CI"] ?? "").isEmpty }

  func options(
    _ judging: JudgeOptions, target: [String: String]? = nil
  ) throws -> CheckOptions {
    try judging.options(
      required: required, isStrict: isStrict, allowsEmpty: allowsEmpty, target: target)
  }

  func targets() throws -> [ReportTarget] { try Self.targets(report) }

  /// Text stays on standard output unless another format takes it.
  static func targets(_ report: [ReportTarget]) throws -> [ReportTarget] {
    let open = report.filter { $0.path == nil && $0.format != .github }
    guard open.count <= 1 else {
      throw Failure.usage(
        "two reports on standard output (\(open.map(\.format.rawValue).joined(separator: ", "))); "
          + "give one a path, as in --report junit=report.xml")
    }
    let takesOutput = report.contains { $0.path == nil }
    return takesOutput ? report : [ReportTarget(.text)] + report
  }
}

/// What is shown, and how.
struct DisplayOptions: ParsableArguments {
  enum Color: String, ExpressibleByArgument, CaseIterable { case auto, always, never }

  @Flag(name: .customLong("show-secrets"), help: "Write keys as they are. Off by default.")
  var showsSecrets = false

  @Option(help: "Colours: auto, always or never.")
  var color = Color.auto

  /// NO_COLOR, CLICOLOR and CLICOLOR_FORCE as usual.
  var isColored: Bool { isColored(on: 1) }

  func isColored(on descriptor: Int32) -> Bool {
    let environment = ProcessGuard.environment
    switch color {
    case .always: return true
    case .never: return false
    case .auto:
      if !(environment["NO_COLOR"] ?? "").isEmpty { return false }
      if let force = environment["CLICOLOR_FORCE"], !force.isEmpty, force != "0" { return true }
      if environment["CLICOLOR"] == "0" || environment["TERM"] == "dumb" { return false }
      return ProcessGuard.isTerminal(descriptor)
    }
  }

  /// One for a run: it numbers keys by their first appearance.
  ///
  /// - Parameter key: another one that must not be shown.
  func redactor(_ options: CheckOptions? = nil, knowing key: String? = nil) -> Redactor {
    Self.redactor(options, knowing: key, showingSecrets: showsSecrets)
  }

  static func redactor(
    _ options: CheckOptions? = nil, knowing key: String? = nil, showingSecrets: Bool,
    isSalted: Bool = true
  ) -> Redactor {
    let salt =
      isSalted ? ProcessGuard.environment["KEYWITNESS_SALT"].map { Array($0.utf8) } : nil
    let placeholders = Placeholders.common.adding(options?.policy.credential.placeholders ?? [])
    var keys = KeyRing(salt: salt, placeholders: placeholders)
    let expected =
      [options?.expected].compactMap(\.self) + (options.map { Array($0.ruleKeys.values) } ?? [])
    for key in expected {
      if let bytes = key.plainBytes { keys.registerExpected(bytes) }
    }
    if let key { keys.registerExpected(Array(key.utf8)) }
    // Messages never show a key, whatever the reports do.
    Diagnostics.know(Redactor(keys: keys))
    return Redactor(keys: keys, showingSecrets: showingSecrets)
  }
}
