import Testing

@testable import Wire

@Suite struct HeldSegmentsTests {
  func segment(_ sequence: UInt32, count: Int = 10, missing: Int = 0) -> HeldSegment {
    HeldSegment(
      sequence: SequenceNumber(sequence), acknowledgment: SequenceNumber(0),
      hasAcknowledgment: true, range: ByteRange(offset: 100, count: count), missing: missing,
      frame: 1, time: .unknown, identification: 0, tag: 0)
  }

  @Test func placesAreUsedAgainTheLatestFirst() {
    var held = HeldSegments()
    let places = (0..<3).map { held.add(segment(UInt32($0))) }
    #expect(places == [0, 1, 2])
    held.remove(0)
    held.remove(2)
    #expect(held.add(segment(7)) == 2)
    #expect(held.add(segment(8)) == 0)
    #expect(held.add(segment(9)) == 3)
    #expect(held[1].sequence == SequenceNumber(1))
    #expect(held[2].sequence == SequenceNumber(7))
  }

  @Test func aFrontThatIsDroppedTakesCapturedBytesFirstThenMissingOnes() {
    let whole = segment(.max, count: 4, missing: 3)
    #expect(whole.length == 7)
    #expect(whole.end == SequenceNumber(6))
    let captured = whole.dropping(3)
    #expect(captured.sequence == SequenceNumber(2))
    #expect(captured.range == ByteRange(offset: 103, count: 1))
    #expect(captured.missing == 3)
    let missing = whole.dropping(5)
    #expect(missing.range.count == 0)
    #expect(missing.missing == 2)
    #expect(missing.end == whole.end)
    #expect(whole.dropping(0).sequence == whole.sequence)
  }
}
