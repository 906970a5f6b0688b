extension Span where Element == UInt8 {
  /// A number that says which bytes these are likely to be: for tables whose entries are compared
  /// byte by byte before they are believed. Fast, and no defence against bytes made to collide.
  public var contentHash: UInt64 {
    var hash = UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
    guard count >= 16 else {
      for at in indices { hash = (hash ^ UInt64(self[at])) &* 0xC2B2_AE3D_27D4_EB4F }
      return hash ^ hash >> 29
    }
    // Two at a time, so that one multiplication needn't wait for the other.
    var other = ~hash
    var at = 0
    while at &+ 16 <= count {
      hash = (hash ^ big64(at)) &* 0xD6E8_FEB8_6659_FD93
      other = (other ^ big64(at &+ 8)) &* 0xC2B2_AE3D_27D4_EB4F
      hash ^= hash >> 32
      other ^= other >> 29
      at &+= 16
    }
    // The rest, with some of what was read already.
    hash = (hash ^ big64(count &- 16)) &* 0xC2B2_AE3D_27D4_EB4F
    other = (other ^ big64(count &- 8)) &* 0xD6E8_FEB8_6659_FD93
    hash ^= (other ^ other >> 32) &* 0x9E37_79B9_7F4A_7C15
    return hash ^ hash >> 29
  }

  /// A number of a few of the bytes, and of how many there are: likely another one where the bytes are
  /// others, and had for much less than ``contentHash``.
  public var sketch: UInt64 {
    guard count >= 16 else { return contentHash }
    var hash = UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
    var other = big64(0)
    let last = count &- 8
    for at in [8, last / 4, last / 2] { hash = (hash ^ big64(at)) &* 0xD6E8_FEB8_6659_FD93 }
    for at in [last / 4 &* 3, last &- 8, last] {
      other = (other ^ big64(at)) &* 0xC2B2_AE3D_27D4_EB4F
    }
    hash ^= other ^ other >> 31
    return hash ^ hash >> 29
  }
}
