internal import DequeModule
internal import LiteLLM

/// What the stub got and answered: the latest requests whole, all of them counted.
struct Journal {
  struct Entry {
    var id: Int
    var connection: Int
    /// In nanoseconds since 1970.
    var time: Int64
    /// Without its content.
    var request: ProxyRequest
    var contentLength: Int
    /// `nil` where it was not answered, on purpose.
    var status: Int?
    var fault: Fault?
  }

  /// How often what was answered.
  struct Count {
    var method: String
    /// Without its query.
    var path: String
    var status: Int?
    var requests: Int
  }

  /// Requests that are kept.
  static let entryLimit = 1000
  /// Different counts; what is beyond them is counted as path `*`.
  private static let countLimit = 500

  private struct Key: Hashable {
    var method: String
    var path: String
    var status: Int?
  }

  private(set) var entries: Deque<Entry> = []
  private(set) var counts: [Count] = []
  private(set) var requests = 0
  private(set) var faults = 0
  private(set) var connections = 0
  /// How often it was emptied.
  private(set) var resets = 0
  private var places: [Key: Int] = [:]

  /// Entries that had to make room.
  var dropped: Int { requests - entries.count }

  mutating func countConnection() -> Int {
    connections += 1
    return connections
  }

  /// - Returns: where it is counted, for ``noteAgain(_:at:time:)``.
  mutating func note(
    _ request: ProxyRequest, connection: Int, status: Int?, fault: Fault?, time: Int64
  ) -> Int {
    var bare = request
    bare.body = []
    append(
      Entry(
        id: 0, connection: connection, time: time, request: bare,
        contentLength: request.body.count, status: status, fault: fault))
    if fault != nil { faults += 1 }
    let place = place(of: Key(method: request.method, path: String(request.path), status: status))
    counts[place].requests += 1
    return place
  }

  /// The same request of the same connection once more, with the same answer.
  ///
  /// - Parameter place: where it is counted, since the last reset.
  mutating func noteAgain(_ entry: Entry, at place: Int, time: Int64) {
    var entry = entry
    entry.time = time
    append(entry)
    if counts.indices.contains(place) { counts[place].requests += 1 }
  }

  /// The latest one.
  var latest: Entry? { entries.last }

  mutating func reset() {
    let (connections, resets) = (connections, resets)
    self = Journal()
    self.connections = connections
    self.resets = resets + 1
  }

  private mutating func append(_ entry: Entry) {
    requests += 1
    if entries.count == Self.entryLimit { entries.removeFirst() }
    entries.append(entry)
    entries[entries.count - 1].id = requests
  }

  private mutating func place(of key: Key) -> Int {
    if let place = places[key] { return place }
    var key = key
    if counts.count >= Self.countLimit {
      key.path = "*"
      if let place = places[key] { return place }
    }
    places[key] = counts.count
    counts.append(Count(method: key.method, path: key.path, status: key.status, requests: 0))
    return counts.count - 1
  }
}
