/// A bound against hostile input. What one cuts is unknown from then on, so that it can't pass, and
/// the ledger counts it under the bound's name: none is silent.
public enum Cap: Int, CaseIterable, Sendable {
  /// Open connections; the one that was silent for the longest time goes first.
  case connections
  /// Bytes of one direction that wait behind a hole.
  case heldBytes
  /// Segments that wait: of one direction, and of all together.
  case heldSegments
  /// Fragments of datagrams that aren't whole.
  case ipFragments
  /// Bytes of one head.
  case headBytes
  /// Bytes of all heads that aren't whole.
  case openHeadBytes
  /// Field lines of one head.
  case headerFields
  /// Content codings on one another.
  case contentCodings
  /// Decoded content: its bytes, or its ratio to what was sent.
  case decodedBytes
  /// Requests of one connection that wait for their answers.
  case waitingRequests
  /// Streams of one HTTP/2 connection that are open at the same time.
  case h2Streams
  /// Bytes of one HTTP/2 field section, in its frames or decoded.
  case fieldSectionBytes
  /// Bytes of one event of an event stream.
  case eventBytes
  /// Bytes of one WebSocket message.
  case webSocketBytes
  /// Levels of a JSON text.
  case jsonDepth
  /// Records of TLS that wait for their keys.
  case waitingRecords
  /// Requests that are listed one by one; all are counted.
  case rows

  /// The name in the ledger.
  public var name: String {
    switch self {
    case .connections: "connections"
    case .heldBytes: "held_bytes"
    case .heldSegments: "held_segments"
    case .ipFragments: "ip_fragments"
    case .headBytes: "head_bytes"
    case .openHeadBytes: "open_head_bytes"
    case .headerFields: "header_fields"
    case .contentCodings: "content_codings"
    case .decodedBytes: "decoded_bytes"
    case .waitingRequests: "waiting_requests"
    case .h2Streams: "h2_streams"
    case .fieldSectionBytes: "field_section_bytes"
    case .eventBytes: "event_bytes"
    case .webSocketBytes: "websocket_bytes"
    case .jsonDepth: "json_depth"
    case .waitingRecords: "waiting_records"
    case .rows: "rows"
    }
  }
}

/// How often each bound cut something: connections, holes given up, fragments, heads, messages,
/// rows.
public struct CapCounts: Sendable, Equatable {
  private var counts = [Int](repeating: 0, count: Cap.allCases.count)

  public init() {}

  public subscript(_ cap: Cap) -> Int { counts[cap.rawValue] }

  public mutating func count(_ cap: Cap, times: Int = 1) { counts[cap.rawValue] &+= times }

  public mutating func add(_ other: CapCounts) {
    for cap in Cap.allCases { count(cap, times: other[cap]) }
  }

  /// Those that cut something, in the order of ``Cap``.
  public var reached: [(cap: Cap, count: Int)] {
    Cap.allCases.compactMap { self[$0] > 0 ? ($0, self[$0]) : nil }
  }
}
