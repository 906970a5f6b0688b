/// Which of the recorded requests are sent, and how often.
public struct RequestSelection: Sendable {
  /// One part of a capture that several machines share.
  public struct Shard: Sendable, Equatable {
    /// From 1.
    public var number: Int
    public var count: Int

    /// - Returns: `nil` for what isn't `1/3`, `2/3` or `3/3`.
    public init?(_ text: String) {
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 2, let number = Int(parts[0]), let count = Int(parts[1]),
        1...10_000 ~= count, 1...count ~= number
      else { return nil }
      self.number = number
      self.count = count
    }

    public var text: String { "\(number)/\(count)" }
  }

  /// So many of the first; `nil` for all.
  public var count: Int?
  /// How often all of them are sent.
  public var times = 1
  public var shard: Shard?

  public init() {}

  /// - Parameter requests: in the order of the capture.
  public func selected(_ requests: [RecordedRequest]) -> [RecordedRequest] {
    var selected = requests
    if let shard {
      // Whole conversations, one after the other to each: the same on every machine.
      let conversations = Conversations(requests)
      var numbers: [Int: Int] = [:]
      for first in conversations.first where numbers[first] == nil {
        numbers[first] = numbers.count
      }
      selected = requests.indices.filter {
        (numbers[conversations.first[$0]] ?? 0) % shard.count == shard.number - 1
      }.map { requests[$0] }
    }
    if let count { selected = Array(selected.prefix(count)) }
    return repeated(selected)
  }

  private func repeated(_ requests: [RecordedRequest]) -> [RecordedRequest] {
    guard times > 1, let first = requests.map(\.offset).min(),
      let last = requests.map(\.end).max()
    else { return requests }
    let span = (last &- first) &+ 1
    let connections = (requests.map(\.connection).max() ?? 0) + 1
    return (0..<times).flatMap { turn in
      requests.map { request in
        var request = request
        request.turn = turn + 1
        request.connection += turn * connections
        request.offset = request.offset &+ Int64(turn) &* span
        request.end = request.end &+ Int64(turn) &* span
        return request
      }
    }
  }
}
