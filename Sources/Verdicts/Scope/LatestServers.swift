/// The servers of the latest exchanges, by their ids: further back than second hops are looked for.
struct LatestServers: Sendable {
  /// A power of two, as many as the exchanges that are remembered.
  private static let reach = 1 << 16

  private var servers: [Int32] = []
  private var count = 0

  /// - Parameter index: the server of the next exchange, by its place in a list.
  mutating func append(_ index: Int) {
    let server = Int32(truncatingIfNeeded: index)
    if servers.count < Self.reach {
      servers.append(server)
    } else {
      servers[count & (Self.reach - 1)] = server
    }
    count &+= 1
  }

  /// - Parameter id: see ``Exchange/id``.
  /// - Returns: `nil` where it isn't remembered.
  func server(of id: Int) -> Int? {
    guard id > 0, id <= count, count &- id < Self.reach else { return nil }
    return Int(servers[(id &- 1) & (Self.reach - 1)])
  }
}
