import Redaction
import Testing

@Suite struct StreamRedactorTests {
  static func stream(_ whole: [UInt8], by size: Int, _ redactor: inout Redactor) -> [UInt8] {
    var stream = StreamRedactor()
    var output: [UInt8] = []
    var start = 0
    while start < whole.count {
      let end = min(whole.count, start + size)
      output += stream.feed(whole[start..<end], through: &redactor)
      start = end
    }
    return output + stream.finish(through: &redactor)
  }

  @Test(arguments: [1, 2, 7, 64, 1000, 5000])
  func piecesOfAnySizeGiveTheSame(size: Int) {
    var input = ""
    for number in 0..<60 {
      input += "data: {\"n\":\(number),\"text\":\"prose about desk-work and sk-learn\"}\n\n"
      if number % 7 == 0 { input += "the key is sk-MadeUp0123456789abcd\(number), yes " }
      if number % 11 == 0 { input += #"{"api_key": "hand typed \#(number)"} "# }
      if number % 13 == 0 { input += "ring-key-held-back " }
    }
    var whole = Redactor()
    whole.keys.registerExpected(bytes("ring-key-held-back"))
    var pieces = whole
    let expected: String = whole.text(input)
    #expect(!expected.contains("MadeUp") && !expected.contains("ring-key"))
    #expect(string(Self.stream(bytes(input), by: size, &pieces)) == expected)
  }

  @Test func itGivesOutWhatIsOldEnough() {
    var redactor = Redactor()
    var stream = StreamRedactor()
    let out = stream.feed(bytes(String(repeating: "word ", count: 1000)), through: &redactor)
    #expect(out.count > 4000)
    #expect(out.count + stream.finish(through: &redactor).count == 5000)
  }

  @Test func aLongWordIsNotHeldForEver() {
    var redactor = Redactor()
    var stream = StreamRedactor()
    let word = [UInt8](repeating: 0x41, count: 400_000)
    let out = stream.feed(word, through: &redactor)
    #expect(out.count > 200_000)
    #expect(out.count + stream.finish(through: &redactor).count == 400_000)
  }

  @Test func aLargeTextIsReadInWindows() {
    var redactor = Redactor()
    redactor.keys.registerExpected(bytes("over-the-window-edge"))
    for offset in [0, 5, 10, 19] {
      let before = [UInt8](repeating: 0x20, count: (1 << 18) - offset)
      let input = before + bytes("over-the-window-edge") + [UInt8](repeating: 0x2E, count: 300_000)
      #expect(
        redactor.text(input) == before + bytes("key#1") + [UInt8](repeating: 0x2E, count: 300_000))
    }
  }

  @Test func showingSecretsPassesAtOnce() {
    var redactor = Redactor(showingSecrets: true)
    var stream = StreamRedactor()
    #expect(stream.feed(bytes("sk-a"), through: &redactor) == bytes("sk-a"))
  }
}
