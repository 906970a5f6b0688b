internal import DequeModule
internal import LiteLLM
internal import Redaction
internal import Wire

/// What the stub tells about itself, on a listener of its own: an agent's traffic never meets it.
struct AdminService {
  struct Answer {
    var status: Int
    var type = "application/json"
    var fields: [(name: String, value: String)] = []
    var content: [UInt8]
  }

  static let prefix = "/__keywitness/"

  private let token: String
  private var redactor: Redactor

  init(token: String, redactor: Redactor) {
    self.token = token
    self.redactor = redactor
  }

  /// - Parameter waits: whether it may be asked again.
  /// - Returns: `nil` where the judge hasn't seen yet what the stub has answered.
  mutating func answer(
    _ request: ProxyRequest, _ service: StubService, waits: Bool
  ) -> Answer? {
    guard request.path.hasPrefix(Self.prefix) else {
      return Self.refusal(404, "nothing here; \(Self.routes)")
    }
    let name = request.path.dropFirst(Self.prefix.count)
    if name == "health" { return Answer(status: 200, content: Array(#"{"status":"ok"}"#.utf8)) }
    guard let sent = request["authorization"] else {
      return Self.refusal(401, "no token; send Authorization: Bearer and the token", asks: true)
    }
    guard Self.isEqual(sent, "Bearer \(token)") else {
      return Self.refusal(401, "not this stub's token", asks: true)
    }
    switch (request.method, name) {
    case ("GET", "requests"): return requests(service.journal)
    case ("GET", "counts"): return counts(service)
    case ("GET", "metrics"): return metrics(service)
    case ("GET", "verdict"): return verdict(service, waits)
    case ("POST", "reset"), ("DELETE", "requests"):
      service.journal.reset()
      return Answer(status: 200, content: Array(#"{"status":"reset"}"#.utf8))
    case (_, "requests"): return Self.wrongMethod("GET, DELETE")
    case (_, "counts"), (_, "metrics"), (_, "verdict"): return Self.wrongMethod("GET")
    case (_, "reset"): return Self.wrongMethod("POST")
    default: return Self.refusal(404, "nothing here; \(Self.routes)")
    }
  }

  // MARK: Answers

  private static let routes =
    "there are health, requests, counts, metrics, verdict and reset below \(prefix)"

  private static func wrongMethod(_ allowed: String) -> Answer {
    var answer = refusal(405, "wrong method; \(allowed) is right")
    answer.fields.append(("allow", allowed))
    return answer
  }

  private static func refusal(_ status: Int, _ message: String, asks: Bool = false) -> Answer {
    var json = JSONWriter()
    json.beginObject()
    json.member("error", message)
    json.endObject()
    return Answer(
      status: status, fields: asks ? [("www-authenticate", "Bearer")] : [], content: json.bytes)
  }

  /// In a time that doesn't tell how much of it is right.
  private static func isEqual(_ first: String, _ second: String) -> Bool {
    let (first, second) = (Array(first.utf8), Array(second.utf8))
    guard first.count == second.count else { return false }
    return zip(first, second).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }

  private mutating func requests(_ journal: Journal) -> Answer {
    var json = JSONWriter()
    json.beginObject()
    json.key("requests")
    json.beginArray()
    for entry in journal.entries {
      json.beginObject()
      json.member("id", entry.id)
      json.member("connection", entry.connection)
      json.member("time", Timestamp(nanoseconds: entry.time).rfc3339 ?? "")
      json.key("method")
      json.string(redactor.text(Array(entry.request.method.utf8)))
      json.key("target")
      json.string(redactor.target(Array(entry.request.target.utf8)))
      json.key("headers")
      json.beginArray()
      for (name, value) in entry.request.fields {
        json.beginArray()
        json.string(redactor.text(Array(name.utf8)))
        json.string(redactor.headerValue(name: Array(name.utf8), value: Array(value.utf8)))
        json.endArray()
      }
      json.endArray()
      json.member("body_bytes", entry.contentLength)
      json.key("status")
      if let status = entry.status { json.integer(status) } else { json.null() }
      if let fault = entry.fault { json.member("fault", fault.name) }
      json.endObject()
    }
    json.endArray()
    json.member("dropped", journal.dropped)
    json.endObject()
    return Answer(status: 200, content: json.bytes)
  }

  private mutating func counts(_ service: StubService) -> Answer {
    var json = JSONWriter()
    json.beginObject()
    json.member("requests", service.journal.requests)
    json.member("faults", service.journal.faults)
    json.key("connections")
    json.beginObject()
    json.member("total", service.journal.connections)
    json.member("open", service.openConnections)
    json.endObject()
    json.key("routes")
    json.beginArray()
    for count in service.journal.counts {
      json.beginObject()
      json.key("method")
      json.string(redactor.text(Array(count.method.utf8)))
      json.key("path")
      json.string(redactor.target(Array(count.path.utf8)))
      json.key("status")
      if let status = count.status { json.integer(status) } else { json.null() }
      json.member("requests", count.requests)
      json.endObject()
    }
    json.endArray()
    json.endObject()
    return Answer(status: 200, content: json.bytes)
  }

  /// The text format of Prometheus, 0.0.4.
  private mutating func metrics(_ service: StubService) -> Answer {
    let name = "keywitness_stub_"
    var text = """
      # HELP \(name)requests_total Requests that were answered, or not on purpose (status none).
      # TYPE \(name)requests_total counter

      """
    for count in service.journal.counts {
      let labels = [
        ("method", redactor.text(count.method)),
        ("path", String(decoding: redactor.target(Array(count.path.utf8)), as: UTF8.self)),
        ("status", count.status.map(String.init) ?? "none"),
      ].map { "\($0)=\"\(Self.label($1))\"" }.joined(separator: ",")
      text += "\(name)requests_total{\(labels)} \(count.requests)\n"
    }
    let totals = [
      ("faults_total", "counter", "Faults that were made on purpose.", service.journal.faults),
      ("connections_total", "counter", "Connections taken.", service.journal.connections),
      ("connections_open", "gauge", "Connections that are open.", service.openConnections),
    ]
    for (metric, type, help, value) in totals {
      text += "# HELP \(name)\(metric) \(help)\n# TYPE \(name)\(metric) \(type)\n"
      text += "\(name)\(metric) \(value)\n"
    }
    return Answer(
      status: 200, type: "text/plain; version=0.0.4; charset=utf-8", content: Array(text.utf8))
  }

  private static func label(_ value: String) -> String {
    var escaped = ""
    for character in value.unicodeScalars {
      switch character {
      case "\\": escaped += "\\\\"
      case "\"": escaped += "\\\""
      case "\n": escaped += "\\n"
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }

  private func verdict(_ service: StubService, _ waits: Bool) -> Answer? {
    guard let verdict = service.verdict else {
      return Self.refusal(
        409, "this stub doesn't judge; start it with --policy, --expect-key, --require or --report")
    }
    guard let told = verdict(service.answered, waits) else { return nil }
    return Answer(status: told.passes ? 200 : 409, content: told.json)
  }
}
