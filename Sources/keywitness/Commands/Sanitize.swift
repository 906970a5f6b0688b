internal import ArgumentParser
internal import Exchanges
internal import Redaction
internal import Reports
internal import Sanitizing
internal import Wire

struct Sanitize: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a capture again without its secrets: one that can be committed.",
    discussion: """
      Every key, cookie and token becomes a stand-in of the same length, equal ones stay equal, and
      what isn't an HTTP exchange is left out. The result is read back before it gets its name: the
      same exchanges, and no key in any form, or nothing is written.

      Examples:
        keywitness sanitize agent.pcap tests/captures/agent.pcapng
        keywitness sanitize --bodies --keylog agent.keys agent.pcap agent-clean.pcapng

      Exit codes: 0 written; 1 the result would not be the same, or not clean; 3 a capture that can't
      be read, or a place that can't be written; 5 no exchange in it.
      """)

  @Argument(help: "The capture.", completion: .file(extensions: ["pcap", "pcapng", "cap", "gz"]))
  var input: String

  @Argument(help: "The pcapng file to write.", completion: .file(extensions: ["pcapng"]))
  var output: String

  @Flag(help: "Replaces what people and models wrote, too.")
  var bodies = false

  @Flag(name: .customLong("no-tls"), help: "Leaves out what went over TLS.")
  var noTLS = false

  @OptionGroup(title: "TLS") var keyLogs: KeyLogOptions

  @OptionGroup(title: "Judging") var judging: JudgeOptions

  func run() throws {
    guard input != "-" else {
      throw Failure.usage("sanitize reads its capture twice, which a pipe can't; name a file")
    }
    var options = Sanitizer.Options()
    options.hidesProse = bodies
    options.leavesOutTLS = noTLS
    var sanitizer = Sanitizer(
      options,
      redactor: DisplayOptions.redactor(try judging.options(), showingSecrets: false))
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
