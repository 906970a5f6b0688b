extension Packet {
  /// The same packet, sent again by its host: another identification, some time later.
  public func sentAgain(after nanoseconds: Int64 = 250_000_000) -> Packet {
    var copy = self
    copy.time += nanoseconds
    copy.identification &+= 0x4000
    return copy
  }

  /// The same packet, seen at another place on its way.
  public func seen(onVLAN vlan: UInt16, after nanoseconds: Int64 = 20_000) -> Packet {
    var copy = self
    copy.time += nanoseconds
    copy.vlans = [vlan]
    return copy
  }

  /// The same packet with other flags and content.
  public func saying(_ text: String, flags: UInt8? = nil) -> Packet {
    var copy = self
    copy.payload = Array(text.utf8)
    if let flags { copy.flags = flags }
    return copy
  }
}
