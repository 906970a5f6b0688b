import Testing

@testable import Exchanges
@testable import Wire

@Suite struct EmissionQueueTests {
  func exchange(_ number: Int) -> Exchange {
    let endpoint = Endpoint(address: IPAddress(ipv4: 1), port: 1)
    return Exchange(connection: number, client: endpoint, server: endpoint)
  }

  func drain(_ queue: inout EmissionQueue, before barrier: Int32 = .max) -> [Int] {
    var numbers: [Int] = []
    while let next = queue.next(before: barrier) { numbers.append(next.connection) }
    return numbers
  }

  @Test func whatEndsEarlyWaitsForWhatBeganBeforeIt() {
    var queue = EmissionQueue()
    let first = queue.reserve(frame: 1, offset: 0)
    let second = queue.reserve(frame: 2, offset: 0)
    queue.put(exchange(2), at: second)
    #expect(!queue.hasReadyFirst)
    #expect(drain(&queue).isEmpty)
    queue.put(exchange(1), at: first)
    #expect(queue.hasReadyFirst)
    #expect(drain(&queue) == [1, 2])
  }

  @Test func aPlaceTakenLateIsSortedInByFrameAndOffset() {
    var queue = EmissionQueue()
    for (number, place) in [(3, (5, 40)), (1, (4, 90)), (4, (6, 0)), (2, (5, 10))] {
      let ticket = queue.reserve(frame: Int32(place.0), offset: place.1)
      queue.put(exchange(number), at: ticket)
    }
    #expect(drain(&queue) == [1, 2, 3, 4])
  }

  @Test func ticketsThatAreOutOfOrderAreFound() {
    var queue = EmissionQueue()
    let tickets = [9, 3, 7, 1, 5].map { (Int($0), queue.reserve(frame: $0, offset: 0)) }
    for (number, ticket) in tickets { queue.put(exchange(number), at: ticket) }
    #expect(drain(&queue) == [1, 3, 5, 7, 9])
  }

  @Test func aPlaceThatIsGivenBackHoldsNothingUp() {
    var queue = EmissionQueue()
    let answer = queue.reserve(frame: 1, offset: 0)
    let request = queue.reserve(frame: 2, offset: 0)
    let last = queue.reserve(frame: 3, offset: 0)
    queue.put(exchange(2), at: request)
    queue.release(last)
    queue.release(answer)
    #expect(queue.hasReadyFirst)
    #expect(drain(&queue) == [2])
    #expect(!queue.hasReadyFirst)
  }

  @Test func nothingPassesWhatIsStillHeldBack() {
    var queue = EmissionQueue()
    for frame in [1, 2, 3] as [Int32] {
      let ticket = queue.reserve(frame: frame, offset: 0)
      queue.put(exchange(Int(frame)), at: ticket)
    }
    #expect(drain(&queue, before: 2) == [1])
    #expect(drain(&queue, before: 3) == [2])
    #expect(drain(&queue) == [3])
  }
}
