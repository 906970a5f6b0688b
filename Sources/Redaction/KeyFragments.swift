/// Finds parts of keys: what a hole in a capture, the end of a packet, or the next event of a stream
/// leaves of one. Half a key narrows the rest down, and says whose it is.
///
/// A part is found where eight letters and digits in a row are those of a key, or of its base64, and
/// change at least three times between small letters, capitals and digits. Words don't, so that a key
/// like `sk-my-project-key` doesn't shred prose; nearly every random key does. From there the part
/// reaches as far as it agrees with the key.
struct KeyFragments: Sendable {
  private static let length = 8
  private static let fewestChanges = 3
  /// Different windows of all keys together; keys beyond that are found only whole.
  private static let mostWindows = 1 << 17

  private struct Place: Sendable {
    var form: Int32
    var offset: Int32
  }

  private var forms: [(bytes: [UInt8], entry: Int)] = []
  private var places: [UInt64: Place] = [:]
  /// Which windows may be there: nearly all text is passed over by it.
  private var sieve: [UInt64] = []

  var isEmpty: Bool { places.isEmpty }

  /// Remembers a key, or its base64.
  mutating func add(_ form: [UInt8], of entry: Int) {
    guard form.count <= KeyRing.longestSearched,
      places.count &+ form.count <= Self.mostWindows
    else { return }
    if sieve.isEmpty { sieve = [UInt64](repeating: 0, count: 1 << 12) }
    let number = Int32(truncatingIfNeeded: forms.count)
    forms.append((form, entry))
    var window = Window()
    for (index, byte) in form.enumerated() where window.take(byte) {
      let place = Place(form: number, offset: Int32(truncatingIfNeeded: index))
      if places.updateValue(place, forKey: window.bytes) == nil {
        let (word, bit) = Self.slot(window.bytes)
        sieve[word] |= bit
      }
    }
  }

  /// The places of parts in `bytes`, in one pass.
  func matches(in bytes: [UInt8]) -> [(range: Range<Int>, entry: Int)] {
    guard !places.isEmpty, bytes.count >= Self.length else { return [] }
    var found: [(range: Range<Int>, entry: Int)] = []
    var window = Window()
    var start = 0
    var index = 0
    let count = bytes.count
    while index < count {
      let isWhole = window.take(bytes[index])
      index += 1
      guard isWhole else { continue }
      let (word, bit) = Self.slot(window.bytes)
      guard sieve[word] & bit != 0, let place = places[window.bytes] else { continue }
      let (form, entry) = forms[Int(place.form)]
      var lower = index - Self.length
      var first = Int(place.offset) - Self.length + 1
      while lower > start, first > 0, bytes[lower - 1] == form[first - 1] {
        lower -= 1
        first -= 1
      }
      var last = Int(place.offset) + 1
      while index < count, last < form.count, bytes[index] == form[last] {
        index += 1
        last += 1
      }
      found.append((lower..<index, entry))
      start = index
      window = Window()
    }
    return found
  }

  private static func slot(_ window: UInt64) -> (word: Int, bit: UInt64) {
    let hash = (window &* 0x9E37_79B9_7F4A_7C15) >> 46
    return (Int(truncatingIfNeeded: hash >> 6), 1 << (hash & 63))
  }

  /// The last eight bytes, as far as they are letters and digits.
  private struct Window {
    var bytes: UInt64 = 0
    private var run = 0
    /// A bit for each of the last bytes: whether its kind is another than that of the one before.
    private var changes: UInt8 = 0
    private var kind: UInt8 = 0

    /// - Returns: whether there are eight now that no language writes.
    @inline(__always)
    mutating func take(_ byte: UInt8) -> Bool {
      let next: UInt8 =
        Bytes.isLower(byte) ? 1 : Bytes.isDigit(byte) ? 2 : Bytes.isUpper(byte) ? 3 : 0
      guard next != 0 else {
        run = 0
        kind = 0
        return false
      }
      // The first byte of the eight has nothing before it to differ from.
      changes = (changes << 1 | (next != kind && run > 0 ? 1 : 0)) & 0x7F
      bytes = bytes << 8 | UInt64(byte)
      kind = next
      run &+= 1
      return run >= KeyFragments.length
        && changes.nonzeroBitCount >= KeyFragments.fewestChanges
    }
  }
}
