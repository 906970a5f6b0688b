/// Numbers, decisions and bytes taken from the front of an input; zeros once it is used up.
struct InputBytes {
  private var rest: ArraySlice<UInt8>

  init(_ input: [UInt8]) { rest = input[...] }

  var isEmpty: Bool { rest.isEmpty }

  mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

  mutating func number() -> Int { Int(byte()) << 8 | Int(byte()) }

  mutating func take(_ count: Int) -> [UInt8] {
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  mutating func all() -> [UInt8] { take(rest.count) }

  /// A stream in pieces: how many cuts, and where.
  mutating func pieces(of stream: [UInt8], cuts: [Int]) -> [ArraySlice<UInt8>] {
    var pieces: [ArraySlice<UInt8>] = []
    var start = 0
    for cut in cuts.map({ min($0, stream.count) }).sorted() where cut > start {
      pieces.append(stream[start..<cut])
      start = cut
    }
    pieces.append(stream[start...])
    return pieces
  }
}
