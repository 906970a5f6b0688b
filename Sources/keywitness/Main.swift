internal import ArgumentParser
internal import Redaction
internal import Wire

@main
enum Main {
  static func main() {
    ProcessGuard.install()
    do {
      var command = try Keywitness.parseAsRoot(
        StubEnvironment.adding(ProcessGuard.environment, to: ProcessGuard.arguments))
      try command.run()
    } catch let failure as Failure {
      Diagnostics.error(failure.message)
      ProcessGuard.exit(failure.code)
    } catch let code as ExitCode {
      ProcessGuard.exit(code.rawValue)
    } catch {
      let code = Keywitness.exitCode(for: error)
      let message = Keywitness.fullMessage(for: error)
      guard code == .success else {
        // A mistyped argument may hold a key: it goes through the same door as everything else.
        let line = message.split(separator: "\n").first ?? ""
        let text = line.hasPrefix("Error: ") ? line.dropFirst(7) : line
        Diagnostics.error("\(withoutValues(String(text))) (see keywitness --help)")
        ProcessGuard.exit(ContractCode.usage)
      }
      Diagnostics.standardOutput(message + "\n")
    }
  }

  /// A message about arguments without what may be a key: what stands behind the `=` of an option
  /// (`--api-key=…` is unknown, and its value is the key), and words that read like nothing else.
  private static func withoutValues(_ message: String) -> String {
    message.split(separator: " ", omittingEmptySubsequences: false).map { word in
      let quote = word.last.map { "'\"".contains($0) } == true ? "'" : ""
      if let option = word.firstRange(of: "--"), let equals = word.firstIndex(of: "="),
        option.upperBound <= equals
      {
        return word[...equals] + "…" + quote
      }
      return KeyRing.mayBeKey(word.filter { $0 != "'" && $0 != "\"" }) ? "<key>" : String(word)
    }.joined(separator: " ")
  }
}

/// The contract's exit codes that no judgement gives.
enum ContractCode {
  static let usage: Int32 = 2
  static let unreadable: Int32 = 3
  /// The target of a replay can't be reached.
  static let unreached: Int32 = 4
  static let nothing: Int32 = 5
  /// The verdict is good, the command that was run isn't.
  static let commandFailed: Int32 = 6
  /// 128 and SIGINT, as shells have it.
  static let interrupted: Int32 = 130
}

/// What ends a command: one line, and the exit code.
struct Failure: Error {
  var message: String
  var code: Int32

  static func usage(_ message: String) -> Failure {
    Failure(message: message, code: ContractCode.usage)
  }

  static func unreadable(_ message: String) -> Failure {
    Failure(message: message, code: ContractCode.unreadable)
  }
}

extension CaptureError {
  /// `agent.pcap: record 7 claims … (byte 1234)`
  var line: String {
    "\(TerminalText.escape(file)): \(message)" + (offset.map { " (byte \($0))" } ?? "")
  }
}
