internal import Redaction
internal import Synchronization

/// Standard error: everything that isn't the result.
enum Diagnostics {
  /// The keys of the run: a message may repeat one that nothing but the run tells of.
  private static let redactor = Mutex(Redactor())

  /// From now on messages are redacted with what is known here.
  static func know(_ known: Redactor) { redactor.withLock { $0 = known } }

  static func error(_ message: String) { tell("keywitness: ", message) }

  static func warning(_ message: String) { tell("keywitness: warning: ", message) }

  static func note(_ message: String) { tell("keywitness: ", message) }

  private static func tell(_ start: String, _ message: String) {
    let shown = redactor.withLock { $0.text(withoutDigits(message)) }
    let safe = TerminalText.escape(shown, keepingNewlines: true)
    write("\(start)\(GitHubCommandText.neutralized(safe))\n")
  }

  /// Without long runs of hexadecimal digits: a line of a key log where a file's name should stand.
  private static func withoutDigits(_ message: String) -> String {
    var output: [UInt8] = []
    var run: [UInt8] = []
    func end() -> [UInt8] {
      run.count < 64 ? run : Array("<\(run.count) hex digits>".utf8)
    }
    for byte in message.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x46, 0x61...0x66: run.append(byte)
      default:
        output += end()
        run = []
        output.append(byte)
      }
    }
    return String(decoding: output + end(), as: UTF8.self)
  }

  static func write(_ text: String) {
    StatusLine.clear()
    ProcessGuard.write(text, to: 2)
  }

  /// Help and version texts.
  static func standardOutput(_ text: String) { ProcessGuard.write(text, to: 1) }
}
