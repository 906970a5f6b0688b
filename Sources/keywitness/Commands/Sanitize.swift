internal import ArgumentParser
internal import Exchanges
internal import Redaction
internal import Reports
internal import Sanitizing
internal import Verdicts
internal import Wire

struct Sanitize: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sanitize",
    abstract: "Writes a capture again without its secrets: one that can be committed.",
    discussion: """
      Every key, cookie and token becomes a stand-in of the same length, equal ones stay equal, and
      what isn't an HTTP exchange is left out. The result is read back before it gets its name: the
      same exchanges, and no key in any form, or nothing is written.

      Examples:
        keywitness sanitize agent.pcap tests/captures/agent.pcapng
        keywitness sanitize --bodies --keylog agent.keys agent.pcap agent-clean.pcapng
        keywitness sanitize --check tests/captures/*.pcapng

      --check writes nothing: it looks whether a key is left in any of the captures. What sanitize
      writes is known again. For a hook in front of each commit, see Scripts/pre-commit.

      Exit codes: 0 written, or clean; 1 the result would not be the same, or a key is left; 3 a
      capture that can't be read, or a place that can't be written; 5 no exchange in it.
      """)

  @Argument(
    help: ArgumentHelp(
      "The capture, and the pcapng file to write; with --check, captures.", valueName: "file"),
    completion: .file(extensions: ["pcap", "pcapng", "cap", "gz"]))
  var paths: [String]

  @Flag(help: "Looks for keys, and writes nothing.")
  var check = false

  @Option(
    name: .customLong("made-up"),
    help: ArgumentHelp(
      "With --check: a key that is made up, and may stand there; repeatable.",
      valueName: "env:NAME|file:PATH|sha256:HEX"))
  var madeUp: [String] = []

  @Flag(help: "Replaces what people and models wrote, too.")
  var bodies = false

  @Flag(name: .customLong("no-tls"), help: "Leaves out what went over TLS.")
  var noTLS = false

  @OptionGroup(title: "TLS") var keyLogs: KeyLogOptions

  @OptionGroup(title: "Judging") var judging: JudgeOptions

  func validate() throws {
    if check {
      if paths.isEmpty { throw ValidationError("no capture to look into") }
    } else if paths.count != 2 {
      throw ValidationError("give the capture, and the file to write")
    }
  }

  private var input: String { paths[0] }
  private var output: String { paths[1] }

  func run() throws {
    if check { return try look() }
    guard input != "-" else {
      throw Failure.usage("sanitize reads its capture twice, which a pipe can't; name a file")
    }
    var options = Sanitizer.Options()
    options.hidesProse = bodies
    options.leavesOutTLS = noTLS
    // Without a salt: a stand-in has to be known again.
    var sanitizer = Sanitizer(
      options,
      redactor: DisplayOptions.redactor(
        try judging.options(), showingSecrets: false, isSalted: false))
    let capture = try OneCapture(input, keyLogs: keyLogs)
    _ = try capture.walk(into: &sanitizer)
    guard sanitizer.beginWriting() else {
      throw Failure.unreadable("no temporary file can be made; is TMPDIR full or not yours?")
    }
    let ledger = try capture.walk(into: &sanitizer)
    keyLogs.warn(ledger)
    Look.tellOfShutTLS(ledger, keyLogs)
    if let failure = ledger.failure { throw Failure.unreadable(failure.line) }
    guard sanitizer.exchanges > 0 else {
      throw Failure(
        message: "\(TerminalText.escape(input)): no exchange in it that could be written",
        code: ContractCode.nothing)
    }
    try write(sanitizer)
    Diagnostics.standardOutput(told(sanitizer, ledger))
  }

  // MARK: Looking only

  private func look() throws {
    var hasKeys = false
    var exchanges = 0
    var keys = KeyRing()
    keys.knowsStandIns = true
    keys.madeUpHashes = Set(try madeUp.map(hash))
    for path in paths {
      guard path != "-" else { throw Failure.usage("sanitize --check reads files; name one") }
      var search = KeySearch(Redactor(keys: keys))
      let ledger = try OneCapture(file: path, keyLogs: try keyLogs.files()).walk(into: &search)
      if let failure = ledger.failure { throw Failure.unreadable(failure.line) }
      exchanges += search.exchanges
      let name = TerminalText.escape(path)
      for place in search.places.prefix(5) {
        Diagnostics.error("\(name): a key is left in \(place.part) of exchange \(place.exchange)")
      }
      if search.count > 5 { Diagnostics.error("\(name): … and at \(search.count - 5) more places") }
      for place in search.unseen.prefix(5) {
        Diagnostics.error(
          "\(name): \(place.part) of exchange \(place.exchange) can't be looked into")
      }
      // What belongs to no exchange, and what framing is in between.
      let loose = search.count > 0 ? [] : try connectionsWithKeys(path, keys)
      for connection in loose.prefix(5) {
        Diagnostics.error("\(name): a key is left on connection \(connection)")
      }
      // Whoever has them has all that was said.
      let opens = keyLogs.paths.isEmpty && ledger.keyLog.secrets > 0
      if opens { Diagnostics.error("\(name): the keys of its TLS are in it") }
      guard search.count > 0 || opens || !search.unseen.isEmpty || !loose.isEmpty else { continue }
      hasKeys = true
      Diagnostics.error("write it again with: keywitness sanitize \(name) CLEAN.pcapng")
    }
    if hasKeys { throw ExitCode(1) }
    guard exchanges > 0 else {
      throw Failure(
        message: "no exchange in \(paths.count == 1 ? "it" : "any") that could be looked into",
        code: ContractCode.nothing)
    }
    Diagnostics.standardOutput(
      "clean: \(exchanges) \(exchanges == 1 ? "exchange" : "exchanges") in \(paths.count) "
        + "\(paths.count == 1 ? "capture" : "captures")\n")
  }

  private func connectionsWithKeys(_ path: String, _ keys: KeyRing) throws -> [Int] {
    var search = StreamSearch(Redactor(keys: keys))
    do throws(CaptureError) {
      try search.search([path])
    } catch {
      throw Failure.unreadable(error.line)
    }
    return search.connections
  }

  private func hash(_ text: String) throws -> [UInt8] {
    do throws(ExpectedKeyError) {
      return try ExpectedKeySource.parse(text).resolve(
        environment: ProcessGuard.environment, baseDirectory: ProcessGuard.workingFolder
      ).sha256
    } catch {
      throw Failure(
        message: "--made-up: " + "\(error)".replacing("\n", with: "; "),
        code: error.isUnreadableInput ? ContractCode.unreadable : ContractCode.usage)
    }
  }

  // MARK: Writing

  private func write(_ sanitizer: Sanitizer) throws {
    do {
      let file = try ByteOutput(path: output)
      guard sanitizer.write({ file.write($0) }) else {
        throw Failure.unreadable("the temporary file is cut; is the disk full?")
      }
      file.flush()
      let faults = prove(sanitizer, file.writtenPath)
      guard faults.isEmpty else {
        for fault in faults { Diagnostics.error(TerminalText.escape(fault)) }
        Diagnostics.error("nothing was written: the result is not the capture without its keys")
        ProcessGuard.exit(1)
      }
      try file.finish()
    } catch let error as OutputError {
      throw Failure.unreadable("\(error)")
    }
  }

  private func prove(_ sanitizer: Sanitizer, _ path: String) -> [String] {
    var proof = SanitizerProof(of: sanitizer)
    do throws(CaptureError) {
      var reconstructor = try Reconstructor(files: [path])
      proof.finish(reconstructor.run(into: &proof))
    } catch {
      return [error.line]
    }
    return proof.faults
  }

  private func told(_ sanitizer: Sanitizer, _ ledger: CaptureLedger) -> String {
    func count(_ number: Int, _ noun: String) -> String {
      "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
    var lines = [
      "\(TerminalText.escape(output)): \(count(sanitizer.exchanges, "exchange")) on "
        + "\(count(sanitizer.connections, "connection")), "
        + "\(count(sanitizer.redactor.keys.count, "secret")) replaced; read back: the same, and clean"
    ]
    var leftOut: [String] = []
    if sanitizer.leftOut > 0 { leftOut.append("\(count(sanitizer.leftOut, "exchange")) over TLS") }
    let shut = ledger.connections.filter { $0.tls?.isShut == true }.count
    if shut > 0 { leftOut.append("\(count(shut, "connection")) whose TLS stays shut") }
    let other = ledger.connections.filter { $0.kind == .other }.count
    if other > 0 { leftOut.append("\(count(other, "connection")) without HTTP") }
    if sanitizer.tunnelBytes > 0 {
      leftOut.append("\(count(sanitizer.tunnelBytes, "byte")) inside tunnels")
    }
    let frames = ledger.frames.reduce(0, +) - ledger.frames[0]
    if frames > 0 {
      leftOut.append("\(count(frames, "frame")) that \(frames == 1 ? "is" : "are") no TCP")
    }
    if !leftOut.isEmpty { lines.append("left out: " + leftOut.joined(separator: ", ")) }
    return lines.joined(separator: "\n") + "\n"
  }
}
