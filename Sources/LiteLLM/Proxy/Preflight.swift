/// The answer to a browser's question before a request (Fetch, CORS-preflight request), which
/// comes before any route.
enum Preflight {
  static func answer(_ request: ProxyRequest, profile: ProxyProfile) -> ProxyAnswer {
    var fields: [(name: String, value: String)] = [
      (
        "vary",
        "Origin, Access-Control-Request-Method, Access-Control-Request-Headers, "
          + "Access-Control-Request-Private-Network"
      ),
      ("access-control-allow-origin", "*"),
      ("access-control-allow-methods", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, QUERY"),
      ("access-control-max-age", "600"),
    ]
    if profile == .v76 {
      fields = [
        ("vary", "Origin"),
        ("access-control-allow-methods", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"),
        ("access-control-max-age", "600"), ("access-control-allow-credentials", "true"),
        ("access-control-allow-origin", request["origin"] ?? "*"),
      ]
    }
    if let headers = request["access-control-request-headers"] {
      fields.append(("access-control-allow-headers", headers))
    }
    fields.append(("content-type", "text/plain; charset=utf-8"))
    return ProxyAnswer(status: 200, fields: fields, content: .bytes(Array("OK".utf8)))
  }
}
