internal import Redaction

/// Standard error: everything that isn't the result.
enum Diagnostics {
  static func error(_ message: String) {
    var redactor = Redactor()
    write("keywitness: \(redactor.text(message))\n")
  }

  static func warning(_ message: String) {
    var redactor = Redactor()
    write("keywitness: warning: \(redactor.text(message))\n")
  }

  static func write(_ text: String) { ProcessGuard.write(text, to: 2) }

  /// Help and version texts.
  static func standardOutput(_ text: String) { ProcessGuard.write(text, to: 1) }
}
