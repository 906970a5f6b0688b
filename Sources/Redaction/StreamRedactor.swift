/// Redacts a text that comes in pieces, such as the chunks of a body or the deltas of an event stream:
/// a secret that is split over two pieces is found.
///
/// It holds back as many bytes as the longest registered form can take when every byte of it is
/// escaped (at least ``shortestHold``), and what belongs to a word or a secret that isn't complete. So
/// what ``feed(_:through:)`` returns comes later than what was fed.
public struct StreamRedactor: Sendable {
  /// Bytes that are held back at least: enough for the known shapes and for names of members.
  public static let shortestHold = 512
  /// Bytes that are held back at most, however long a word or a secret gets.
  public static let longestHold = 1 << 17

  /// Bytes already given out that the next search looks at: what precedes a value decides about it.
  private static let contextLength = 256

  /// The last bytes given out, as they came, then the bytes held back.
  private var bytes: [UInt8] = []
  private var given = 0
  /// Bytes held back at which the next search is worth its time.
  private var searchedFrom = 0

  /// A redactor for one text.
  public init() {}

  /// Takes the next piece, and returns what can be shown by now.
  public mutating func feed(
    _ piece: some Sequence<UInt8>, through redactor: inout Redactor
  ) -> [UInt8] {
    if redactor.isShowingSecrets { return Array(piece) }
    bytes.append(contentsOf: piece)
    let hold = Self.hold(redactor)
    // Not for every small piece: each search looks at all that is held back.
    guard bytes.count - given > max(hold + hold / 4, searchedFrom) else { return [] }
    let ranges = Redactor.merged(redactor.secrets(in: bytes))
    let output = give(upTo: end(hold, ranges), ranges, through: &redactor)
    searchedFrom = (bytes.count - given) / 4 * 5
    return output
  }

  /// Returns what is held back. Afterwards the redactor is ready for another text.
  public mutating func finish(through redactor: inout Redactor) -> [UInt8] {
    let ranges = Redactor.merged(redactor.secrets(in: bytes))
    let output = give(upTo: bytes.count, ranges, through: &redactor)
    bytes = []
    given = 0
    searchedFrom = 0
    return output
  }

  private static func hold(_ redactor: Redactor) -> Int {
    // `\u0073`: six bytes for one.
    min(longestHold / 2, max(shortestHold, redactor.keys.longestForm &* 6))
  }

  /// How far the bytes can be given out: no word and no secret is cut.
  private func end(_ hold: Int, _ ranges: [SecretRange]) -> Int {
    let wished = bytes.count - hold
    var end = wished
    while end > given, Self.isInWord(bytes[end - 1]), Self.isInWord(bytes[end]) { end -= 1 }
    // A word of thousands of bytes, such as an image in base64: it is cut.
    if wished - end > Self.longestHold / 4 { end = wished }
    guard let cut = ranges.first(where: { $0.range.contains(end - 1) && $0.range.upperBound > end })
    else { return end }
    if bytes.count - given > Self.longestHold { return cut.range.upperBound }
    return max(given, cut.range.lowerBound)
  }

  private mutating func give(
    upTo end: Int, _ ranges: [SecretRange], through redactor: inout Redactor
  ) -> [UInt8] {
    guard end > given else { return [] }
    let output = redactor.replacing(ranges, in: bytes, given..<end)
    let kept = max(0, end - Self.contextLength)
    bytes.removeFirst(kept)
    given = end - kept
    return output
  }

  /// Whether a byte can belong to a secret together with its neighbour.
  private static func isInWord(_ byte: UInt8) -> Bool {
    Bytes.isToken(byte) || (byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: ",")) || byte >= 0x80
  }
}
