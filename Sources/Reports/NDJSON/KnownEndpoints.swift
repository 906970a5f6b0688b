internal import Exchanges
internal import Redaction
internal import Wire

/// The two ends of connections as members, those of many connections at once: they stand in each record
/// of a connection.
struct KnownEndpoints {
  private struct Entry {
    var client: Endpoint
    var server: Endpoint
    var members: [UInt8]
  }

  private var entries = DirectMappedCache<Entry>(capacity: 256)

  /// - Returns: `client` and `server`, as a record has them.
  mutating func members(_ client: Endpoint, _ server: Endpoint, connection: Int) -> [UInt8] {
    let hash = UInt64(truncatingIfNeeded: connection)
    if let entry = entries[hash], entry.client == client, entry.server == server {
      return entry.members
    }
    var json = JSONWriter(capacity: 80)
    json.member("client", client.description)
    json.member("server", server.description)
    entries[hash] = Entry(client: client, server: server, members: json.bytes)
    return json.bytes
  }
}
