/// The streams that were noted last: so many that no sender can have more under way.
struct RecentStreams: Sendable {
  private static let limit = 256

  private var streams: [UInt32] = []
  private var oldest = 0

  mutating func insert(_ stream: UInt32) {
    if streams.count < Self.limit {
      streams.append(stream)
    } else {
      streams[oldest] = stream
      oldest = (oldest &+ 1) % Self.limit
    }
  }

  func contains(_ stream: UInt32) -> Bool { streams.contains(stream) }
}
