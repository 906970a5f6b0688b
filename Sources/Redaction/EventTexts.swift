/// The texts that a stream carries in small pieces (`data: {"delta":{"content":"…"}}`), put together
/// as a client does it: a key that a model repeats comes in a dozen events.
///
/// A stream is one of `data:` lines, of JSON texts one after the other (NDJSON), or an array of them.
/// No list of names says which members carry pieces: any string may. They are joined
///
/// 1. by their path, with what tells parts of an answer apart (`index`, `output_index`, `item_id`, …),
/// 2. by their path alone,
/// 3. by the name of the member alone,
///
/// and `data:` lines as they are. All but the first may join what no client does: in doubt less is
/// shown.
struct EventTexts {
  /// Pieces that make one text, in their order.
  struct Group {
    var pieces: [Range<Int>]
    /// Whether a client joins them so.
    var isSure: Bool
  }

  /// The texts of more than one piece, the sure ones first; they are still escaped.
  static func groups(of bytes: [UInt8]) -> [Group] {
    guard mayBeStream(bytes) else { return [] }
    var texts = EventTexts(bytes)
    texts.read()
    guard texts.events > 1 || texts.lines.count > 1 else { return [] }
    texts.groups.append(Group(pieces: texts.lines, isSure: false))
    // Mostly the ways of joining come to the same.
    var known: Set<[Range<Int>]> = []
    let sorted = texts.groups.filter(\.isSure) + texts.groups.filter { !$0.isSure }
    return sorted.filter { $0.pieces.count > 1 && known.insert($0.pieces).inserted }
  }

  /// An array or object that isn't closed yet.
  private struct Node {
    var parent: Int
    /// The member's name, or the place in an array.
    var place: UInt64
    /// The name of the member that it belongs to.
    var member: UInt64
    var isArray: Bool
    /// Of the next value in it.
    var next: UInt64 = 0
    /// What tells it from others at the same path.
    var marks: UInt64 = 0
  }

  private static let deepest = 64
  private static let mark = Array("data:".utf8)
  private static let ids = ["item_id", "response_id"].map { hash($0.utf8) }
  private static let type = hash("type".utf8)

  private let bytes: [UInt8]
  private var groups: [Group] = []
  private var numbers: [UInt64: Int] = [:]
  private var lines: [Range<Int>] = []
  private var events = 0

