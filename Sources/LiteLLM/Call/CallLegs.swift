internal import Exchanges
internal import HTTP
internal import Wire

/// Finds which of the requests to a proxy a request to a provider was made of.
///
/// By evidence alone: it comes from the proxy's address, lies inside the other one in time, and has
/// the same answer's id, which LiteLLM passes through, or asks with the same messages. Where that
/// fits several, and the other of the two doesn't tell them apart, none is named.
struct CallLegs {
  /// Calls that are open at the same time.
  private static let reach = 256

  struct Parent {
    var id: Int
    var call: Int?
  }

  /// A call that is open, or was a moment ago. Small: all are looked at for each further call.
  private struct Outer {
    var parent: Parent
    var server: Endpoint
    /// Whether its server can be where an inner call comes from.
    var serverIsLoopback: Bool
    /// When it was asked, whole; `nil` where it has no request.
    var asked: Timestamp?
    /// When it was answered, whole; `nil` where it has no answer.
    var answered: Timestamp?
    var isComplete: Bool
    private let kept: KeptExchange
    private var evidence: Evidence?

    init(_ kept: KeptExchange, _ parent: Parent) {
      self.parent = parent
      server = kept.exchange.server
      serverIsLoopback = server.address.isLoopback
      asked = kept.exchange.request?.end
      answered = kept.exchange.response?.end
      isComplete = kept.exchange.outcome == .complete
      self.kept = kept
    }

    mutating func evidence(in store: CaptureStore) -> Evidence {
      if let evidence { return evidence }
      let found = Evidence(kept.exchange, in: store)
      evidence = found
      return found
    }

    func isOver(at time: Timestamp) -> Bool { answered.map { $0 < time } ?? false }

    func isAround(_ inner: Exchange) -> Bool {
      guard server != inner.server, serverIsLoopback || server.address == inner.client.address,
        let asked, let askedOn = inner.request, asked <= askedOn.time
      else { return false }
      guard let answered else { return true }
      // A client that gives up doesn't stop what runs behind the proxy at once.
      let end = inner.response?.end ?? askedOn.end
      return askedOn.time <= answered && (end <= answered || !isComplete)
    }
  }

  /// What the two legs of a call have in common.
  fileprivate struct Evidence {
    var answerID: String?
    /// Of the messages.
    var digest: UInt64?

    init(_ exchange: Exchange, in store: CaptureStore) {
      if let request = exchange.request, let content = JSONContent.whole(request, in: store).value {
        digest = (try? JSONContent.decode(Asked.self, content))?.digest
      }
      let answer = exchange.response.map {
        AnswerReading(
          $0, format: .other, collectingText: false, in: store, CallMemory(isUsedOnce: true)
        ).joined
      }
      answerID = answer?.id
    }
  }

  private struct Asked: Decodable {
    var messages: JSONValue?
    var input: JSONValue?
    var prompt: JSONValue?
    var contents: JSONValue?

    var digest: UInt64? { (messages ?? input ?? prompt ?? contents)?.digest }
  }

  private var recent: [Outer] = []

  func call(of id: Int) -> Int? { recent.last { $0.parent.id == id }?.parent.call }

  mutating func add(_ kept: KeptExchange, id: Int, call: Int?) {
    // Nothing that comes later can lie inside those that are over.
    let time = kept.exchange.time
    if recent.contains(where: { $0.isOver(at: time) }) {
      recent.removeAll { $0.isOver(at: time) }
    }
    if recent.count >= Self.reach { recent.removeFirst() }
    recent.append(Outer(kept, Parent(id: id, call: call)))
  }

  mutating func parent(of child: Exchange, in store: CaptureStore) -> Parent? {
    guard recent.contains(where: { $0.isAround(child) }) else { return nil }
    let around = recent.indices.filter { recent[$0].isAround(child) }
    let mine = Evidence(child, in: store)
    let theirs = around.map { (parent: recent[$0].parent, recent[$0].evidence(in: store)) }
    let byAnswer = theirs.filter { mine.answerID != nil && $0.1.answerID == mine.answerID }
    let byMessages = theirs.filter { mine.digest != nil && $0.1.digest == mine.digest }
    let both = byAnswer.filter { mine.digest != nil && $0.1.digest == mine.digest }
    for candidates in [both, byAnswer, byMessages] where !candidates.isEmpty {
      // A second hop and its original are one.
      let ids = Set(candidates.map(\.parent.id))
      return ids.count == 1 ? candidates[0].parent : nil
    }
    return nil
  }
}
