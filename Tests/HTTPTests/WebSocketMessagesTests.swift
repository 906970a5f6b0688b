import Foundation
import TestSupport
import Testing

@testable import HTTP
@testable import Wire

private func base64(_ text: String) -> [UInt8] { Array(Data(base64Encoded: text) ?? Data()) }

private let text: UInt8 = 1
private let binary: UInt8 = 2
private let close: UInt8 = 8
private let ping: UInt8 = 9
private let pong: UInt8 = 10
private let continuation: UInt8 = 0
/// The reserved bit that says "compressed".
private let rsv1: UInt8 = 4

@Suite struct WebSocketMessagesTests {
  // MARK: Frames to messages

  @Test func aRealtimeSession() {
    let client =
      frame(text, "{\"type\": \"session.update\"}", mask: 0x1234_5678)
      + frame(text, "{\"type\": \"response.create\"}", mask: 0x9ABC_DEF0)
      + frame(close, [0x03, 0xE8], mask: 0xFFFF_FFFF)
    #expect(
      Hearing(client, fromClient: true).lines == [
        "text {\"type\": \"session.update\"}", "text {\"type\": \"response.create\"}",
        "close 1000 ",
      ])
    let server =
      frame(text, "{\"type\": \"session.created\"}") + frame(ping, "") + frame(binary, [1, 2])
      + frame(close, [0x03, 0xF3] + Array("server error".utf8))
    #expect(
      Hearing(server).lines == [
        "text {\"type\": \"session.created\"}", "ping ", "binary \u{1}\u{2}",
        "close 1011 server error",
      ])
  }

  @Test func controlFramesMayStandBetweenFragments() {
    let bytes =
      frame(text, "one ", isFinal: false, mask: 7) + frame(ping, "?", mask: 8)
      + frame(continuation, "two ", isFinal: false, mask: 9) + frame(pong, "!", mask: 10)
      + frame(continuation, "three", mask: 11)
    let heard = Hearing(bytes, fromClient: true)
    #expect(heard.lines == ["ping ?", "pong !", "text one two three"])
    #expect(heard.messages.map(\.frames) == [1, 1, 3])
    #expect(heard.messages.map(\.length) == [1, 1, 13])
  }

  @Test func aContinuationOfNothingIsNamed() {
    let heard = Hearing(frame(continuation, "lo") + frame(text, "next"))
    #expect(heard.lines == ["unknown lo incomplete ws.bad-frame", "text next"])
  }

  @Test func aMessageInsideAnotherIsNamed() {
    let heard = Hearing(
      frame(text, "one", isFinal: false) + frame(binary, "two", isFinal: false)
        + frame(continuation, "!"))
    #expect(heard.lines == ["text one incomplete ws.bad-frame", "binary two!"])
  }

  @Test func whatFollowsACloseIsNamed() {
    let heard = Hearing(frame(close, "") + frame(text, "late") + frame(pong, ""))
    #expect(heard.lines == ["close - ", "text late ws.bad-frame", "pong "])
  }

  @Test func textIsUTF8() {
    let euro = Array("€".utf8)
    let good = Hearing(
      frame(text, Array(euro.prefix(1)), isFinal: false) + frame(continuation, Array(euro[1...])))
    #expect(good.lines == ["text €"], "a character may be cut by a fragment")
    for bytes in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0x61, 0xE2, 0x82]] as [[UInt8]] {
      #expect(Hearing(frame(text, bytes)).messages.first?.anomalies.anomalies == [.wsBadFrame])
      #expect(Hearing(frame(binary, bytes)).messages.first?.anomalies.isEmpty == true)
    }
    let cut = Hearing([frame(text, euro + euro).dropLast(2)])
    #expect(cut.messages.first?.anomalies.isEmpty == true, "a hole may cut a character")
    #expect(cut.messages.first?.isComplete == false)
  }

  @Test(arguments: [
    (1000, true), (1003, true), (1007, true), (1014, true), (3000, true), (4999, true),
    (0, false), (999, false), (1004, false), (1005, false), (1006, false), (1015, false),
    (1016, false), (2999, false), (5000, false), (65535, false),
  ])
  func closeCodes(code: UInt16, isGood: Bool) {
    let heard = Hearing(frame(close, [UInt8(code >> 8), UInt8(code & 0xFF)]))
    #expect(heard.lines == ["close \(code) " + (isGood ? "" : " ws.bad-frame")])
  }

  @Test func aCloseFrameThatIsNoneIsNamed() {
    #expect(Hearing(frame(close, [3])).lines == ["close -  ws.bad-frame"])
    #expect(
      Hearing(frame(close, [3, 0xE8, 0xFF])).messages.first?.anomalies.anomalies == [.wsBadFrame])
    #expect(Hearing(frame(close, [])).lines == ["close - "])
  }

  @Test func aStreamThatEndsInsideAMessage() {
    let bytes = frame(text, "one", isFinal: false) + frame(ping, "abc").dropLast()
    #expect(Hearing(bytes).lines == ["ping ab incomplete", "text one incomplete"])
    #expect(Hearing([0x81]).messages.isEmpty)
  }

  @Test func aHoleInAFragmentSpoilsOnlyItsMessage() {
    let bytes =
      frame(text, "hello, ", isFinal: false, mask: 1) + frame(ping, "?", mask: 2)
      + frame(continuation, "world", mask: 3) + frame(text, "next", mask: 4)
    let heard = Hearing([bytes[..<8], bytes[10...]], fromClient: true, holes: [1: 2])
    #expect(heard.lines == ["ping ?", "text he incomplete", "text next"])
  }

  @Test func aHoleInAControlFrameSpoilsOnlyThat() {
    let bytes =
      frame(text, "hello, ", isFinal: false) + frame(ping, "abcd") + frame(continuation, "world")
    let heard = Hearing([bytes[..<12], bytes[14...]], holes: [1: 2])
    #expect(heard.lines == ["ping a incomplete", "text hello, world"])
  }

  // MARK: Compression

  /// The examples of RFC 7692, 7.2.3.
  @Test(
    arguments: [
      ([0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], "one block"),
      ([0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00], "not compressed"),
      ([0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00], "a final block"),
      (
        [0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00],
        "two blocks"
      ),
    ] as [([UInt8], Comment)])
  func theStandardsExamples(payload: [UInt8], kind: Comment) {
    let one = frame(text, payload, rsv: rsv1)
    // After each of them the next message can refer to it, and be any of them.
    let reference = frame(text, [0xF2, 0x00, 0x11, 0x00, 0x00], rsv: rsv1)
    let heard = Hearing(one + reference + one + one, deflate: PerMessageDeflate())
    #expect(heard.lines == ["text Hello", "text Hello", "text Hello", "text Hello"], kind)
    #expect(heard.messages.map(\.isCompressed) == [true, true, true, true])
    let fragments =
      frame(text, Array(payload.prefix(3)), isFinal: false, rsv: rsv1, mask: 0x1122_3344)
      + frame(continuation, Array(payload.dropFirst(3)), mask: 0x5566_7788)
    let joined = Hearing(fragments, fromClient: true, deflate: PerMessageDeflate())
    #expect(joined.lines == ["text Hello"], kind)
    #expect(joined.messages.first?.length == payload.count)
  }

  /// Three messages, each of which refers to the ones before.
  let session = [
    "qlYqqSxIVbJSUCpOLS7OzM/TSy5KTSxJTVGqBQA=", "qoZLFaUWF+TnFaci5AAA", "wiKXkp+XSo4EAA==",
  ].map(base64)
  let told = [
    "text {\"type\": \"session.created\"}", "text {\"type\": \"response.created\"}",
    "text " + String(repeating: "{\"type\": \"response.done\"}", count: 3),
  ]

  @Test func messagesReferToThoseBefore() {
    let bytes =
      frame(text, session[0], rsv: rsv1) + frame(text, "plain") + frame(ping, "?")
      + frame(text, session[1], rsv: rsv1) + frame(text, session[2], rsv: rsv1)
    let heard = Hearing(bytes, deflate: PerMessageDeflate())
    #expect(heard.lines == [told[0], "text plain", "ping ?", told[1], told[2]])
    #expect(heard.messages.map(\.isCompressed) == [true, false, false, true, true])
  }

  @Test func withoutTakeoverNothingMayBeReferredTo() {
    var deflate = PerMessageDeflate()
    deflate.serverNoContextTakeover = true
    let bytes = session.flatMap { frame(text, $0, rsv: rsv1) }
    let heard = Hearing(bytes + frame(text, session[0], rsv: rsv1), deflate: deflate)
    #expect(heard.lines.first == told[0])
    #expect(heard.messages[1].anomalies.anomalies == [.wsBadDeflate])
    #expect(heard.lines.last == told[0], "what is whole is read behind it")
    // The client's parameter is another one.
    deflate.serverNoContextTakeover = false
    deflate.clientNoContextTakeover = true
    #expect(Hearing(bytes, deflate: deflate).lines == told)
  }

  @Test func afterAHoleWhatRefersToItCantBeRead() {
    let bytes =
      frame(text, session[0], rsv: rsv1) + frame(text, session[1], rsv: rsv1)
      + frame(text, "plain") + frame(text, session[2], rsv: rsv1)
    let at = 2 + session[0].count + 8
    let heard = Hearing(
      [bytes[..<at], bytes[(at + 2)...]], deflate: PerMessageDeflate(), holes: [1: 2])
    #expect(heard.lines.first == told[0])
    #expect(heard.messages[1].isComplete == false)
    #expect(heard.messages[1].anomalies.isEmpty, "the hole is named elsewhere")
    #expect(heard.lines[2...] == ["text plain", "text  incomplete ws.bad-deflate"])
    var alone = PerMessageDeflate()
    alone.serverNoContextTakeover = true
    let repeated = frame(text, session[0], rsv: rsv1) + frame(text, session[0], rsv: rsv1)
    let second = Hearing([repeated[..<9], repeated[11...]], deflate: alone, holes: [1: 2])
    #expect(second.lines.last == told[0])
  }

  @Test func damageIsNamedAndWhatWasThereIsKept() {
    var payload = session[0]
    for count in 1..<payload.count {
      let heard = Hearing(
        frame(text, Array(payload.prefix(count)), rsv: rsv1), deflate: PerMessageDeflate())
      #expect(heard.messages.first?.anomalies.anomalies == [.wsBadDeflate], "\(count) bytes")
      #expect(heard.messages.first?.isComplete == false)
      #expect(told[0].dropFirst(5).utf8.starts(with: heard.messages[0].payload))
    }
    payload[0] = 0x07
    let heard = Hearing(
      frame(text, payload, rsv: rsv1) + frame(text, session[0], rsv: rsv1),
      deflate: PerMessageDeflate())
    #expect(heard.messages.map(\.anomalies.anomalies) == [[.wsBadDeflate], [.wsBadDeflate]])
  }

  @Test func anEmptyMessage() {
    for payload in [[], [0]] as [[UInt8]] {
      let heard = Hearing(
        frame(text, payload, rsv: rsv1) + frame(text, session[0], rsv: rsv1),
        deflate: PerMessageDeflate())
      #expect(heard.lines == ["text ", told[0]])
    }
  }

  @Test func withoutAnAgreementTheBitMeansNothing() {
    let heard = Hearing(frame(text, "plain", rsv: rsv1))
    #expect(heard.lines == ["text plain"])
    #expect(heard.oddFrames == 1)
  }

  // MARK: Bounds

  @Test func aBombIsCutAtItsRatio() {
    let bomb = Compression.compress([UInt8](repeating: 0, count: 32 << 20), as: .raw)
    for mask in [nil, 0x1122_3344] as [UInt32?] {
      let bytes = frame(binary, bomb, rsv: rsv1, mask: mask)
      let next = frame(binary, session[0], rsv: rsv1, mask: mask)
      for size in [1000, bytes.count] {
        let pieces = stride(from: 0, to: bytes.count, by: size).map {
          bytes[$0..<min($0 + size, bytes.count)]
        }
        let heard = Hearing(
          pieces + [next[...]], fromClient: mask != nil, deflate: PerMessageDeflate())
        #expect(heard.messages.map(\.isCut) == [true, false])
        #expect(
          heard.messages[0].payload.count <= bomb.count * DecodingBound.ratioLimit + 1_024_000)
        #expect(heard.messages[1].anomalies.anomalies == [.wsBadDeflate])
      }
    }
  }

  @Test func aHugeMessageIsCutAndPassed() {
    let piece = [UInt8](repeating: 0x61, count: 8 << 20)
    let messages = WebSocketMessages(fromClient: false, deflate: nil)
    var heard: [WebSocketMessage] = []
    messages.begin(.init(isFinal: false, opcode: .text, length: 64 << 20))
    for _ in 0..<9 { messages.take(payload: piece[...]) }
    #expect(messages.carriedBytes == WebSocketMessages.payloadLimit)
    messages.end { heard.append($0) }
    messages.begin(.init(opcode: .continuation, length: 1))
    messages.take(payload: piece[..<1])
    messages.end { heard.append($0) }
    messages.begin(.init(opcode: .text, length: 1))
    messages.take(payload: piece[..<1])
    messages.end { heard.append($0) }
    #expect(heard.map(\.isCut) == [true, false])
    #expect(heard.map(\.payload.count) == [WebSocketMessages.payloadLimit, 1])
    #expect(heard[0].length == (72 << 20) + 1)
    #expect(heard[0].isComplete)
  }

  @Test func aControlFrameThatIsTooLongIsCut() {
    let heard = Hearing(frame(ping, [UInt8](repeating: 0x61, count: 300)))
    #expect(heard.messages.map(\.isCut) == [true])
    #expect(heard.messages.map(\.payload.count) == [125])
    #expect(heard.oddFrames == 1)
  }

  // MARK: Pieces

  @Test func whereverAStreamIsCutItsMessagesAreTheSame() {
    let compressed: [[UInt8]] = [
      frame(text, Array(session[0].prefix(9)), isFinal: false, rsv: rsv1, mask: 0x1122_3344),
      frame(ping, "€", mask: 0x5566_7788),
      frame(continuation, Array(session[0].dropFirst(9)), mask: 0x99AA_BBCC),
      frame(text, session[1], rsv: rsv1, mask: 0xDDEE_FF00),
    ]
    let plain: [[UInt8]] = [
      frame(binary, [UInt8](repeating: 0xAA, count: 130), mask: 1), frame(text, "", mask: 2),
      frame(text, "ü", rsv: 2, mask: 3), frame(close, [3, 0xE8, 0x61], mask: 4),
      frame(text, "late"), frame(3, "xy"),
    ]
    let stream = Array((compressed + plain).joined())
    let whole = Hearing(stream, fromClient: true, deflate: PerMessageDeflate())
    #expect(whole.messages.count == 8)
    #expect(whole.isLost)
    #expect(whole.oddFrames == 2)
    for cut in 0...stream.count {
      let two = Hearing(
        [stream[..<cut], stream[cut...]], fromClient: true, deflate: PerMessageDeflate())
      #expect(two == whole, "cut at \(cut)")
    }
    let single = Hearing(
      stream.indices.map { stream[$0...$0] }, fromClient: true, deflate: PerMessageDeflate())
    #expect(single == whole)
  }
}
