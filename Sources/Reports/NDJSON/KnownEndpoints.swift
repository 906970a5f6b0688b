internal import Wire

/// Endpoints as text, those of many connections at once: each stands in all records of its own.
struct KnownEndpoints {
  private struct Entry {
    var endpoint: Endpoint
    var text: String
  }

  private var entries = DirectMappedCache<Entry>(capacity: 256)

  mutating func text(_ endpoint: Endpoint) -> String {
    let hash = UInt64(endpoint.port)
    if let entry = entries[hash], entry.endpoint == endpoint { return entry.text }
    let text = endpoint.description
    entries[hash] = Entry(endpoint: endpoint, text: text)
    return text
  }
}
