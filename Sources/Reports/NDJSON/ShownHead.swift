internal import HTTP
internal import Redaction

/// A head as records show it: without secrets.
struct ShownHead {
  var method: [UInt8]?
  var target: [UInt8]?
  var reason: [UInt8]?
  var version: [UInt8]?
  /// The fields as JSON: pairs of name and value.
  var headers: [UInt8]

  init(_ head: MessageHead, _ redactor: inout Redactor) {
    method = head.method.map { redactor.text(Array($0)) }
    target = head.target.map { redactor.target(Array($0)) }
    reason = head.reason.map { redactor.text(Array($0)) }
    version = head.version.map { redactor.text(Array($0)) }
    var json = JSONWriter()
    Self.write(head, &redactor, &json)
    headers = json.bytes
  }

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
