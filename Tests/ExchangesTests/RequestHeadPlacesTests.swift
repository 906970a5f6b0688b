import Testing

@testable import Exchanges
@testable import HTTP

/// Where the heads of a connection's latest requests stand: bytes that are sent again with another
/// content put a request in doubt only where its head may be.
@Suite struct RequestHeadPlacesTests {
  private func half(_ heads: Int) -> HTTPConnection.Half {
    var half = HTTPConnection.Half(decoder: MessageDecoder())
    for number in 0..<heads { half.remember(head: (number * 10)..<(number * 10 + 5)) }
    return half
  }

  @Test(arguments: [1, 31, 32, 33, 64, 100])
  func theLatestOnesAreKnown(_ count: Int) {
    let half = half(count)
    for number in max(0, count - 32)..<count {
      #expect(half.touchesHead((number * 10 + 2)..<(number * 10 + 3)))
      #expect(half.touchesHead((number * 10 + 6)..<(number * 10 + 9)) == false)
    }
    #expect(half.touchesHead((count * 10)..<(count * 10 + 9)) == false)
  }

  @Test func whatLiesBeforeThemMayBeAny() {
    let half = half(100)
    #expect(half.touchesHead(6..<9))
    #expect(half.touchesHead(676..<679))
    #expect(half.touchesHead(686..<689) == false)
  }
}
