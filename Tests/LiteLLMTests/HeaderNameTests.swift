import Testing

@testable import LiteLLM

@Suite("LiteLLM's credential headers are known, in its order") struct HeaderNameTests {
  @Test func orderOfPrecedence() {
    #expect(
      HeaderName.all == [
        "x-litellm-api-key", "authorization", "api-key", "x-api-key", "x-goog-api-key",
        "ocp-apim-subscription-key",
      ])
  }

  @Test(arguments: HeaderName.all) func onlyTwoTakeAScheme(_ name: String) {
    #expect(
      HeaderName.takesScheme(name) == (name == "authorization" || name == "x-litellm-api-key"))
  }
}
