/// Frames of one connection, in the order in which they are captured.
struct Frames {
  struct Frame {
    /// Microseconds since 1970.
    var time: Int64
    /// Where it lies in the bytes of all.
    var bytes: Range<Int>
    var sender: Side
    var hasData: Bool
  }

  var all: [Frame] = []
  var bytes: [UInt8] = []

  mutating func removeAll() {
    all.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
  }
}

enum Side: Int {
  case client
  case server

  var other: Side { self == .client ? .server : .client }
}
