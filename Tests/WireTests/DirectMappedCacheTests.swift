import Testing
import Wire

@Suite struct DirectMappedCacheTests {
  @Test func aNewerEntryTakesTheOldersPlace() {
    var cache = DirectMappedCache<String>(capacity: 4)
    #expect(cache[1] == nil)
    cache[1] = "one"
    cache[2] = "two"
    #expect(cache[1] == "one" && cache[2] == "two")
    cache[5] = "five"
    #expect(cache[1] == "five" && cache[5] == "five" && cache[2] == "two")
  }

  @Test func oneWithoutCapacityKeepsNothing() {
    var cache = DirectMappedCache<String>(capacity: 0)
    cache[1] = "one"
    #expect(cache[1] == nil)
  }
}
