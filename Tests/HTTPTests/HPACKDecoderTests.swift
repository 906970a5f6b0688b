import Testing

@testable import HTTP
@testable import Wire

func bytes(hex: String) -> [UInt8] {
  let digits = hex.filter { $0 != " " }
  return stride(from: 0, to: digits.count, by: 2).map { place in
    let start = digits.index(digits.startIndex, offsetBy: place)
    return UInt8(digits[start..<digits.index(start, offsetBy: 2)], radix: 16) ?? 0
  }
}

/// Fields as `name: value`, unknown parts as `?`.
func lines(_ section: FieldSection) -> [String] {
  section.fields.map { field in
    let name = field.isNameUnknown ? "?" : text(section.name(of: field)) ?? ""
    let value = field.isValueUnknown ? "?" : text(section.value(of: field)) ?? ""
    return "\(name): \(value)"
  }
}

extension HPACKDecoder {
  mutating func fields(_ hex: String) throws -> [String] {
    try fields(bytes(hex: hex))
  }

  mutating func fields(_ block: [UInt8]) throws -> [String] {
    var section = FieldSection()
    try decode(block.span, into: &section)
    return lines(section)
  }
}

private func error(_ hex: String, in decoder: HPACKDecoder = HPACKDecoder()) -> HPACKError? {
  var decoder = decoder
  var section = FieldSection()
  do throws(HPACKError) {
    try decoder.decode(bytes(hex: hex).span, into: &section)
    return nil
  } catch {
    #expect(section.error == error)
    return error
  }
}

/// RFC 7541, and what it leaves to a witness.
@Suite struct HPACKDecoderTests {
  // MARK: Appendix C

  @Test func integersAreThoseOfAppendixC1() throws {
    for (octets, bits, value) in [
      ([0x0A], 5, 10), ([0x1F, 0x9A, 0x0A], 5, 1337), ([0x2A], 8, 42),
      ([0xFF, 0x80, 0x00], 7, 127), ([0xFF, 0x80, 0xFF, 0xFF, 0xFF, 0x0F], 7, 0xFFFF_FFFF),
    ] as [([UInt8], Int, Int)] {
      var at = 0
      #expect(try HPACKDecoder.integer(octets.span, &at, bits: bits) == value)
      #expect(at == octets.count)
    }
    #expect(error("ff 81 ff ff ff 0f") == .integerOverflow)
    #expect(error("ff 80 80 80 80 80 00") == .integerOverflow)
  }

