import Testing

@testable import HTTP
@testable import Wire

@Suite struct WebSocketDecoderTests {
  /// The examples of RFC 6455, 5.7.
  @Test func theStandardsExamples() {
    let hello: [UInt8] = [0x48, 0x65, 0x6C, 0x6C, 0x6F]
    #expect(Hearing([0x81, 0x05] + hello).lines == ["text Hello"])
    let masked: [UInt8] = [
      0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58,
    ]
    #expect(Hearing(masked, fromClient: true).lines == ["text Hello"])
    let fragments: [UInt8] = [0x01, 0x03, 0x48, 0x65, 0x6C, 0x80, 0x02, 0x6C, 0x6F]
    #expect(Hearing(fragments).lines == ["text Hello"])
    #expect(Hearing(fragments).messages.first?.frames == 2)
    #expect(Hearing([0x89, 0x05] + hello).lines == ["ping Hello"])
    let pong: [UInt8] = [0x8A, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
    #expect(Hearing(pong, fromClient: true).lines == ["pong Hello"])
  }

  @Test(arguments: [0, 1, 125, 126, 127, 65535, 65536, 70000])
  func lengthsOfAllForms(count: Int) throws {
    let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let heard = Hearing(frame(2, payload, mask: 0x0102_0380), fromClient: true)
    let message = try #require(heard.messages.first)
    #expect(message.payload == payload)
    #expect(message.length == count)
    #expect(heard.oddFrames == 0)
  }

  @Test func theHeaderIsToldAsItWasSent() {
    var decoder = WebSocketDecoder(fromClient: true, allowsCompression: true)
    let bytes = frame(1, "abc", isFinal: false, rsv: 4, mask: 0xA1B2_C3D4)
    var offset = 0
    guard case .began(let header) = decoder.next(bytes.span, from: &offset) else {
      Issue.record("no header")
      return
    }
    #expect(
      header
        == .init(isFinal: false, rsv1: true, opcode: .text, mask: 0xA1B2_C3D4, length: 3))
    guard case .payload(6..<9) = decoder.next(bytes.span, from: &offset),
      case .ended = decoder.next(bytes.span, from: &offset),
      case .more = decoder.next(bytes.span, from: &offset)
    else {
      Issue.record("no payload, or no end")
      return
    }
  }

  @Test func aFrameThatBreaksARuleIsOddAndReadAllTheSame() {
    let odd: [(bytes: [UInt8], rule: Comment)] = [
      (frame(1, "a", mask: 1), "a server doesn't mask"),
      (frame(1, "a", rsv: 4), "RSV1 without an extension"),
      (frame(1, "a", rsv: 2), "RSV2"), (frame(1, "a", rsv: 1), "RSV3"),
      (frame(1, Array("a".utf8), lengthBytes: 2), "too long a form of the length"),
      (frame(1, Array("a".utf8), lengthBytes: 8), "much too long a form of the length"),
      (frame(2, [UInt8](repeating: 0, count: 300), lengthBytes: 8), "longer than needed"),
      (frame(9, [UInt8](repeating: 0x61, count: 126)), "a control frame that is too long"),
      (frame(9, "a", isFinal: false), "a control frame in fragments"),
    ]
    for (bytes, rule) in odd {
      let heard = Hearing(bytes + frame(1, "next"))
      #expect(heard.oddFrames == 1, rule)
      #expect(heard.messages.count == 2, rule)
      #expect(heard.lines.last == "text next", rule)
    }
    #expect(Hearing(frame(1, "a"), fromClient: true).oddFrames == 1, "a client masks")
    for bytes in [frame(9, "a", rsv: 4), frame(0, "a", rsv: 4)] {
      #expect(
        Hearing(bytes, deflate: PerMessageDeflate()).oddFrames == 1, "RSV1 is the first one's")
    }
  }

  @Test(arguments: [3, 4, 5, 6, 7, 11, 12, 13, 14, 15] as [UInt8])
  func behindAReservedOpcodeNothingIsRead(opcode: UInt8) {
    let heard = Hearing(frame(1, "a") + frame(opcode, "bc") + frame(1, "d"))
    #expect(heard.lines == ["text a"])
    #expect(heard.isLost)
    #expect(heard.strayBytes == 5)
  }

  @Test func aLengthOfMoreThan63BitsIsLost() {
    let header: [UInt8] = [0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0]
    let heard = Hearing(header + [1, 2, 3])
    #expect(heard.isLost)
    #expect(heard.messages.isEmpty)
    #expect(heard.strayBytes == 3)
    let longest: [UInt8] = [0x82, 127, 0x7F] + [UInt8](repeating: 0xFF, count: 7)
    #expect(Hearing(longest + [1, 2, 3]).lines == ["binary \u{1}\u{2}\u{3} incomplete"])
  }

  @Test func aHoleInsideAPayloadIsPassed() {
    let bytes = frame(1, "hello, world") + frame(1, "next")
    let heard = Hearing([bytes[..<4], bytes[9...]], holes: [1: 5])
    #expect(heard.lines == ["text he incomplete", "text next"])
    #expect(!heard.isLost)
  }

  @Test func aHoleUpToTheEndOfAPayloadIsPassed() {
    let bytes = frame(2, "hello") + frame(1, "next")
    let heard = Hearing([bytes[..<4], bytes[7...]], holes: [1: 3])
    #expect(heard.lines == ["binary he incomplete", "text next"])
  }

  @Test func aHoleThatMayHoldAHeaderLosesTheFrames() {
    let bytes = frame(2, "hello") + frame(1, "next")
    for cuts in [(4, 8), (1, 3), (0, 1), (7, 8), (8, 10)] {
      let heard = Hearing(
        [bytes[..<cuts.0], bytes[cuts.1...]], holes: [1: cuts.1 - cuts.0])
      #expect(heard.isLost, "\(cuts)")
      #expect(heard.strayBytes == bytes.count - cuts.1)
      #expect(!heard.lines.contains("text next"))
    }
  }

  @Test func aHeaderInPiecesIsAllThatIsKept() {
    var decoder = WebSocketDecoder(fromClient: true, allowsCompression: false)
    for (count, byte) in frame(2, [UInt8](repeating: 0, count: 1 << 16), mask: 1).prefix(13)
      .enumerated()
    {
      var offset = 0
      guard case .more = decoder.next([byte].span, from: &offset) else {
        Issue.record("\(count + 1) bytes are no header")
        return
      }
      #expect(decoder.carriedBytes == count + 1)
      #expect(decoder.isInFrame)
    }
    let isInsidePayload = decoder.skip(1)
    #expect(!isInsidePayload)
    #expect(decoder.carriedBytes == 0)
  }
}
