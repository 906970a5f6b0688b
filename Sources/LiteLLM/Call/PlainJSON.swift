/// Reads JSON as nearly everybody writes it, without making anything but what is asked for.
///
/// It isn't the one who says what is JSON: at whatever is written in an unusual way it gives up, and the
/// decoder has the word. What it reads, the decoder would read in the same way.
struct PlainJSON {
  /// Something is written in an unusual way, or is no JSON.
  struct Unusual: Error {}

  /// Levels of arrays and objects; no API has as many.
  private static let depthLimit = 64
  /// A number of so many digits is the same to all readers.
  private static let digitLimit = 15

  private let bytes: [UInt8]
  private var index = 0
  private var depth = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Whether nothing but blanks follows.
  mutating func end() throws(Unusual) {
    skipBlanks()
    guard index == bytes.count else { throw Unusual() }
  }

  // MARK: Objects and arrays

  /// Reads an object.
  ///
  /// - Parameter member: reads or skips the value of the member of this name.
  /// - Returns: `false` where the value is none; then it was skipped.
  mutating func object(
    _ member: (Name, inout PlainJSON) throws(Unusual) -> Void
  ) throws(Unusual) -> Bool {
    guard begins(with: 0x7B) else {
      try skip()
      return false
    }
    try down()
    var isFirst = true
    while try next(isFirst, end: 0x7D) {
      isFirst = false
      let range = try plainString()
      guard begins(with: 0x3A) else { throw Unusual() }
      index &+= 1
      try member(Name(bytes: bytes[range]), &self)
    }
    return true
  }

  /// Reads an array.
  ///
  /// - Parameter element: reads or skips the next one.
  /// - Returns: `false` where the value is none; then it was skipped.
  mutating func array(
    _ element: (inout PlainJSON) throws(Unusual) -> Void
  ) throws(Unusual) -> Bool {
    guard begins(with: 0x5B) else {
      try skip()
      return false
    }
    try down()
    var isFirst = true
    while try next(isFirst, end: 0x5D) {
      isFirst = false
      try element(&self)
    }
    return true
  }

  /// The name of a member, without escapes.
  struct Name {
    fileprivate let bytes: ArraySlice<UInt8>

    static func ~= (name: StaticString, own: Name) -> Bool {
      guard name.utf8CodeUnitCount == own.bytes.count else { return false }
      return name.withUTF8Buffer { unsafe own.bytes.elementsEqual($0) }
    }
  }

  /// Members that were met: which of two of a name counts is the decoder's affair.
  struct Once {
    private var met: UInt64 = 0

    mutating func callAsFunction(_ number: UInt64) throws(Unusual) {
      guard met >> number & 1 == 0 else { throw Unusual() }
      met |= 1 << number
    }
  }

  private mutating func down() throws(Unusual) {
    index &+= 1
    depth &+= 1
    if depth > Self.depthLimit { throw Unusual() }
  }

  /// Goes to the next member or element, or past the end.
  private mutating func next(_ isFirst: Bool, end: UInt8) throws(Unusual) -> Bool {
    if begins(with: end) {
      index &+= 1
      depth &-= 1
      return false
    }
    guard !isFirst else { return true }
    guard begins(with: 0x2C) else { throw Unusual() }
    index &+= 1
    return true
  }

  // MARK: Values

  /// - Returns: `nil` where the value is no text; then it was skipped.
  mutating func text() throws(Unusual) -> String? {
    guard begins(with: 0x22) else {
      try skip()
      return nil
    }
    return String(decoding: bytes[try plainString()], as: UTF8.self)
  }

  /// Whether the value that comes is a text.
  mutating func isAtText() -> Bool { begins(with: 0x22) }

  /// - Returns: `nil` where the value is no number; then it was skipped.
  mutating func integer() throws(Unusual) -> Int? {
    skipBlanks()
    guard index < bytes.count, bytes[index] == 0x2D || isDigit(index) else {
      try skip()
      return nil
    }
    let start = index
    try skipNumber()
    let digits = bytes[start..<index]
    guard digits.allSatisfy({ $0 == 0x2D || 0x30...0x39 ~= $0 }), digits.count <= Self.digitLimit,
      let value = Int(String(decoding: digits, as: UTF8.self))
    else { throw Unusual() }
    return value
  }