  @Test func fieldsAreThoseOfAppendixC2() throws {
    var decoder = HPACKDecoder()
    let indexed = try decoder.fields(
      "400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572")
    #expect(indexed == ["custom-key: custom-header"])
    #expect(try decoder.fields("be") == indexed)
    #expect(
      try decoder.fields("040c 2f73 616d 706c 652f 7061 7468") == [":path: /sample/path"])
    #expect(
      try decoder.fields("1008 7061 7373 776f 7264 0673 6563 7265 74") == ["password: secret"])
    #expect(try decoder.fields("82") == [":method: GET"])
    // Neither of the two before was added.
    #expect(error("bf", in: decoder) == .invalidIndex)
  }

  @Test(arguments: [
    [
      "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
      "8286 84be 5808 6e6f 2d63 6163 6865",
      "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
    ],
    [
      "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff", "8286 84be 5886 a8eb 1064 9cbf",
      "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
    ],
  ]) func requestsAreThoseOfAppendixC3AndC4(_ blocks: [String]) throws {
    var decoder = HPACKDecoder()
    #expect(
      try decoder.fields(blocks[0]) == [
        ":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com",
      ])
    #expect(
      try decoder.fields(blocks[1]) == [
        ":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com",
        "cache-control: no-cache",
      ])
    #expect(
      try decoder.fields(blocks[2]) == [
        ":method: GET", ":scheme: https", ":path: /index.html", ":authority: www.example.com",
        "custom-key: custom-value",
      ])
  }

  /// A table of 256 bytes, out of which entries fall.
  @Test(arguments: [
    [
      "4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a"
        + "3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
      "4803 3330 37c1 c0bf",
      "88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04"
        + "677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49"
        + "553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31",
    ],
    [
      "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e"
        + "919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3",
      "4883 640e ffc1 c0bf",
      "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7"
        + "821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed"
        + "4ee5 b106 3d50 07",
    ],
  ]) func responsesAreThoseOfAppendixC5AndC6(_ blocks: [String]) throws {
    var decoder = HPACKDecoder(tableSize: 256)
    #expect(
      try decoder.fields(blocks[0]) == [
        ":status: 302", "cache-control: private", "date: Mon, 21 Oct 2013 20:13:21 GMT",
        "location: https://www.example.com",
      ])
    #expect(
      try decoder.fields(blocks[1]) == [
        ":status: 307", "cache-control: private", "date: Mon, 21 Oct 2013 20:13:21 GMT",
        "location: https://www.example.com",
      ])
    #expect(
      try decoder.fields(blocks[2]) == [
        ":status: 200", "cache-control: private", "date: Mon, 21 Oct 2013 20:13:22 GMT",
        "location: https://www.example.com", "content-encoding: gzip",
        "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
      ])
    // Three entries have room.
    #expect(try decoder.fields("be bf c0").count == 3)
    #expect(error("c1", in: decoder) == .invalidIndex)
  }

  // MARK: Huffman

  /// Each byte by its word: encoded with the lengths alone, and read again.
  @Test func everyByteHasItsWord() throws {
    for byte in UInt8.min...UInt8.max {
      let (word, length) = HuffmanWords.shared[byte]
      // The word, and ones up to the end of its last byte.
      var bits = [Bool](repeating: true, count: (length + 7) / 8 * 8)
      for index in 0..<length { bits[index] = word >> UInt32(length - 1 - index) & 1 == 1 }
      let coded = stride(from: 0, to: bits.count, by: 8).map { start in
        bits[start..<(start + 8)].reduce(UInt8(0)) { $0 << 1 | ($1 ? 1 : 0) }
      }
      var text: [UInt8] = []
      try HuffmanCode.shared.decode(coded.span, 0..<coded.count, into: &text)
      #expect(text == [byte])
    }
  }

  @Test func anEmptyStringIsNoPadding() throws {
    var decoder = HPACKDecoder()
    #expect(try decoder.fields("40 80 80") == [": "])
    #expect(error("40 81 ff 01 61") == .huffmanPadding)
    #expect(error("40 84 ff ff ff ff 01 61") == .huffmanEOS)
  }

  // MARK: The table

  @Test func aSizeOfNothingEmptiesTheTable() throws {
    var decoder = HPACKDecoder()
    #expect(try decoder.fields(indexedLiteral("a", "b")) == ["a: b"])
    #expect(try decoder.fields("be") == ["a: b"])
    // Down to 0, and up again.
    #expect(try decoder.fields("20 3f e1 1f 82") == [":method: GET"])
    #expect(error("be", in: decoder) == .invalidIndex)
  }

  @Test func theOtherSideAllowsLargerTables() throws {
    #expect(error("3f e2 1f") == .tableSizeExceeds)
    var decoder = HPACKDecoder()
    decoder.allow(tableSize: 8192)
    #expect(try decoder.fields("3f e1 3f 82") == [":method: GET"])
    // Whether the sender knows of a smaller one isn't to be seen.
    decoder.allow(tableSize: 0)
    #expect(try decoder.fields("3f e1 3f 82") == [":method: GET"])
  }

  @Test func anEntryThatHasNoRoomEmptiesTheTable() throws {
    var decoder = HPACKDecoder(tableSize: 64)
    _ = try decoder.fields(indexedLiteral("a", "b"))
    let large = String(repeating: "v", count: 40)
    #expect(try decoder.fields(indexedLiteral("a", large)) == ["a: \(large)"])
    #expect(error("be", in: decoder) == .invalidIndex)
  }

  /// Thousands of entries through a small table: what is gone is freed, what is there stays right.
  @Test func entriesComeAndGo() throws {
    var decoder = HPACKDecoder(tableSize: 200)
    for number in 0..<20_000 {
      var section = FieldSection()
      try decoder.decode(indexedLiteral("n", "\(number)").span, into: &section)
      guard number > 3, number % 97 == 0 else { continue }
      #expect(try decoder.fields("be c0") == ["n: \(number)", "n: \(number - 2)"])
    }
  }

  @Test func ofAHugeTableThatIsAllowedOnlyAPartIsKept() throws {
    var decoder = HPACKDecoder()
    decoder.allow(tableSize: 1 << 20)
    // A table of 1 MB.
    _ = try decoder.fields("3f e1 ff 3f")
    let large = String(repeating: "v", count: 250)
    for number in 0..<1000 { _ = try decoder.fields(indexedLiteral("n\(number)", large)) }
    #expect(try decoder.fields("be") == ["n999: \(large)"])
    // The sender still has it; we don't, and say so.
    #expect(try decoder.fields(bytes(hex: "ff 80 06")) == ["?: ?"])
  }

  // MARK: What wasn't seen

  @Test func aTableOlderThanTheCaptureHasUnknownEntries() throws {
    var decoder = HPACKDecoder(isMidstream: true)
    #expect(
      try decoder.fields("82 be 7e 01 76 bf") == [":method: GET", "?: ?", "?: v", "?: ?"])
    // That one was added under a name that nobody saw; its value was.
    #expect(try decoder.fields("be bf") == ["?: v", "?: ?"])
    _ = try decoder.fields(indexedLiteral("a", "b"))
    #expect(try decoder.fields("be bf c0") == ["a: b", "?: v", "?: ?"])
    // Even of unknown size it holds no more entries than it has room for, once that is told.
    #expect(try decoder.fields("3f e1 1f be") == ["a: b"])
    #expect(error("ff 81 01", in: decoder) == .invalidIndex)
    // An empty table holds nothing unknown.
    _ = try decoder.fields("20 3f e1 1f")
    #expect(!decoder.hasUnseenEntries)
    #expect(error("be", in: decoder) == .invalidIndex)
  }

  @Test func knownEntriesThatFillTheTableLeaveNothingUnknown() throws {
    var decoder = HPACKDecoder(isMidstream: true)
    // 99 bytes: beside two entries there is no room, not even for one of nothing.
    _ = try decoder.fields("3f 44")
    #expect(decoder.hasUnseenEntries)
    _ = try decoder.fields(indexedLiteral("a", "b"))
    #expect(try decoder.fields("be bf") == ["a: b", "?: ?"])
    _ = try decoder.fields(indexedLiteral("c", "d"))
    _ = try decoder.fields(indexedLiteral("e", "f"))
    #expect(try decoder.fields("be bf") == ["e: f", "c: d"])
    #expect(error("c0", in: decoder) == .invalidIndex)
  }

  @Test func behindAnErrorOldEntriesAreUnknownAndNewOnesKnown() throws {
    var decoder = HPACKDecoder()
    _ = try decoder.fields(indexedLiteral("a", "b"))
    var section = FieldSection()
    #expect(throws: HPACKError.invalidIndex) {
      try decoder.decode([0x82, 0x80].span, into: &section)
    }
    #expect(lines(section) == [":method: GET"])
    #expect(!section.isComplete)
    #expect(try decoder.fields("be") == ["?: ?"])
    _ = try decoder.fields(indexedLiteral("c", "d"))
    #expect(try decoder.fields("be bf") == ["c: d", "?: ?"])
  }

  // MARK: Bounds

  @Test func aBombOfReferencesStopsAtTheBound() throws {
    var decoder = HPACKDecoder()
    let name = String(repeating: "n", count: 250)
    _ = try decoder.fields([0x40] + literal(name) + literal(name))
    var section = FieldSection()
    #expect(throws: HPACKError.sectionTooLarge) {
      try decoder.decode([UInt8](repeating: 0xBE, count: 1 << 20).span, into: &section)
    }
    #expect(section.fields.count == min(FieldSection.fieldLimit, (1 << 20) / 532))
    #expect(section.bytes.count <= FieldSection.sizeLimit)
  }

  @Test func tooManyFieldsAreReadForTheTableOnly() throws {
    var decoder = HPACKDecoder()
    let block =
      [UInt8](repeating: 0x82, count: FieldSection.fieldLimit) + indexedLiteral("a", "b")
    var section = FieldSection()
    try decoder.decode(block.span, into: &section)
    #expect(section.fields.count == FieldSection.fieldLimit)
    #expect(section.omitted == 1)
    #expect(!section.isComplete)
    #expect(try decoder.fields("be") == ["a: b"])
  }
}

/// The words of the Huffman code, counted up from the lengths as the standard lists them.
private struct HuffmanWords {
  static let shared = HuffmanWords()

  private var words: [(word: UInt32, length: Int)] = []

  subscript(byte: UInt8) -> (word: UInt32, length: Int) { words[Int(byte)] }

  private init() {
    let lengths = HuffmanCode.lengths
    words = Array(repeating: (0, 0), count: lengths.count)
    let order = lengths.indices.sorted { (lengths[$0], $0) < (lengths[$1], $1) }
    var next: UInt64 = 0
    for symbol in order {
      let length = Int(lengths[symbol])
      words[symbol] = (UInt32(next >> UInt64(32 - length)), length)
      next += 1 << UInt64(32 - length)
    }
    precondition(next == 1 << 32)
  }
}
