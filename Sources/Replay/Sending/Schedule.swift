/// When each request may go: at its time, and behind the answers that it needs.
///
/// Where nobody waits for time, it needs every answer that was there before it, so that as many are
/// under way as were; else, and in a pool, those that it quotes. Both keep the order of a conversation
/// over several connections.
struct Schedule {
  /// When each is due, in nanoseconds from the start; 0 where time doesn't matter.
  let due: [Int64]
  /// How many answers, in the order of their end, have to be there.
  private let needed: [Int]
  /// Whose answers have to be there.
  private let quoted: [[Int]]
  private let rank: [Int]
  private var isOver: [Bool]
  /// So many of the first answers are there.
  private(set) var over = 0

  /// What a request waits for.
  enum Wait: Equatable {
    case nothing
    /// So many of the first answers.
    case answers(Int)
    /// The answer to another request.
    case answer(Int)
  }

  /// Nobody waits longer, whatever a capture's clock says: ten years.
  private static let latestDue: Int64 = 315_360_000_000_000_000

  /// - Parameter isPooled: how many are under way is the pool's to say.
  init(
    _ requests: [RecordedRequest], _ pace: ReplayOptions.Pace, longestGap: Int64?,
    isPooled: Bool = false
  ) {
    let requests = Self.inOrder(requests)
    let byEnd = requests.indices.sorted { (requests[$0].end, $0) < (requests[$1].end, $1) }
    var rank = [Int](repeating: 0, count: requests.count)
    for (place, index) in byEnd.enumerated() { rank[index] = place }
    self.rank = rank
    isOver = [Bool](repeating: false, count: requests.count)
    if pace == .unbounded, !isPooled {
      due = [Int64](repeating: 0, count: requests.count)
      quoted = []
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
    needed = []
    quoted = Conversations(requests).quoted
    var due = [Int64](repeating: 0, count: requests.count)
    var latest: Int64 = 0
    var now: Int64 = 0
    let inOrder = requests.indices.sorted { (requests[$0].offset, $0) < (requests[$1].offset, $1) }
    for (place, index) in inOrder.enumerated() where pace != .unbounded {
      if case .rate(let rate) = pace {
        due[index] = Int64(min(Double(place) / rate * 1e9, Double(Self.latestDue)))
        continue
      }
      let speed = if case .recorded(let speed) = pace { speed } else { 1.0 }
      let gap = requests[index].offset &- latest
      latest = requests[index].offset
      let wait = Int64(min(Double(gap) / speed, Double(Self.latestDue)))
      now = min(now &+ min(wait, longestGap ?? .max), Self.latestDue)
      due[index] = now
    }
    self.due = due
  }

  /// Whatever a capture's clock did: on a connection no request is earlier than the one before it, and
  /// no answer than its request. Else two could wait for each other.
  private static func inOrder(_ requests: [RecordedRequest]) -> [RecordedRequest] {
    var latest: [Int: Int64] = [:]
    return requests.map { request in
      var request = request
      request.offset = max(request.offset, latest[request.connection] ?? 0)
      request.end = max(request.end, request.offset)
      latest[request.connection] = request.offset
      return request
    }
  }

  func wait(of index: Int) -> Wait {
    if index < needed.count, needed[index] > over { return .answers(needed[index]) }
    if index < quoted.count, let missing = quoted[index].first(where: { !isOver[rank[$0]] }) {
      return .answer(missing)
    }
    return .nothing
  }

  /// A request is over, whatever came of it.
  mutating func end(_ index: Int) {
    isOver[rank[index]] = true
    while over < isOver.count, isOver[over] { over += 1 }
  }
}
