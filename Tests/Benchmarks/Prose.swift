internal import TestSupport

/// Text as prompts and answers have it, escaped for JSON: sentences, now and then code, other
/// scripts, and what looks like a request of its own but is none.
struct Prose {
  static let words = """
    the agent should call tool with arguments and then verify result of step before it writes file \
    function return error token stream proxy model request response header value config deploy test \
    build server client json parse buffer socket key secret user system assistant message content \
    schedule report summary plan analyse refactor module import class struct async await retry \
    timeout latency cache vector embed search index query database table column row commit branch
    """.split(separator: " ").map(String.init)

  /// Sentences one after the other, and where each begins; the last begin is the end.
  private var bytes: [UInt8] = []
  private var begins: [Int] = [0]
  /// A picture in Base64.
  private var picture: [UInt8] = []

  init(_ dice: inout Dice) {
    while bytes.count < 400_000 {
      bytes += Self.sentence(&dice).utf8
      begins.append(bytes.count)
    }
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    picture.reserveCapacity(6_000_000)
    while picture.count < 6_000_000 {
      var number = dice.next()
      for _ in 0..<10 {
        picture.append(digits[Int(number & 63)])
        number >>= 6
      }
    }
  }

  /// Appends whole sentences, at least `count` bytes of them.
  func append(_ count: Int, to pieces: inout Pieces, _ dice: inout Dice) {
    var rest = count
    var first = dice.roll(0...begins.count - 2)
    while rest > 0 {
      // The sentence in which that many bytes end, or the last one.
      var last = first + 1
      while last < begins.count - 1, begins[last] - begins[first] < rest { last += 1 }
      pieces.append(bytes[begins[first]..<begins[last]])
      rest -= begins[last] - begins[first]
      first = 0
    }
  }

  func appendPicture(_ count: Int, to pieces: inout Pieces, _ dice: inout Dice) {
    let begin = dice.roll(0...picture.count - count) / 4 * 4
    pieces.append(picture[begin..<(begin + count / 4 * 4)])
  }

  private static func sentence(_ dice: inout Dice) -> String {
    var text = (0..<dice.roll(6...22)).map { _ in dice.pick(words) }.joined(separator: " ") + "."
    switch dice.roll(0...99) {
    case 0..<4:
      text +=
        #"\n\n```python\nresp = client.post(\"/chat/completions\", json={\"a\": [1, null]})\n```\n"#
    case 4..<8: text += " café — “quoted” 日本語. "
    case 8..<10:
      text +=
        #" curl -H \"Authorization: Bearer sk-example-in-the-body\" http://litellm:4000/model/info"#
    case 10..<12: text += #"\r\nGET / HTTP/1.1\r\nHost: body.example\r\n\r\n "#
    default: break
    }
    return text + " "
  }
}
