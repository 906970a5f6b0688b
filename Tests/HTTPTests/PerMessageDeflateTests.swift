import Testing

@testable import HTTP

@Suite struct PerMessageDeflateTests {
  func agreed(_ values: String...) -> PerMessageDeflate? {
    PerMessageDeflate(responseExtensions: values.map { Array($0.utf8)[...] })
  }

  @Test func withoutItNothingIsAgreedOn() {
    #expect(agreed() == nil)
    #expect(agreed("", " , ", "x-webkit-deflate-frame", "permessage-deflate-2; a") == nil)
  }

  @Test func withoutParametersTheDefaultsHold() {
    #expect(agreed("permessage-deflate") == PerMessageDeflate())
    #expect(agreed("foo; bar=1, Permessage-Deflate ;") == PerMessageDeflate())
    #expect(agreed("foo", " permessage-deflate") == PerMessageDeflate())
  }

  @Test func theParameters() {
    var expected = PerMessageDeflate()
    expected.serverNoContextTakeover = true
    expected.clientNoContextTakeover = true
    expected.serverMaxWindowBits = 10
    expected.clientMaxWindowBits = 8
    #expect(
      agreed(
        "permessage-deflate; server_no_context_takeover;client_no_context_takeover"
          + " ; server_max_window_bits=10; client_max_window_bits = \"8\"") == expected)
  }

  @Test(arguments: ["7", "16", "", "1000", "-9", "\"", "\"\"", "a", "9.0"])
  func aWindowThatCantBeIsTheDefault(bits: String) {
    #expect(agreed("permessage-deflate; server_max_window_bits=\(bits)") == PerMessageDeflate())
  }

  @Test func theFirstOneCounts() {
    let one = agreed("permessage-deflate, permessage-deflate; server_no_context_takeover")
    #expect(one?.serverNoContextTakeover == false)
  }
}
