/// A pattern for paths and names: `*`, `**`, `?` and `[…]`; everything else stands for itself.
///
/// | pattern | matches |
/// |---|---|
/// | `*` | any run of bytes, also none; in `.path` mode without `/` |
/// | `**` | any run of bytes, also none |
/// | `a/**/b` | `.path` mode: also `a/b`, no segment between |
/// | `?` | one character; in `.path` mode not `/` |
/// | `[abc]`, `[a-z]`, `[!a]`, `[^a]` | one ASCII character of the set, or one outside it |
///
/// There is no escape: a literal `*` is `[*]`. All states of the pattern are followed at the same
/// time, so a match takes at most (bytes × pattern) steps whatever the two hold: `*a*a*a*b` can't
/// blow up. Bytes that are no UTF-8 are matched by `*` and `**`.
public struct Glob: Hashable, Sendable, CustomStringConvertible {
  /// What `*` and `?` may run over.
  public enum Mode: Hashable, Sendable {
    /// `/` separates segments and is matched only by itself and by `**`.
    case path
    /// `/` is a byte like any other.
    case text
  }

  /// The longest pattern that is read, in bytes; with a head's cap it bounds the time of a match.
  public static let longestPattern = 512

  /// The pattern as it was written.
  public let text: String
  public let mode: Mode

  private let isCaseIgnored: Bool
  private let tokens: [Token]
  /// Set if the pattern holds no wildcard, which is the usual case and needs no states.
  private let literal: [UInt8]?

  private enum Token: Hashable {
    case literal(UInt8)
    /// The first byte of a character; `continuation` follows and takes the rest of it.
    case character(ByteSet)
    case continuation
    /// A run of bytes of the set.
    case run(ByteSet)
    /// Goes on with the next token, or behind the `count` next ones.
    case optional(count: Int)
  }

  /// Reads a pattern.
  ///
  /// - Parameters:
  ///   - ignoringCase: whether ASCII letters match in either case.
  ///   - classes: whether `[` begins a set. Off where brackets are ordinary, as in `[::1]:4000`.
  /// - Throws: `GlobError` for an empty or overlong pattern, or a broken set.
  public init(
    _ text: String, mode: Mode, ignoringCase: Bool = false, classes: Bool = true
  ) throws(GlobError) {
    let pattern = Array(text.utf8)
    guard !pattern.isEmpty else { throw GlobError(code: .empty, offset: 0) }
    guard pattern.count <= Self.longestPattern else {
      throw GlobError(code: .tooLong, offset: Self.longestPattern)
    }
    self.text = text
    self.mode = mode
    self.isCaseIgnored = ignoringCase

    let withinSegment: ByteSet = mode == .path ? .all.subtracting(0x2F) : .all
    var tokens: [Token] = []
    var position = 0
    while position < pattern.count {
      let byte = pattern[position]
      switch byte {
      case UInt8(ascii: "*"):
        var end = position + 1
        while end < pattern.count, pattern[end] == UInt8(ascii: "*") { end += 1 }
        let isDouble = end - position > 1
        let opensSegment = position == 0 || pattern[position - 1] == UInt8(ascii: "/")
        if isDouble, mode == .path, opensSegment, end < pattern.count,
          pattern[end] == UInt8(ascii: "/")
        {
          tokens += [.optional(count: 2), .run(.all), .literal(UInt8(ascii: "/"))]
          end += 1
        } else {
          tokens.append(.run(isDouble ? .all : withinSegment))
        }
        position = end
      case UInt8(ascii: "?"):
        tokens += [.character(withinSegment.subtracting(.continuations)), .continuation]
        position += 1
      case UInt8(ascii: "[") where classes:
        let (set, end) = try Self.readClass(pattern, at: position, ignoringCase: ignoringCase)
        tokens += [.character(mode == .path ? set.subtracting(0x2F) : set), .continuation]
        position = end
      default:
        tokens.append(.literal(ignoringCase ? ByteSet.lowercase(byte) : byte))
        position += 1
      }
    }
    var literal: [UInt8]? = []
    for token in tokens {
      if case .literal(let byte) = token { literal?.append(byte) } else { literal = nil }
    }
    self.tokens = tokens
    self.literal = literal
  }

