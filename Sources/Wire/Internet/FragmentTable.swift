internal import DequeModule

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
    /// Which stretches of the payload are there: ascending, with room between them.
    var covered: [Range<Int>] = []
    var length: Int?
    var isCut = false
    /// Whether TCP may stand in it: by itself, or in a tunnel.
    var couldHoldTCP: Bool
    var order: Int
  }

  enum Result {
    case waiting
    /// The datagram's whole payload, and whether fragments overlapped with other bytes.
    case complete([UInt8], overlap: Bool)
    case refused
  }

  private var datagrams: [Key: Datagram] = [:]
  /// By age; one that has gone stays until its turn comes.
  private var ages = Deque<(key: Key, order: Int)>()
  /// The latest datagrams that became whole: a fragment that was seen twice opens no new one.
  private var completed: [(key: Key, payload: [UInt8])] = []
  private var oldestCompleted = 0
  private var held = 0
  private var arrivals = 0
  /// Datagrams that never became whole, and in which TCP may have stood.
  private(set) var incomplete = 0
  /// Fragments given up at ``capacity``.
  private(set) var evicted = 0

  mutating func take(_ packet: Packet, _ range: ByteRange, in store: CaptureStore) -> Result {
    guard packet.fragmentOffset &+ packet.length <= 65_535, packet.length > 0 else {
      return .refused
    }
    let key = Key(
      source: packet.source, destination: packet.destination,
      identification: packet.identification, transport: packet.transport)
    if datagrams[key] == nil, isRepeated(key, packet, range, in: store) { return .refused }
    var datagram = datagrams.removeValue(forKey: key) ?? begin(key)
    if packet.captured < packet.length { datagram.isCut = true }
    let offset = packet.fragmentOffset
    if offset == 0, packet.transport == 17 {
      datagram.couldHoldTCP = Tunnel.couldBegin(
        store.bytes(range.part(from: 0, length: 8)), transport: 17)
    }
    datagram.pieces.append((offset, range))
    datagram.covered.cover(offset..<(offset &+ range.count))
    held &+= 1
    if !packet.moreFragments, datagram.length == nil { datagram.length = offset &+ packet.length }
    guard let length = datagram.length, !datagram.isCut, let first = datagram.covered.first,
      first.lowerBound == 0, first.upperBound >= length
    else {
      datagrams[key] = datagram
      makeRoom()
      return .waiting
    }
    held &-= datagram.pieces.count
    let (bytes, overlaps) = Self.assemble(datagram, length, in: store)
    remember(key, bytes)
    return .complete(bytes, overlap: overlaps)
  }

  /// At the end of the input: what is still waiting never becomes whole.
  mutating func finish() {
    for key in datagrams.keys { drop(key) }
    ages.removeAll()
  }

  private mutating func begin(_ key: Key) -> Datagram {
    arrivals &+= 1
    ages.append((key, arrivals))
    // Of UDP its first fragment will say more; IPv6's extension headers hide what follows them.
    let transports: Set<UInt8> = [0, 4, 6, 17, 41, 43, 47, 51, 60, 135, 139, 140]
    return Datagram(couldHoldTCP: transports.contains(key.transport), order: arrivals)
  }

  private mutating func makeRoom() {
    while held > Self.capacity, let oldest = ages.popFirst() {
      guard let datagram = datagrams[oldest.key], datagram.order == oldest.order else { continue }
      evicted &+= datagram.pieces.count
      drop(oldest.key)
    }
    // Those that became whole leave their age behind: no more of them than of the others.
    if ages.count > 2 &* Self.capacity {
      ages.removeAll { datagrams[$0.key]?.order != $0.order }
    }
  }

  /// Whether a fragment of a datagram that is whole was seen again. With other bytes it belongs to
  /// one that uses the same identification anew.
  private func isRepeated(
    _ key: Key, _ packet: Packet, _ range: ByteRange, in store: CaptureStore
  ) -> Bool {
    guard let earlier = completed.last(where: { $0.key == key })?.payload else { return false }
    let start = packet.fragmentOffset
    guard start &+ range.count <= earlier.count else { return false }
    return earlier[start..<(start &+ range.count)].elementsEqual(store.bytes(range))
  }

  private mutating func remember(_ key: Key, _ payload: [UInt8]) {
    let reach = 64
    // The latest of an identification is the one that may come again.
    completed.removeAll { $0.key == key }
    oldestCompleted = min(oldestCompleted, max(0, completed.count - 1))
    if completed.count < reach {
      completed.append((key, payload))
    } else {
      completed[oldestCompleted] = (key, payload)
      oldestCompleted = (oldestCompleted + 1) % reach
    }
  }

  private mutating func drop(_ key: Key) {
    guard let datagram = datagrams.removeValue(forKey: key) else { return }
    held &-= datagram.pieces.count
    if datagram.couldHoldTCP { incomplete &+= 1 }
  }

  private static func assemble(
    _ datagram: Datagram, _ length: Int, in store: CaptureStore
  ) -> (bytes: [UInt8], overlaps: Bool) {
    var bytes = [UInt8](repeating: 0, count: length)
    var isKnown = [Bool](repeating: false, count: length)
    var overlaps = false
    for (offset, range) in datagram.pieces {
      store.withBytes(range) { piece in
        for index in piece.indices where offset &+ index < length {
          let target = offset &+ index
          if !isKnown[target] {
            isKnown[target] = true
            bytes[target] = piece[index]
          } else if bytes[target] != piece[index] {
            overlaps = true
          }
        }
      }
    }
    return (bytes, overlaps)
  }
}

extension [Range<Int>] {
  /// Adds a stretch to those that are covered, and joins what touches it.
  mutating func cover(_ stretch: Range<Int>) {
    var low = startIndex
    var high = endIndex
    while low < high {
      let middle = (low + high) / 2
      if self[middle].upperBound < stretch.lowerBound { low = middle + 1 } else { high = middle }
    }
    var joined = stretch
    var end = low
    while end < endIndex, self[end].lowerBound <= joined.upperBound {
      joined =
        Swift.min(
          joined.lowerBound, self[end].lowerBound)..<Swift.max(
          joined.upperBound, self[end].upperBound)
      end += 1
    }
    replaceSubrange(low..<end, with: CollectionOfOne(joined))
  }
}
