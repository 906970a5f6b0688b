/// Puts IP datagrams together from their fragments (RFC 791, RFC 8200 with RFC 5722).
///
/// Where fragments overlap, the first one wins. At most ``capacity`` fragments are held; the
/// oldest datagram goes first, and is counted.
struct FragmentTable {
  static let capacity = 4096

  private struct Key: Hashable {
    var source: IPAddress
    var destination: IPAddress
    var identification: UInt32
    var transport: UInt8
  }

  private struct Datagram {
    var pieces: [(offset: Int, range: ByteRange)] = []
    var length: Int?
    var isCut = false
    var overlaps = false
    var transport: UInt8
    var order: Int
  }

  enum Result {
    case waiting
    /// The datagram's whole payload, and whether fragments overlapped with other bytes.
    case complete([UInt8], overlap: Bool)
    case refused
  }

  private var datagrams: [Key: Datagram] = [:]
  /// The latest datagrams that became whole: a fragment that was seen twice opens no new one.
  private var completed: [Key] = []
  private var oldestCompleted = 0
  private var held = 0
  private var arrivals = 0
  /// Datagrams of TCP that never became whole.
  private(set) var incomplete = 0

  mutating func take(_ packet: Packet, _ range: ByteRange, in store: CaptureStore) -> Result {
    guard packet.fragmentOffset &+ packet.length <= 65_535, packet.length > 0 else {
      return .refused
    }
    let key = Key(
      source: packet.source, destination: packet.destination,
      identification: packet.identification, transport: packet.transport)
    if datagrams[key] == nil, completed.contains(key) { return .refused }
    arrivals &+= 1
    var datagram =
      datagrams.removeValue(forKey: key) ?? Datagram(transport: packet.transport, order: arrivals)
    if packet.captured < packet.length { datagram.isCut = true }
    datagram.pieces.append((packet.fragmentOffset, range))
    held &+= 1
    if !packet.moreFragments, datagram.length == nil {
      datagram.length = packet.fragmentOffset &+ packet.length
    }
    guard let length = datagram.length, !datagram.isCut,
      let bytes = assemble(&datagram, length, in: store)
    else {
      datagrams[key] = datagram
      while held > Self.capacity,
        let oldest = datagrams.min(by: { $0.value.order < $1.value.order })
      {
        drop(oldest.key)
      }
      return .waiting
    }
    held &-= datagram.pieces.count
    remember(key)
    return .complete(bytes, overlap: datagram.overlaps)
  }

  /// At the end of the input: what is still waiting never becomes whole.
  mutating func finish() {
    for key in datagrams.keys { drop(key) }
  }

  private mutating func remember(_ key: Key) {
    let reach = 64
    if completed.count < reach {
      completed.append(key)
    } else {
      completed[oldestCompleted] = key
      oldestCompleted = (oldestCompleted + 1) % reach
    }
  }

  private mutating func drop(_ key: Key) {
    guard let datagram = datagrams.removeValue(forKey: key) else { return }
    held &-= datagram.pieces.count
    if datagram.transport == 6 { incomplete &+= 1 }
  }

  private func assemble(
    _ datagram: inout Datagram, _ length: Int, in store: CaptureStore
  ) -> [UInt8]? {
    // Most datagrams are complete only with their last fragment: add up before painting.
    guard datagram.pieces.reduce(0, { $0 &+ $1.range.count }) >= length else { return nil }
    var bytes = [UInt8](repeating: 0, count: length)
    var isKnown = [Bool](repeating: false, count: length)
    var known = 0
    for (offset, range) in datagram.pieces {
      store.withBytes(range) { piece in
        for index in piece.indices where offset &+ index < length {
          let target = offset &+ index
          if !isKnown[target] {
            isKnown[target] = true
            bytes[target] = piece[index]
            known &+= 1
          } else if bytes[target] != piece[index] {
            datagram.overlaps = true
          }
        }
      }
    }
    return known == length ? bytes : nil
  }
}
