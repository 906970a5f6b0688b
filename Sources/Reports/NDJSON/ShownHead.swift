internal import Exchanges
internal import HTTP
internal import Redaction

/// A head as records show it: without secrets.
struct ShownHead {
  enum Role { case request, response }

  /// `protocol`; without a version that of HTTP/1.
  var protocolMember: [UInt8]
  /// From `method` or `status` to `headers`.
  var members: [UInt8]

  init(_ head: MessageHead, _ role: Role, _ state: Message.HeadState, _ redactor: inout Redactor) {
    // Keys are numbered in this order.
    let method = head.method.map { redactor.text(Array($0)) }
    let target = head.target.map { redactor.target(Array($0)) }
    let reason = head.reason.map { redactor.text(Array($0)) }
    let version = head.version.map { redactor.text(Array($0)) }
    protocolMember = Self.protocolMember(version)
    var json = JSONWriter(capacity: 512)
    switch role {
    case .request:
      Self.text("method", method, &json)
      Self.text("target", target, &json)
    case .response:
      json.key("status")
      if let status = head.status { json.integer(status) } else { json.null() }
      Self.text("reason", reason, &json)
    }
    Self.text("version", version, &json)
    json.member("head", state.rawValue)
    json.key("headers")
    Self.write(head, &redactor, &json)
    members = json.bytes
  }

  static func protocolMember(_ version: [UInt8]?) -> [UInt8] {
    var json = JSONWriter(capacity: 32)
    json.key("protocol")
    json.string(version ?? Array("HTTP/1".utf8))
    return json.bytes
  }

  private static func text(_ name: StaticString, _ value: [UInt8]?, _ json: inout JSONWriter) {
    json.key(name)
    if let value { json.string(value) } else { json.null() }
  }

  /// The fields, as pairs of name and value.
  static func write(_ head: MessageHead, _ redactor: inout Redactor, _ json: inout JSONWriter) {
    json.beginArray()
    for field in head.fields {
      let name = head.name(of: field)
      json.beginArray()
      if field.isUnknown {
        json.null()
        json.null()
        json.endArray()
        continue
      }
      json.string(redactor.text(Array(name)))
      json.string(redactor.headerValue(name: Array(name), value: Array(head.value(of: field))))
      json.endArray()
    }
    json.endArray()
  }
}
