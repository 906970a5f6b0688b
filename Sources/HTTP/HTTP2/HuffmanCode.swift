internal import Wire

/// The Huffman code of header strings (RFC 7541, appendix B). It is canonical, so that the lengths
/// of its 257 words say all: those of one length count on in the order of their symbols.
struct HuffmanCode: Sendable {
  static let shared = HuffmanCode()

  private static let endSymbol: UInt16 = 256

  /// By the next 8 bits: a symbol and, from bit 9 on, its length; 0 for words longer than that.
  private var short = [UInt16](repeating: 0, count: 256)
  /// Of each length the first word, how many words there are, and the place of the first in
  /// ``symbols``.
  private var first = [UInt32](repeating: 0, count: 31)
  private var counts = [UInt32](repeating: 0, count: 31)
  private var places = [Int](repeating: 0, count: 31)
  private var symbols: [UInt16] = []

  private init() {
    var word: UInt32 = 0
    for length in 1...30 {
      word <<= 1
      first[length] = word
      places[length] = symbols.count
      for symbol in Self.lengths.indices where Self.lengths[symbol] == UInt8(length) {
        symbols.append(UInt16(symbol))
        if length <= 8 {
          let start = Int(word) << (8 - length)
          for index in start..<(start + 1 << (8 - length)) {
            short[index] = UInt16(length) << 9 | UInt16(symbol)
          }
        }
        word += 1
        counts[length] += 1
      }
    }
  }

  /// Appends what a coded string says.
  ///
  /// - Parameter range: of `bytes`, and inside of them.
  func decode(
    _ bytes: borrowing Span<UInt8>, _ range: Range<Int>, into text: inout [UInt8]
  ) throws(HPACKError) {
    let short = short.span
    var at = range.lowerBound
    // The bits that are read and not used yet stand at the low end of the window.
    var window: UInt64 = 0
    var bits = 0
    while true {
      while bits <= 56, at < range.upperBound {
        window = window &<< 8 | UInt64(bytes[at])
        bits &+= 8
        at &+= 1
      }
      // Behind the string's end stand ones, of which padding is made.
      let next =
        bits >= 32
        ? UInt32(truncatingIfNeeded: window &>> UInt64(bits &- 32))
        : UInt32(truncatingIfNeeded: window &<< UInt64(32 &- bits))
          | (bits == 0 ? UInt32.max : UInt32(1) &<< UInt32(32 &- bits) &- 1)
      let entry = short[Int(next &>> 24)]
      let (symbol, length) =
        entry == 0 ? longWord(next) : (entry & 0x1FF, Int(entry &>> 9))
      guard length <= bits else {
        guard next == .max, bits < 8 else { throw .huffmanPadding }
        return
      }
      guard symbol != Self.endSymbol else { throw .huffmanEOS }
      text.append(UInt8(truncatingIfNeeded: symbol))
      bits &-= length
    }
  }

  /// A word of more than 8 bits at the high end of `next`.
  private func longWord(_ next: UInt32) -> (symbol: UInt16, length: Int) {
    for length in 10...30 {
      let place = next &>> UInt32(32 &- length) &- first[length]
      if place < counts[length] { return (symbols[places[length] &+ Int(place)], length) }
    }
    // The code has a word for all bits; the last of them is the end symbol.
    return (Self.endSymbol, 30)
  }

  static let lengths: [UInt8] = [
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
    28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
    6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
    5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
    13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
    7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
    15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
    6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
    20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
    24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
    22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
    21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
    26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
    19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
    20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
    26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
    30,
  ]
}
