public import Exchanges
internal import HTTP
public import Redaction
public import Wire

/// An exchange's request as a curl command that a shell can run again. Keys stay out of it: they
/// are fingerprints there, to be replaced by hand.
public enum CurlCommand {
  /// Headers that curl makes itself.
  private static let own: [StaticString] = ["host", "content-length", "connection", "expect"]

  /// - Parameter showsBodies: with the content, which may hold a prompt.
  /// - Returns: a comment where the request can't be written.
  public static func render(
    _ exchange: Exchange, in store: CaptureStore, showsBodies: Bool, _ redactor: inout Redactor
  ) -> String {
    let unseen = "# exchange \(exchange.id): its request isn't whole in the capture\n"
    guard let request = exchange.request, request.headState == .complete,
      let method = request.head.method, let target = request.head.target
    else { return unseen }
    var words = ["curl"]
    if !method.elementsEqual("GET".utf8) {
      words += ["-X", ShellText.quote(redactor.text(Array(method))) ?? "''"]
    }
    // RFC 6455, 4.1: `Connection` is one of curl's own headers, and HTTP/2 knows no upgrade.
    if request.head.fields.contains(where: { request.head.isNamed($0, "sec-websocket-key") }) {
      words += ["--http1.1", "-H", "'Connection: Upgrade'"]
    }
    let path = redactor.target(Array(target))
    let scheme = exchange.tls != nil ? "https" : "http"
    let url =
      path.first == 0x2F ? Array("\(scheme)://\(exchange.server)".utf8) + path : path
    guard let quoted = ShellText.quote(url) else { return unseen }
    words.append(quoted)
    for field in request.head.fields
    where !own.contains(where: { request.head.isNamed(field, $0) }) {
      let raw = Array(request.head.name(of: field))
      // What HTTP/2 says in fields of its own, and what isn't known.
      if raw.isEmpty || raw.first == 0x3A { continue }
      let value = redactor.headerValue(name: raw, value: Array(request.head.value(of: field)))
      let name = redactor.text(raw)
      // curl drops a header whose value is empty, unless a semicolon ends it.
      let line = value.isEmpty ? name + [0x3B] : name + [0x3A, 0x20] + value
      guard let quoted = ShellText.quote(line) else { continue }
      words += ["-H", quoted]
    }
    var comment = ""
    if request.bytes > 0 {
      if showsBodies, let content = request.content(in: store, limit: 1 << 20),
        let quoted = ShellText.quote(redactor.text(content))
      {
        words += ["--data-binary", quoted]
      } else {
        comment = "# its content of \(request.bytes) bytes is left out (--show-bodies)\n"
      }
    }
    return comment + words.joined(separator: " ") + "\n"
  }
}
