internal import HTTP
internal import Redaction

/// How a request is shown in a row: secrets taken out, controls escaped, lengths bounded.
struct ShownRequest: Sendable {
  var method: String
  var target: String
  var path: String
  var identity: ClientIdentity
  /// What was sent as a credential.
  var sent: String

  /// - Parameter expected: the key that clients should use.
  init(
    _ head: MessageHead, _ credential: Credential, expected: ExpectedKey?,
    _ values: inout ShownValues, _ redactor: inout Redactor
  ) {
    // Shortened only when the secrets are out of it: a cut through a key would hide it from view.
    let full = TerminalText.escape(redactor.target(Array(head.target ?? [])))
    target = String(full.prefix(300))
    let word = values.text(Array(head.method ?? []), &redactor)
    method = String(TerminalText.escape(word).prefix(32))
    path = RequestPattern.path(ofTarget: target)
    identity = ClientIdentity(head, &values, &redactor)
    sent = Self.sent(head, credential, expected: expected, &values, &redactor)
  }

  /// What was sent as a credential.
  private static func sent(
    _ head: MessageHead, _ credential: Credential, expected: ExpectedKey?,
    _ values: inout ShownValues, _ redactor: inout Redactor
  ) -> String {
    guard credential.verdict != .unknown || credential.header != nil else { return "?" }
    guard let header = credential.header else {
      return credential.verdict == .missing || credential.verdict == .exempt ? "none" : "?"
    }
    // What conflicts must be seen side by side.
    let headers = credential.verdict == .conflicting ? Set([header] + credential.others) : [header]
    var sent: [String] = []
    for field in head.fields {
      let name = Array(head.name(of: field))
      let lowered = String(decoding: name, as: UTF8.self).lowercased()
      guard headers.contains(lowered) else { continue }
      let value = values.headerValue(
        name: name, value: Array(head.value(of: field)), &redactor)
      var text = String(TerminalText.escape(value).prefix(60))
      // Only in what a person reads: records keep the number, which means the same in every run.
      if !redactor.isShowingSecrets, credential.verdict == .ok, let key = credential.key,
        expected?.matches(key) == true,
        let fingerprint = redactor.keys.fingerprint(of: key)
      {
        text = text.replacing(fingerprint, with: "<the expected key>")
      }
      if text.isEmpty { text = "(empty)" }
      sent.append(lowered == "authorization" && text != "(empty)" ? text : "\(lowered): \(text)")
      if credential.verdict != .conflicting { break }
    }
    return sent.isEmpty ? "?" : sent.joined(separator: ", ")
  }
}
