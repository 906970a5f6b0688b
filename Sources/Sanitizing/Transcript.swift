internal import Recording
internal import Wire

/// What passed over the connections of a capture, to be written down again: who sent what, with
/// which packet. What was lost, sent twice or out of order on the way isn't part of it.
struct Transcript {
  /// Told apart from its successor between the same ports.
  struct Connection {
    var client: Endpoint
    var server: Endpoint
    var beganBeforeCapture: Bool
    var closing = Closing.none
    /// The latest frame of either side, so that no byte overtakes another.
    fileprivate var latest: [Side: Int32] = [:]
    fileprivate var last: (frame: Int32, time: Int64) = (0, 0)
  }

  /// How a connection ended.
  enum Closing { case none, both, resetByClient, resetByServer }

  private enum Content {
    case bytes(ByteRange)
    /// So many bytes that the capture doesn't hold.
    case missing(Int)
  }

  private struct Action {
    var frame: Int32
    var time: Int64
    var connection: Int
    var side: Side
    var content: Content
  }

  private(set) var connections: [Connection] = []
  private var actions: [Action] = []
  private let spool: TemporarySpool
  /// Whether the temporary file could not take all.
  private(set) var isIncomplete = false

  /// `nil` where no temporary file can be made.
  init?() {
    guard let spool = TemporarySpool() else { return nil }
    self.spool = spool
  }

  mutating func open(client: Endpoint, server: Endpoint, beganBeforeCapture: Bool) -> Int {
    connections.append(
      Connection(client: client, server: server, beganBeforeCapture: beganBeforeCapture))
    return connections.count - 1
  }

  mutating func send(_ bytes: [UInt8], on connection: Int, from side: Side, _ place: Place) {
    guard !bytes.isEmpty else { return }
    guard let range = spool.append(bytes) else {
      isIncomplete = true
      return
    }
    add(.bytes(range), on: connection, from: side, place)
  }

  mutating func lose(_ count: Int, on connection: Int, from side: Side, _ place: Place) {
    if count > 0 { add(.missing(count), on: connection, from: side, place) }
  }

  mutating func close(_ connection: Int, _ closing: Closing) {
    connections[connection].closing = closing
  }

  /// Where something was seen.
  struct Place {
    var frame: Int32
    /// In nanoseconds since 1970.
    var time: Int64
  }

  private mutating func add(
    _ content: Content, on connection: Int, from side: Side, _ place: Place
  ) {
    let frame = max(place.frame, connections[connection].latest[side] ?? 0)
    connections[connection].latest[side] = frame
    if frame >= connections[connection].last.frame {
      connections[connection].last = (frame, place.time)
    }
    actions.append(
      Action(
        frame: frame, time: place.time, connection: connection, side: side, content: content))
  }

  /// The packets that could have carried it, in the order of the capture.
  ///
  /// - Returns: `false` where the temporary file can't be read.
  func write(_ packet: ([UInt8], _ time: Int64) -> Void) -> Bool {
    var conversations = connections.enumerated().map { number, connection in
      TCPConversation(
        client: connection.client, server: connection.server, number: number + 1,
        isOpen: connection.beganBeforeCapture)
    }
    // Swift's sort is stable: what one frame carried stays in its order.
    let steps: [(frame: Int32, action: Int?, connection: Int)] =
      (actions.indices.map { (actions[$0].frame, $0, actions[$0].connection) }
      + connections.indices.map { (connections[$0].last.frame, nil, $0) })
      .sorted { $0.frame < $1.frame }
    for step in steps {
      guard let index = step.action else {
        let connection = connections[step.connection]
        for bytes in conversations[step.connection].close(connection.closing) {
          packet(bytes, connection.last.time)
        }
        continue
      }
      let action = actions[index]
      switch action.content {
      case .bytes(let range):
        guard let bytes = spool.bytes(range) else { return false }
        for bytes in conversations[step.connection].send(bytes[...], from: action.side) {
          packet(bytes, action.time)
        }
      case .missing(let count):
        for bytes in conversations[step.connection].skip(count, from: action.side) {
          packet(bytes, action.time)
        }
      }
    }
    return true
  }
}

extension TCPConversation {
  fileprivate mutating func close(_ closing: Transcript.Closing) -> [[UInt8]] {
    switch closing {
    case .none: []
    case .both: end(from: .client) + end(from: .server)
    case .resetByClient: reset(from: .client)
    case .resetByServer: reset(from: .server)
    }
  }
}
