internal import Exchanges
internal import HTTP
internal import Redaction
internal import Wire

/// How heads were shown: the same few come again and again, and taking the secrets out of one costs
/// many times what finding it does.
struct ShownHeads {
  private struct Entry {
    var head: FramedHead
    var role: ShownHead.Role
    var state: Message.HeadState
    /// ``KeyRing/generation``: a key that wasn't known yet may stand anywhere in it.
    var keys: Int
    var shown: ShownHead
  }

  private var entries = DirectMappedCache<Entry>(capacity: 256)

  mutating func shown(
    _ head: FramedHead, _ role: ShownHead.Role, _ state: Message.HeadState,
    _ redactor: inout Redactor
  ) -> ShownHead {
    let keys = redactor.keys.generation
    if let entry = entries[head.contentHash], entry.head === head, entry.keys == keys,
      entry.role == role, entry.state == state
    {
      return entry.shown
    }
    let shown = ShownHead(head.head, role, state, &redactor)
    // Where a key became known meanwhile, it isn't found again: no generation comes twice.
    if head.isShort {
      entries[head.contentHash] = Entry(
        head: head, role: role, state: state, keys: keys, shown: shown)
    }
    return shown
  }
}