  /// - Returns: `nil` where the value is neither `true` nor `false`; then it was skipped.
  mutating func boolean() throws(Unusual) -> Bool? {
    skipBlanks()
    let start = index
    try skip()
    return switch bytes[start] {
    case 0x74: true
    case 0x66: false
    default: nil
    }
  }

  /// - Returns: whether the value was `null`, and is skipped.
  mutating func skipNull() throws(Unusual) -> Bool {
    guard begins(with: 0x6E) else { return false }
    try skip()
    return true
  }

  /// Goes past a value of any type.
  mutating func skip() throws(Unusual) {
    skipBlanks()
    guard index < bytes.count else { throw Unusual() }
    switch bytes[index] {
    case 0x22: try skipString()
    case 0x7B: _ = try object { _, json throws(Unusual) in try json.skip() }
    case 0x5B: _ = try array { json throws(Unusual) in try json.skip() }
    case 0x74: try skip("true")
    case 0x66: try skip("false")
    case 0x6E: try skip("null")
    default: try skipNumber()
    }
  }

  // MARK: Characters

  private mutating func skipBlanks() {
    while index < bytes.count {
      switch bytes[index] {
      case 0x20, 0x09, 0x0A, 0x0D: index &+= 1
      default: return
      }
    }
  }

  private mutating func begins(with byte: UInt8) -> Bool {
    skipBlanks()
    return index < bytes.count && bytes[index] == byte
  }

  private func isDigit(_ index: Int) -> Bool {
    index < bytes.count && 0x30...0x39 ~= bytes[index]
  }

  /// - Returns: what stands between the quotes: printable ASCII, and nothing escaped.
  private mutating func plainString() throws(Unusual) -> Range<Int> {
    guard begins(with: 0x22) else { throw Unusual() }
    let start = index &+ 1
    var at = start
    while at < bytes.count, bytes[at] != 0x22 {
      guard 0x20..<0x7F ~= bytes[at], bytes[at] != 0x5C else { throw Unusual() }
      at &+= 1
    }
    guard at < bytes.count else { throw Unusual() }
    index = at &+ 1
    return start..<at
  }

  private mutating func skipString() throws(Unusual) {
    var at = index &+ 1
    while at < bytes.count, bytes[at] != 0x22 {
      guard bytes[at] >= 0x20 else { throw Unusual() }
      at &+= bytes[at] == 0x5C ? try escape(at) : 1
    }
    guard at < bytes.count else { throw Unusual() }
    index = at &+ 1
  }

  /// - Returns: the length of the escape that begins there (RFC 8259, 7).
  private func escape(_ at: Int) throws(Unusual) -> Int {
    guard at &+ 1 < bytes.count else { throw Unusual() }
    switch bytes[at &+ 1] {
    case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: return 2
    case 0x75:
      let digits = bytes[(at &+ 2)...].prefix(4)
      guard digits.count == 4,
        digits.allSatisfy({ 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 | 0x20 })
      else { throw Unusual() }
      return 6
    default: throw Unusual()
    }
  }

  private mutating func skip(_ word: StaticString) throws(Unusual) {
    let count = word.utf8CodeUnitCount
    guard bytes.count &- index >= count,
      word.withUTF8Buffer({ unsafe bytes[index..<(index &+ count)].elementsEqual($0) })
    else { throw Unusual() }
    index &+= count
  }

  /// RFC 8259, 6.
  private mutating func skipNumber() throws(Unusual) {
    if index < bytes.count, bytes[index] == 0x2D { index &+= 1 }
    let first = index
    try skipDigits()
    // No noughts in front.
    if bytes[first] == 0x30, index > first &+ 1 { throw Unusual() }
    if index < bytes.count, bytes[index] == 0x2E {
      index &+= 1
      try skipDigits()
    }
    if index < bytes.count, bytes[index] | 0x20 == 0x65 {
      index &+= 1
      if index < bytes.count, bytes[index] == 0x2B || bytes[index] == 0x2D { index &+= 1 }
      try skipDigits()
    }
  }

  private mutating func skipDigits() throws(Unusual) {
    guard isDigit(index) else { throw Unusual() }
    while isDigit(index) { index &+= 1 }
  }
}
