/// Text from outside, made fit for an error message: one line, nothing a terminal would obey, no key.
///
/// A policy is often somebody else's file, and its values come back in messages that end in CI logs.
enum ShownText {
  /// The longest piece of foreign text that a message repeats, in Unicode scalars.
  static let limit = 60

  /// The text in double quotes: keys replaced, controls escaped, cut at `limit`.
  static func quoted(_ text: String) -> String {
    let masked = KeyShape.masked(text).text
    let shown = plain(masked, limit: limit)
    return "\"\(shown)\""
  }

  /// The text without quotes: control, bidi and zero-width characters as `\u{…}`.
  static func plain(_ text: String, limit: Int = 4096) -> String {
    var shown = ""
    var count = 0
    for scalar in text.unicodeScalars {
      guard count < limit else { return shown + "…" }
      count += 1
      if isUnsafe(scalar) {
        shown += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  /// Whether a terminal, or a reader's eye, could be deceived by this character.
  static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: true
    default: false
    }
  }
}