  /// The pattern as it was written.
  public var description: String { text }

  /// Whether the pattern holds no wildcard.
  public var isLiteral: Bool { literal != nil }

  /// Whether the whole of the text matches.
  public func matches(_ text: String) -> Bool {
    matches(text.utf8)
  }

  /// Whether the whole of the bytes match.
  ///
  /// - Complexity: at most the number of bytes times the length of the pattern.
  public func matches(_ bytes: some Sequence<UInt8>) -> Bool {
    if let literal {
      return isCaseIgnored
        ? bytes.lazy.map(ByteSet.lowercase).elementsEqual(literal) : bytes.elementsEqual(literal)
    }
    var states = States(tokens)
    for byte in bytes {
      let folded = isCaseIgnored ? ByteSet.lowercase(byte) : byte
      states.step(folded)
      if states.isDecided { return states.isAccepted }
    }
    return states.isAccepted
  }

  /// The places in the pattern that the bytes so far can have reached.
  private struct States {
    private let tokens: [Token]
    private var current: [Int] = []
    private var next: [Int] = []
    /// For each place the last round that reached it: keeps `next` free of repeats.
    private var reached: [Int]
    private var round = 0

    init(_ tokens: [Token]) {
      self.tokens = tokens
      reached = [Int](repeating: -1, count: tokens.count + 1)
      add(0)
      swap(&current, &next)
    }

    var isAccepted: Bool {
      current.contains(tokens.count) || endsInAnything
    }

    /// Whether no further byte can change the answer.
    var isDecided: Bool { current.isEmpty || endsInAnything }

    private var endsInAnything: Bool {
      guard case .run(.all)? = tokens.last else { return false }
      return current.contains(tokens.count - 1)
    }

    mutating func step(_ byte: UInt8) {
      round += 1
      next.removeAll(keepingCapacity: true)
      for place in current where place < tokens.count {
        switch tokens[place] {
        case .literal(let expected): if byte == expected { add(place + 1) }
        case .character(let set): if set.contains(byte) { add(place + 1) }
        case .continuation: if ByteSet.continuations.contains(byte) { add(place) }
        case .run(let set): if set.contains(byte) { add(place) }
        case .optional: break
        }
      }
      swap(&current, &next)
    }

    /// Adds a place and those reachable from it without a byte.
    ///
    /// Recursion goes only forward in a pattern of at most `longestPattern` bytes.
    private mutating func add(_ place: Int) {
      guard place < reached.count, reached[place] != round else { return }
      reached[place] = round
      next.append(place)
      guard place < tokens.count else { return }
      switch tokens[place] {
      case .run, .continuation: add(place + 1)
      case .optional(let count):
        add(place + 1)
        add(place + 1 + count)
      case .literal, .character: break
      }
    }
  }

  /// Reads `[…]`; a `]` directly behind the opening stands for itself, as in a shell.
  private static func readClass(
    _ pattern: [UInt8], at start: Int, ignoringCase: Bool
  ) throws(GlobError) -> (set: ByteSet, end: Int) {
    var position = start + 1
    var isNegated = false
    if position < pattern.count, pattern[position] == 0x21 || pattern[position] == 0x5E {
      isNegated = true
      position += 1
    }
    var set = ByteSet()
    let first = position
    while position < pattern.count, pattern[position] != UInt8(ascii: "]") || position == first {
      let low = pattern[position]
      guard low < 0x80 else { throw GlobError(code: .classBeyondASCII, offset: position) }
      var high = low
      if position + 2 < pattern.count, pattern[position + 1] == UInt8(ascii: "-"),
        pattern[position + 2] != UInt8(ascii: "]")
      {
        high = pattern[position + 2]
        guard high < 0x80 else { throw GlobError(code: .classBeyondASCII, offset: position + 2) }
        guard high >= low else { throw GlobError(code: .emptyRange, offset: position) }
        position += 2
      }
      for byte in low...high { set.insert(ignoringCase ? ByteSet.lowercase(byte) : byte) }
      position += 1
    }
    guard position < pattern.count else { throw GlobError(code: .openClass, offset: start) }
    return (isNegated ? set.inverted.subtracting(.continuations) : set, position + 1)
  }
}
