import Testing

@testable import Verdicts

@Suite struct LatestServersTests {
  @Test func theLatestAreRememberedAndNoOthers() {
    var servers = LatestServers()
    #expect(servers.server(of: 1) == nil)
    for id in 1...70_000 { servers.append(id % 7) }
    for id in [70_000, 65_536, 70_000 - 65_535] { #expect(servers.server(of: id) == id % 7) }
    for id in [0, 1, 70_000 - 65_536, 70_001] { #expect(servers.server(of: id) == nil) }
  }
}
