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

/// How heads were shown: the same few come again and again, and taking the secrets out of one costs
/// many times what finding it does.
struct ShownHeads {
  private struct Entry {
    var head: FramedHead
    /// ``KeyRing/generation``: a key that wasn't known yet may stand anywhere in it.
    var keys: Int
    var shown: ShownHead
  }

  /// Bytes of the longest head that is remembered: what they take together stays small.
  private static let longest = 4096

  /// A newer one takes the place of an older one with the same hash.
  private var entries = [Entry?](repeating: nil, count: 256)

  mutating func shown(_ head: FramedHead, _ redactor: inout Redactor) -> ShownHead {
    let place = Int(truncatingIfNeeded: head.contentHash) & (entries.count - 1)
    let keys = redactor.keys.generation
    if let entry = entries[place], entry.head === head, entry.keys == keys { return entry.shown }
    let shown = ShownHead(head.head, &redactor)
    // What became known while it was made may stand in what was made before.
    if redactor.keys.generation == keys, head.head.bytes.count <= Self.longest {
      entries[place] = Entry(head: head, keys: keys, shown: shown)
    }
    return shown
  }
}
