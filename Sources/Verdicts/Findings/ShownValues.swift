internal import Redaction
internal import Wire

/// Values as they were shown, without their secrets: heads differ in a length or a number, and name the
/// same client and the same key all the same.
struct ShownValues: Sendable {
  private final class Entry: Sendable {
    /// The field's name; `nil` where it was read as any text.
    let name: [UInt8]?
    let value: [UInt8]
    /// ``KeyRing/generation``: a key that wasn't known yet may stand anywhere in it.
    let keys: Int
    let shown: [UInt8]

    init(_ name: [UInt8]?, _ value: [UInt8], keys: Int, _ shown: [UInt8]) {
      self.name = name
      self.value = value
      self.keys = keys
      self.shown = shown
    }
  }

  /// Bytes of the longest value that is remembered: what they take together stays small.
  private static let longest = 512

  private var entries = DirectMappedCache<Entry>(capacity: 256)

  /// See ``Redactor/headerValue(name:value:)``.
  mutating func headerValue(
    name: [UInt8], value: [UInt8], _ redactor: inout Redactor
  ) -> [UInt8] {
    shown(name, value, &redactor) { $0.headerValue(name: name, value: value) }
  }

  /// See ``Redactor/text(_:)``.
  mutating func text(_ text: [UInt8], _ redactor: inout Redactor) -> [UInt8] {
    shown(nil, text, &redactor) { $0.text(text) }
  }

  private mutating func shown(
    _ name: [UInt8]?, _ value: [UInt8], _ redactor: inout Redactor,
    _ redact: (inout Redactor) -> [UInt8]
  ) -> [UInt8] {
    guard value.count <= Self.longest else { return redact(&redactor) }
    let keys = redactor.keys.generation
    let hash = value.span.contentHash ^ UInt64(name?.count ?? 0)
    if let entry = entries[hash], entry.keys == keys, entry.name == name, entry.value == value {
      return entry.shown
    }
    let shown = redact(&redactor)
    // Where a key became known meanwhile, it isn't found again: no generation comes twice.
    entries[hash] = Entry(name, value, keys: keys, shown)
    return shown
  }
}
