import Testing

@testable import HTTP
@testable import Wire

/// The events of a stream that comes in pieces, and the decoder behind it.
private func read(
  _ pieces: [ArraySlice<UInt8>]
) -> (events: [EventStreamDecoder.Event], decoder: EventStreamDecoder) {
  var decoder = EventStreamDecoder()
  var events: [EventStreamDecoder.Event] = []
  for piece in pieces { decoder.take(piece) { events.append($0) } }
  #expect(decoder.count == events.count)
  return (events, decoder)
}

private func events(_ text: String) -> [EventStreamDecoder.Event] {
  read([Array(text.utf8)[...]]).events
}

/// Their types, data and IDs: what differs stands in one line.
private func told(_ events: [EventStreamDecoder.Event]) -> [String] {
  events.map { event in
    [event.type, event.data, event.lastEventID]
      .map { String(decoding: $0, as: UTF8.self) }.joined(separator: "|")
  }
}

private func told(_ text: String) -> [String] { told(events(text)) }

@Suite struct EventStreamDecoderTests {
  @Test func anAnswerOfChatCompletions() {
    let stream = """
      data: {"id":"chatcmpl-1","choices":[{"delta":{"content":"Hel"}}]}

      data: {"id":"chatcmpl-1","choices":[{"delta":{"content":"lo"}}]}

      data: [DONE]


      """
    #expect(
      told(stream) == [
        "|{\"id\":\"chatcmpl-1\",\"choices\":[{\"delta\":{\"content\":\"Hel\"}}]}|",
        "|{\"id\":\"chatcmpl-1\",\"choices\":[{\"delta\":{\"content\":\"lo\"}}]}|", "|[DONE]|",
      ])
  }

  @Test func anAnswerOfMessagesNamesItsEvents() {
    #expect(
      told("event: message_start\ndata: {}\n\nevent: ping\ndata: {\"type\": \"ping\"}\n\n") == [
        "message_start|{}|", "ping|{\"type\": \"ping\"}|",
      ])
  }

  /// The examples of the standard.
  @Test(arguments: [
    ("data: YHOO\ndata: +2\ndata: 10\n\n", ["|YHOO\n+2\n10|"]),
    (
      ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n",
      ["|first event|1", "|second event|"]
    ),
    ("data\n\ndata\ndata\n\ndata:", ["||", "|\n|"]),
    ("data:test\n\ndata: test\n\n", ["|test|", "|test|"]),
  ])
  func theStandardsExamples(stream: String, expected: [String]) {
    #expect(told(stream) == expected)
  }

  @Test(arguments: [
    ("event: a\n\ndata: b\n\n", ["|b|"], "without data there's no event, and its type is gone"),
    ("event: a\nevent: b\ndata: c\n\n", ["b|c|"], "the last type counts"),
    ("event: a\nevent\ndata: c\n\n", ["|c|"], "an empty one too"),
    ("id: 7\n\ndata: a\n\ndata: b\n\n", ["|a|7", "|b|7"], "an ID stays"),
    ("id: 7\nid: 8\u{0}9\ndata: a\n\n", ["|a|7"], "an ID with NUL is none"),
    ("data:  two\ndata:\ttab\n\n", ["| two\n\ttab|"], "one space is removed, no tab"),
    ("data : a\nDATA: b\n data: c\ndatas: d\ndat: e\n\n", [], "other names mean nothing"),
    ("x\nfoo: bar\ndata: a:b: c\n\n", ["|a:b: c|"], "only the first colon separates"),
    (": keepalive\n\n:\ndata: a\n\n", ["|a|"], "comments are none"),
    ("\n\n\ndata: a\n\n\n\n", ["|a|"], "empty lines alone are none"),
    ("data: a\rdata: b\r\rdata: c\r\n\r\n", ["|a\nb|", "|c|"], "all three kinds of line ends"),
    ("data: a\n\r\n\r", ["|a|"], "LF and CR are two line ends"),
    ("\u{FEFF}data: a\n\n", ["|a|"], "a byte order mark is none of the first name"),
    ("\u{FEFF}\u{FEFF}data: a\n\n", [], "a second one is"),
    ("data: \u{FEFF}a\n\n", ["|\u{FEFF}a|"], "inside it's content"),
    ("", [], "nothing"),
  ])
  func theRules(stream: String, expected: [String], rule: Comment) {
    #expect(told(stream) == expected, rule)
  }

  @Test func anUnfinishedEventIsDropped() {
    let (events, decoder) = read([Array("data: a\n\ndata: b\n".utf8)[...]])
    #expect(told(events) == ["|a|"])
    #expect(decoder.isInsideEvent)
  }

  @Test(arguments: [
    ("data: a\n\n", false), (": comment\n", false), (": comm", false), ("data: a\n", true),
    ("da", true), ("data: a\n\n: x\n", false), ("data: a\n: x", true), ("id: 1\n\n", false),
    ("", false),
  ])
  func whetherAnEventIsOpen(stream: String, isOpen: Bool) {
    #expect(read([Array(stream.utf8)[...]]).decoder.isInsideEvent == isOpen, "\(stream)")
  }

  @Test(arguments: [
    ("retry: 3000\n", 3000), ("retry:1\nretry: 2s\n", 1), ("retry\n", nil), ("retry: -1\n", nil),
    ("retry: 99999999999999999999999\n", .max), ("retry: 10", nil),
  ])
  func theReconnectionTime(stream: String, expected: Int?) {
    #expect(read([Array(stream.utf8)[...]]).decoder.retry == expected)
  }

  @Test func whatIsNotUTF8StaysAsItCame() {
    let event = read([(Array("data: ".utf8) + [0xFF, 0xFE, 0x0A, 0x0A])[...]]).events.first
    #expect(event?.data == [0xFF, 0xFE])
  }

  @Test func whereverAStreamIsCutItsEventsAreTheSame() {
    let text =
      "\u{FEFF}: Grüße\r\n\r\nid: ä\r\nevent: ö€\r\ndata: 𝄞 ünd\r\ndata\rdata:x\r\n\r\n"
      + "retry: 12\nid\ndata: {\"a\": \"\u{2028}\"}\n\nbogus\n\rdata: [DONE]\r\r"
    let stream = Array(text.utf8)
    let whole = read([stream[...]])
    #expect(whole.events.count == 3)
    for first in 0...stream.count {
      let two = read([stream[..<first], stream[first...]])
      #expect(two.events == whole.events, "cut at \(first)")
      for second in first...stream.count {
        let three = read([stream[..<first], stream[first..<second], stream[second...]])
        #expect(three.events == whole.events, "cut at \(first) and \(second)")
      }
    }
    let single = read(stream.indices.map { stream[$0...$0] })
    #expect(single.events == whole.events)
    #expect(single.decoder.retry == 12)
  }

  /// The rules once more, as the standard's grammar has them, on streams of random tokens.
  @Test func streamsOfAnyKindAreReadAsByTheStandard() {
    let tokens = [
      "data", "event", "id", "retry", ":", ": ", "\n", "\r", "\r\n", "\n\n", "x", "\u{FEFF}", "0",
      "data: a\n", "é",
    ]
    var dice: UInt32 = 7
    for _ in 0..<3000 {
      var text = ""
      for _ in 0..<24 {
        dice = dice &* 1_664_525 &+ 1_013_904_223
        text += tokens[Int(dice >> 24) % tokens.count]
      }
      let stream = Array(text.utf8)
      let cut = Int(dice >> 8) % (stream.count + 1)
      #expect(
        told(read([stream[..<cut], stream[cut...]]).events) == byTheStandard(text),
        "\(text.debugDescription)")
    }
  }

  private func byTheStandard(_ text: String) -> [String] {
    var scalars = Array(text.unicodeScalars)
    if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
    var lines: [String.UnicodeScalarView] = []
    var line = String.UnicodeScalarView()
    for (index, scalar) in scalars.enumerated() {
      if scalar == "\n", index > 0, scalars[index - 1] == "\r" { continue }
      if scalar == "\n" || scalar == "\r" {
        lines.append(line)
        line = String.UnicodeScalarView()
      } else {
        line.append(scalar)
      }
    }
    var (events, type, data, id): ([String], String, String, String) = ([], "", "", "")
    for line in lines {
      if line.isEmpty {
        if !data.isEmpty { events.append("\(type)|\(String(data.dropLast()))|\(id)") }
        (type, data) = ("", "")
        continue
      }
      let colon = line.firstIndex(of: ":") ?? line.endIndex
      var value = colon == line.endIndex ? line[colon...] : line[colon...].dropFirst()
      if value.first == " " { value = value.dropFirst() }
      switch String(line[..<colon]) {
      case "data": data += String(value) + "\n"
      case "event": type = String(value)
      case "id": id = String(value)
      default: break
      }
    }
    return events
  }

  @Test func anEventOverTheBoundIsDroppedAndTheStreamGoesOn() {
    let piece = [UInt8](repeating: 0x61, count: 1 << 20)
    var decoder = EventStreamDecoder()
    var events: [EventStreamDecoder.Event] = []
    func take(_ bytes: [UInt8]) { decoder.take(bytes[...]) { events.append($0) } }
    take(Array("data: before\n\nevent: huge\nid: 1\ndata: ".utf8))
    for _ in 0..<100 {
      take(piece)
      #expect(decoder.carriedBytes <= EventStreamDecoder.eventLimit)
    }
    #expect(decoder.hasOverflowed)
    take(Array("\ndata: more\nevent: none\nid: 2\n\ndata: behind\n\n".utf8))
    #expect(told(events) == ["|before|", "|behind|2"])
    #expect(decoder.overflowCount == 1)
  }

  @Test func manyLinesOfOneEventAreBoundedToo() {
    let lines = Array(
      repeatElement(Array("data\nid:aaaa\nevent:bbbb\n".utf8), count: 50_000).joined())
    var decoder = EventStreamDecoder()
    // In the debug build the bound's last bytes are enough.
    decoder.take(Array("data:".utf8)[...]) { _ in }
    decoder.take([UInt8](repeating: 0x61, count: EventStreamDecoder.eventLimit - 10_000)[...]) {
      _ in
    }
    decoder.take(lines[...]) { _ in }
    #expect(decoder.overflowCount == 1)
    #expect(decoder.carriedBytes < 100)
  }

  @Test func anEventOfTheBoundIsGivenOut() {
    var decoder = EventStreamDecoder()
    var lengths: [Int] = []
    let data = [UInt8](repeating: 0x61, count: EventStreamDecoder.eventLimit - 1)
    for more in [[], Array("a".utf8)] {
      decoder.take(Array("data:".utf8)[...]) { lengths.append($0.data.count) }
      decoder.take((data + more)[...]) { lengths.append($0.data.count) }
      decoder.take(Array("\n\n".utf8)[...]) { lengths.append($0.data.count) }
    }
    #expect(lengths == [EventStreamDecoder.eventLimit - 1])
    #expect(decoder.overflowCount == 1)
  }

  @Test func aHugeCommentTakesNoRoom() {
    let piece = [UInt8](repeating: 0x3A, count: 1 << 20)
    var decoder = EventStreamDecoder()
    for _ in 0..<40 { decoder.take(piece[...]) { _ in } }
    #expect(decoder.carriedBytes == 0)
    #expect(!decoder.hasOverflowed)
  }
}
