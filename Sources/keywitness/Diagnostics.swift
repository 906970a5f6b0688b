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

  private static func tell(_ start: String, _ message: String) {
    let shown = redactor.withLock { $0.text(message) }
    write("\(start)\(GitHubCommandText.neutralized(shown))\n")
  }

  static func write(_ text: String) { ProcessGuard.write(text, to: 2) }

  /// Help and version texts.
  static func standardOutput(_ text: String) { ProcessGuard.write(text, to: 1) }
}
