/// When each request may go: at its recorded time, or, where nobody waits for time, behind every
/// answer that was there before it.
///
/// The second keeps the order of a conversation over several connections: what was asked because of
/// an answer is asked behind it again.
struct Schedule {
  /// When each is due, in nanoseconds from the start; 0 where time doesn't matter.
  let due: [Int64]
  /// How many answers, in the order of their end, have to be there.
  let needed: [Int]
  private let rank: [Int]
  private var isOver: [Bool]
  /// So many of the first answers are there.
  private(set) var over = 0

  /// Nobody waits longer, whatever a capture's clock says: ten years.
  private static let latestDue: Int64 = 315_360_000_000_000_000

  init(_ requests: [RecordedRequest], speed: Double?, longestGap: Int64?) {
    let byEnd = requests.indices.sorted { (requests[$0].end, $0) < (requests[$1].end, $1) }
    var rank = [Int](repeating: 0, count: requests.count)
    for (place, index) in byEnd.enumerated() { rank[index] = place }
    self.rank = rank
    isOver = [Bool](repeating: false, count: requests.count)
    guard let speed else {
      due = [Int64](repeating: 0, count: requests.count)
      let ends = byEnd.map { requests[$0].end }
      needed = requests.map { request in
        // Those that ended before it began, and never itself: a search in what is sorted.
        var (low, high) = (0, ends.count)
        while low < high {
          let middle = (low + high) / 2
          if ends[middle] < request.offset { low = middle + 1 } else { high = middle }
        }
        return low
      }
      return
    }
    needed = [Int](repeating: 0, count: requests.count)
    var due = [Int64](repeating: 0, count: requests.count)
    var latest: Int64 = 0
    var now: Int64 = 0
    for index in requests.indices.sorted(by: { requests[$0].offset < requests[$1].offset }) {
      let gap = requests[index].offset &- latest
      latest = requests[index].offset
      let wait = Int64(min(Double(gap) / speed, Double(Self.latestDue)))
      now = min(now &+ min(wait, longestGap ?? .max), Self.latestDue)
      due[index] = now
    }
    self.due = due
  }

  /// A request is over, whatever came of it.
  mutating func end(_ index: Int) {
    isOver[rank[index]] = true
    while over < isOver.count, isOver[over] { over += 1 }
  }
}