  /// The nodes of the event that is read, parents first.
  private var nodes: [Node] = []
  private var stack: [Int] = []
  /// Levels beyond ``deepest``.
  private var deeper = 0
  private var pieces: [(range: Range<Int>, node: Int, place: UInt64, member: UInt64)] = []

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Whether there is more than one line that begins an event, or an array of them.
  private static func mayBeStream(_ bytes: [UInt8]) -> Bool {
    var found = 0
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "[") { return true }
      if bytes[index] == UInt8(ascii: "{") || Bytes.has(mark, at: index, in: bytes) {
        found += 1
        if found > 1 { return true }
      }
      while index < bytes.count, !isLineEnd(bytes[index]) { index += 1 }
      while index < bytes.count, Bytes.isBlank(bytes[index]) { index += 1 }
    }
    return false
  }

  private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  // MARK: - Reading

  private mutating func read() {
    var index = 0
    while index < bytes.count {
      var end = index
      while end < bytes.count, !Self.isLineEnd(bytes[end]) { end += 1 }
      take(index..<end)
      index = end + 1
    }
    finishEvent()
  }

  private mutating func take(_ line: Range<Int>) {
    var start = line.lowerBound
    let hasMark = Bytes.has(Self.mark, at: start, in: bytes)
    if hasMark { start += Self.mark.count }
    if hasMark, start < line.upperBound, bytes[start] == 0x20 { start += 1 }
    guard start < line.upperBound else { return }
    if hasMark { lines.append(start..<line.upperBound) }
    var first = start
    while first < line.upperBound, Bytes.isBlank(bytes[first]) { first += 1 }
    guard first < line.upperBound else { return }
    if !stack.isEmpty, first == start, Bytes.has([0x7B, 0x22], at: start, in: bytes),
      !isInOuterArray
    {
      // The event before wasn't whole.
      finishEvent()
      drop()
    }
    if stack.isEmpty, ![0x7B, 0x5B, 0x22, 0x2C].contains(bytes[first]) { return }
    scan(first..<line.upperBound)
  }

  /// Whether the next value is an element of an array that is the whole text.
  private var isInOuterArray: Bool { stack.count == 1 && deeper == 0 && nodes[stack[0]].isArray }

  private mutating func scan(_ line: Range<Int>) {
    var index = line.lowerBound
    while index < line.upperBound {
      let byte = bytes[index]
      index += 1
      switch byte {
      case 0x7B, 0x5B: open(isArray: byte == 0x5B)
      case 0x7D, 0x5D: close()
      case 0x2C: nextElement()
      case 0x22: index = string(from: index, line)
      case 0x30...0x39:
        let start = index - 1
        while index < line.upperBound, Bytes.isAlphanumeric(bytes[index]) { index += 1 }
        note(start..<index)
      default: break
      }
    }
  }

  private mutating func open(isArray: Bool) {
    guard stack.count < Self.deepest else {
      deeper &+= 1
      return
    }
    let parent = stack.last ?? -1
    let place = parent < 0 ? 0 : nodes[parent].next
    let member = parent < 0 ? 0 : nodes[parent].isArray ? nodes[parent].member : place
    nodes.append(Node(parent: parent, place: place, member: member, isArray: isArray))
    stack.append(nodes.count - 1)
  }

  private mutating func close() {
    if deeper > 0 {
      deeper &-= 1
    } else if stack.popLast() != nil {
      if stack.isEmpty || isInOuterArray { finishEvent() }
    }
  }

  private mutating func nextElement() {
    guard deeper == 0, let last = stack.last, nodes[last].isArray else { return }
    if stack.count == 1 {
      finishEvent()
    } else {
      nodes[last].next &+= 1
    }
  }

  /// A string behind its quote: a member's name, or a value.
  /// - Returns: where to go on.
  private mutating func string(from start: Int, _ line: Range<Int>) -> Int {
    var end = start
    while end < line.upperBound, bytes[end] != 0x22 { end += bytes[end] == 0x5C ? 2 : 1 }
    end = min(end, line.upperBound)
    let text = start..<end
    var next = min(end + 1, line.upperBound)
    while next < line.upperBound, Bytes.isBlank(bytes[next]) { next += 1 }
    if next < line.upperBound, bytes[next] == 0x3A {
      if let last = stack.last, !nodes[last].isArray {
        nodes[last].next = Self.hash(bytes[text])
      }
      return next + 1
    }
    let last = stack.last ?? -1
    let place = last < 0 ? 0 : nodes[last].next
    let member = last < 0 ? 0 : nodes[last].isArray ? nodes[last].member : place
    if !text.isEmpty { pieces.append((text, last, place, member)) }
    if last >= 0, !nodes[last].isArray {
      // A tool call tells its type once, and an event each time.
      let isEvent = stack.count == 1 || (stack.count == 2 && nodes[stack[0]].isArray)
      if (isEvent && place == Self.type) || Self.ids.contains(place) { mark(last, text) }
    }
    if last < 0 { finishEvent() }
    return next
  }

  /// A number: a member whose name ends in `index` tells parts apart.
  private mutating func note(_ digits: Range<Int>) {
    guard deeper == 0, let last = stack.last, !nodes[last].isArray else { return }
    var end = digits.lowerBound
    while end > 0, Bytes.isBlank(bytes[end - 1]) || bytes[end - 1] == 0x3A { end -= 1 }
    if Bytes.has(Self.index, at: end - Self.index.count, in: bytes) { mark(last, digits) }
  }

  private static let index = Array("index\"".utf8)

  private mutating func mark(_ node: Int, _ value: Range<Int>) {
    nodes[node].marks &+= Self.mixed(nodes[node].next, Self.hash(bytes[value]))
  }

  // MARK: - Joining

  private mutating func finishEvent() {
    defer { drop(keepingArray: isInOuterArray) }
    guard !pieces.isEmpty else { return }
    events += 1
    var sure: [UInt64] = []
    var plain: [UInt64] = []
    sure.reserveCapacity(nodes.count)
    plain.reserveCapacity(nodes.count)
    for node in nodes {
      let above = node.parent < 0 ? (1, 2) : (sure[node.parent], plain[node.parent])
      plain.append(Self.mixed(above.1, node.place))
      // An index counts for more than the place that an element has in this event.
      let isMarked = node.marks != 0 && node.parent >= 0 && nodes[node.parent].isArray
      sure.append(Self.mixed(Self.mixed(above.0, isMarked ? 0 : node.place), node.marks))
    }
    for piece in pieces {
      let path = piece.node < 0 ? (1, 2) : (sure[piece.node], plain[piece.node])
      add(piece.range, Self.mixed(path.0, piece.place), isSure: true)
      add(piece.range, Self.mixed(path.1, piece.place), isSure: false)
      add(piece.range, Self.mixed(3, piece.member), isSure: false)
    }
  }

  private mutating func add(_ piece: Range<Int>, _ key: UInt64, isSure: Bool) {
    if let number = numbers[key] {
      groups[number].pieces.append(piece)
    } else {
      numbers[key] = groups.count
      groups.append(Group(pieces: [piece], isSure: isSure))
    }
  }

  /// Makes ready for the next event.
  private mutating func drop(keepingArray: Bool = false) {
    pieces.removeAll(keepingCapacity: true)
    if keepingArray {
      nodes.removeLast(nodes.count - 1)
    } else {
      nodes.removeAll(keepingCapacity: true)
      stack.removeAll(keepingCapacity: true)
      deeper = 0
    }
  }

  private static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
    // FNV-1a. Where two names meet in one number, more is joined.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash
  }

  private static func mixed(_ first: UInt64, _ second: UInt64) -> UInt64 {
    var mixed = (first ^ second &* 0x9E37_79B9_7F4A_7C15) &* 0xD6E8_FEB8_6659_FD93
    mixed ^= mixed >> 32
    return mixed
  }
}
