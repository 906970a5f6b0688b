internal import TestSupport

@testable internal import Redaction
@testable internal import Wire

/// What keeps keys out of every output, and what makes captured bytes harmless in each format.
enum RedactionTarget: FuzzTarget {
  /// One within another, one of a known shape, one that overlaps itself, one of arbitrary bytes.
  private static let keys: [[UInt8]] = [
    Array("sk-1234567890abcdefghij".utf8), Array("7890abcdef".utf8), Array("aaaaaaaa".utf8),
    Array("a\"b\\c/d%41 e".utf8), [0, 255, 128, 10, 13, 34, 92, 200, 37],
  ]

  /// Copied for each input, with all that it prepares once for its keys.
  private static let redactor: Redactor = {
    var ring = KeyRing()
    for key in keys { ring.registerExpected(key) }
    var redactor = Redactor(keys: ring)
    let _: [UInt8] = redactor.text(keys[0])
    return redactor
  }()

  static func run(_ input: [UInt8]) {
    var redactor = redactor
    let text: [UInt8] = redactor.text(input)
    requireNoKey(in: text, "a text")
    let again: [UInt8] = redactor.text(text)
    if again != text {
      let start = max(0, (zip(again, text).enumerated().first { $1.0 != $1.1 }?.offset ?? 0) - 40)
      let (first, second) = (text.dropFirst(start).prefix(80), again.dropFirst(start).prefix(80))
      require(false, "redacting twice gives the same: \(shown(first)), \(shown(second))")
    }
    requireNoKey(in: redactor.target(input), "a target")
    for name in ["authorization", "cookie", "set-cookie", "x-session-token", "accept"] {
      requireNoKey(in: redactor.headerValue(name: Array(name.utf8), value: input), name)
    }
    streamed(input)
    shown(text)
  }

  private static func streamed(_ input: [UInt8]) {
    var redactor = redactor
    var stream = StreamRedactor()
    var output: [UInt8] = []
    var start = 0
    while start < input.count {
      let end = min(input.count, start + 1 + Int(input[start] & 63))
      output += stream.feed(input[start..<end], through: &redactor)
      start = end
    }
    output += stream.finish(through: &redactor)
    requireNoKey(in: output, "a stream")
  }

  private static func shown(_ text: [UInt8]) {
    func isPrintable(_ shown: String, keepingNewlines: Bool = false) -> Bool {
      shown.unicodeScalars.allSatisfy {
        $0.value >= 0x20 && !(0x7F..<0xA0 ~= $0.value)
          || keepingNewlines && ($0 == "\n" || $0 == "\t")
      }
    }
    require(isPrintable(TerminalText.escape(text)), "a terminal gets no control characters")
    require(
      isPrintable(TerminalText.escape(text, keepingNewlines: true), keepingNewlines: true),
      "a terminal gets no control characters but line feeds and tabs")
    let data = GitHubCommandText.data(text)
    require(!data.contains("\n") && !data.contains("\r"), "a command is one line")
    let element = XMLText.element(text)
    require(!element.contains("<") && isPrintable(element, keepingNewlines: true), "text in XML")
    require(!XMLText.attribute(text).contains("\""), "an attribute in XML")
    require(!MarkdownText.inline(text).contains("\n"), "a line of Markdown")
    _ = MarkdownText.code(text)
    _ = ShellText.quote(text)
    var json: [UInt8] = []
    JSONText.append(text, to: &json)
    require(String(validating: json, as: UTF8.self) != nil, "JSON is UTF-8")
    require(json.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "JSON has no control bytes")
  }

  private static func shown(_ bytes: ArraySlice<UInt8>) -> String {
    TerminalText.escape(Array(bytes))
  }

  private static func requireNoKey(in output: [UInt8], _ what: String) {
    for key in keys where output.count >= key.count {
      for start in 0...(output.count - key.count) where output[start] == key[0] {
        let isHere = output[start..<(start + key.count)].elementsEqual(key)
        require(!isHere, "key \(String(decoding: key, as: UTF8.self)) is shown in \(what)")
      }
    }
  }

  static var seeds: [[UInt8]] {
    keys + keys.map { Array("{\"authorization\": \"Bearer ".utf8) + $0 + Array("\"}".utf8) } + [
      Array("sk-1234567890abcdefghijklmnopqrstuvwxyz".utf8),
      Array("c2stMTIzNDU2Nzg5MGFiY2RlZmdoaWo=".utf8), Array("aaaaaaaaaaaaaaaaaaaaa".utf8),
      Array("https://user:7890abcdef@host/?api_key=aaaaaaaa&x=%61aaaaaaa".utf8),
      Array(#"{"key": "sk-\u0031234567890abcdefghij", "t": "{\"token\": \"7890abcdef\"}"}"#.utf8),
      Array("::error::x\r\n##[y]\u{1B}[31m \u{202E}<a b=\"c\">&amp; ```` | `x`".utf8),
      Array("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefghijklmnop AKIAABCDEFGHIJKLMNOP".utf8),
    ]
  }

  static func seeds(of capture: [UInt8]) -> [[UInt8]] {
    HTTP1Target.seeds(of: capture).prefix(2).map { Array($0.dropFirst(8)) }
  }
}
