extension Span where Element == UInt8 {
  /// A number that says which bytes these are likely to be: for tables whose entries are compared
  /// byte by byte before they are believed. Fast, and no defence against bytes made to collide.
  public var contentHash: UInt64 {
    var hash = UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
    var at = 0
    while at &+ 8 <= count {
      hash = (hash ^ big64(at)) &* 0xD6E8_FEB8_6659_FD93
      hash ^= hash >> 32
      at &+= 8
    }
    while at < count {
      hash = (hash ^ UInt64(self[at])) &* 0xC2B2_AE3D_27D4_EB4F
      at &+= 1
    }
    return hash ^ hash >> 29
  }
}
