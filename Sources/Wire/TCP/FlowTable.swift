/// Both endpoints of a connection, the same whichever of them sent.
struct FlowKey: Equatable {
  var first: IPAddress
  var second: IPAddress
  var ports: UInt32

  /// - Returns: the key, and whether the source is its second endpoint.
  @inline(always)
  static func of(_ segment: Segment) -> (key: FlowKey, isSwapped: Bool) {
    let (source, destination) = (segment.source, segment.destination)
    let swapped: Bool
    if source.low != destination.low {
      swapped = source.low > destination.low
    } else if source.high != destination.high {
      swapped = source.high > destination.high
    } else {
      swapped = segment.sourcePort > segment.destinationPort
    }
    let (near, far) = (UInt32(segment.sourcePort), UInt32(segment.destinationPort))
    return swapped
      ? (FlowKey(first: destination, second: source, ports: far << 16 | near), true)
      : (FlowKey(first: source, second: destination, ports: near << 16 | far), false)
  }

  @inline(always)
  var hash: UInt32 {
    var mixed = first.low ^ (second.low << 32 | second.low >> 32) ^ UInt64(ports) << 16
    mixed ^= first.high &* 0x9E37_79B9_7F4A_7C15 ^ second.high &* 0xC2B2_AE3D_27D4_EB4F
    mixed ^= mixed >> 32
    mixed = mixed &* 0xD6E8_FEB8_6659_FD93
    mixed ^= mixed >> 32
    return UInt32(truncatingIfNeeded: mixed)
  }
}

/// Finds the slot of a flow: open addressing with linear probing, because a Dictionary in this
/// place costs a quarter of the whole walk.
struct FlowTable {
  /// Upper half: the hash; lower half: the slot plus one, 0 where empty.
  private var entries = [UInt64](repeating: 0, count: 1024)
  private var used = 0
  private var mask: Int { entries.count &- 1 }

  @inline(always)
  func slot(of key: FlowKey, hash: UInt32, in connections: borrowing Span<Connection>) -> Int32? {
    var index = Int(hash) & mask
    while true {
      let entry = entries[index]
      if entry == 0 { return nil }
      if UInt32(truncatingIfNeeded: entry >> 32) == hash {
        let slot = Int32(truncatingIfNeeded: entry & 0xFFFF_FFFF) &- 1
        if connections[Int(slot)].key == key { return slot }
      }
      index = (index &+ 1) & mask
    }
  }

  mutating func insert(_ slot: Int32, hash: UInt32) {
    if used &* 2 >= entries.count { grow() }
    place(UInt64(hash) << 32 | UInt64(UInt32(bitPattern: slot &+ 1)))
    used &+= 1
  }

  mutating func remove(_ slot: Int32, hash: UInt32) {
    var index = Int(hash) & mask
    let wanted = UInt64(hash) << 32 | UInt64(UInt32(bitPattern: slot &+ 1))
    while entries[index] != wanted {
      if entries[index] == 0 { return }
      index = (index &+ 1) & mask
    }
    // Shift back what would otherwise be cut off from its place.
    var hole = index
    var next = (hole &+ 1) & mask
    while entries[next] != 0 {
      let home = Int(entries[next] >> 32) & mask
      if (next &- home) & mask >= (next &- hole) & mask {
        entries[hole] = entries[next]
        hole = next
      }
      next = (next &+ 1) & mask
    }
    entries[hole] = 0
    used &-= 1
  }

  private mutating func grow() {
    let old = entries
    entries = [UInt64](repeating: 0, count: old.count &* 2)
    for entry in old where entry != 0 { place(entry) }
  }

  private mutating func place(_ entry: UInt64) {
    var index = Int(entry >> 32) & mask
    while entries[index] != 0 { index = (index &+ 1) & mask }
    entries[index] = entry
  }
}
