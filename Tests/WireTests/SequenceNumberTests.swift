import Testing

@testable import Wire

@Suite struct SequenceNumberTests {
  static let borders: [UInt32] = [0, 1, 0x7FFF_FFFF, 0x8000_0000, 0x8000_0001, .max - 1, .max]

  @Test(arguments: borders)
  func addingAndSubtractingGoRoundTogether(start: UInt32) {
    let number = SequenceNumber(start)
    let steps: [Int] = [0, 1, 2, 1400, 65_535, 1 << 20, 1 << 30, 0x7FFF_FFFF]
    for step in steps {
      #expect((number + step) - number == step)
      #expect(number - (number + step) == -step)
      #expect((number + step) + -step == number)
    }
    #expect(number + 0x1_0000_0000 == number)
  }

  @Test func theShorterWayRoundDecidesTheOrder() {
    #expect(SequenceNumber(5) - SequenceNumber(.max) == 6)
    #expect(SequenceNumber(.max) - SequenceNumber(5) == -6)
    #expect(SequenceNumber(0x8000_0000) - SequenceNumber(0) == -0x8000_0000)
    #expect(SequenceNumber(0x7FFF_FFFF) - SequenceNumber(0) == 0x7FFF_FFFF)
  }
}
