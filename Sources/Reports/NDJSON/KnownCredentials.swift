internal import HTTP
internal import Redaction
internal import Verdicts
internal import Wire

/// The member `credential` of requests that were judged as one before.
struct KnownCredentials {
  private struct Entry {
    // Kept, so that no other takes its place in memory.
    var judged: JudgedCredential
    var member: [UInt8]
  }

  /// Bytes of the longest that is remembered: a scheme may be as long as a head.
  private static let longest = 1024

  private var entries = DirectMappedCache<Entry>(capacity: 64)

  mutating func member(_ judged: JudgedCredential) -> [UInt8] {
    // Objects lie at multiples of 16.
    let hash = UInt64(UInt(bitPattern: ObjectIdentifier(judged)) >> 4)
    if let entry = entries[hash], entry.judged === judged { return entry.member }
    let member = Self.write(judged)
    if member.count <= Self.longest { entries[hash] = Entry(judged: judged, member: member) }
    return member
  }

  private static func write(_ judged: JudgedCredential) -> [UInt8] {
    let credential = judged.credential
    var json = JSONWriter(capacity: 160)
    json.key("credential")
    json.beginObject()
    json.member("verdict", credential.verdict.rawValue)
    if let reason = credential.reason { json.member("reason", reason.rawValue) }
    if let header = credential.header { json.member("header", header) }
    if let scheme = credential.scheme { json.member("scheme", scheme) }
    if let key = judged.key { json.member("key", key) }
    if !credential.others.isEmpty { json.strings("others", credential.others) }
    if let note = credential.note { json.member("note", note.rawValue) }
    json.endObject()
    return json.bytes
  }
}
