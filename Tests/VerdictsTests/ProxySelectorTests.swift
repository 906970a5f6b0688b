import Testing

@testable import Verdicts
@testable import Wire

@Suite("A proxy is named by URL, host, port or any") struct ProxySelectorTests {
  private let loopback = Endpoint(address: IPAddress(ipv4: 0x7F00_0001), port: 4000)

  private func matches(_ text: String, names: Set<String> = []) throws -> Bool {
    try ProxySelector(text).matches(loopback, names: names)
  }

  @Test(arguments: [
    "any", ":4000", "127.0.0.1", "127.0.0.1:4000", "http://127.0.0.1:4000",
    "http://127.0.0.1:4000/v1", "http://user:pass@127.0.0.1:4000/", "HTTP://127.0.0.1:4000",
    "ws://127.0.0.1:4000",
  ])
  func names(_ text: String) throws {
    #expect(try matches(text))
  }

  @Test(arguments: [
    ":4001", "127.0.0.2", "127.0.0.1:80", "http://127.0.0.1", "https://127.0.0.1", "localhost",
    "127.0.0", "27.0.0.1",
  ])
  func namesAnother(_ text: String) throws {
    #expect(try !matches(text))
  }

  @Test(arguments: [
    "litellm.example.com", "LiteLLM.Example.COM", "litellm.example.com:4000",
    "http://litellm.example.com:4000/v1",
  ])
  func nameThatWasSeen(_ text: String) throws {
    #expect(try matches(text, names: ["litellm.example.com"]))
  }

  @Test(arguments: ["example.com", "litellm.example.co", "notlitellm.example.com"])
  func nameThatWasNotSeen(_ text: String) throws {
    #expect(try !matches(text, names: ["litellm.example.com"]))
  }

  @Test func urlsPortIsThatOfItsScheme() throws {
    let https = Endpoint(address: IPAddress(ipv4: 0x0A00_0001), port: 443)
    let http = Endpoint(address: IPAddress(ipv4: 0x0A00_0001), port: 80)
    #expect(try ProxySelector("https://p").matches(https, names: ["p"]))
    #expect(try !ProxySelector("https://p").matches(http, names: ["p"]))
    #expect(try ProxySelector("http://p").matches(http, names: ["p"]))
  }

  @Test(arguments: ["[::1]:4000", "http://[::1]:4000/", "::1", "[::1]"])
  func addressOfIPv6(_ text: String) throws {
    let server = Endpoint(address: IPAddress(ipv6High: 0, low: 1), port: 4000)
    #expect(try ProxySelector(text).matches(server, names: []))
  }

  @Test(arguments: [
    "", ":", "ftp://x", "host:", "host:0", "host:99999", "host:4o00", "http://:x", ":-1",
  ])
  func refused(_ text: String) {
    #expect(throws: ProxySelectorError.self) { try ProxySelector(text) }
  }

  @Test(arguments: ["http://", "https:///v1"]) func urlWithoutAHostIsRefused(_ text: String) {
    #expect(throws: ProxySelectorError.self) { try ProxySelector(text) }
  }

  @Test func refusalNamesTheForms() throws {
    let error = try #require(throws: ProxySelectorError.self) { try ProxySelector("ftp://x") }
    #expect(error.description.contains("--proxy \"ftp://x\""))
    #expect(error.description.contains("give a URL, HOST, HOST:PORT, :PORT or any"))
  }
}
