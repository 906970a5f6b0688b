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
    fileprivate var exchange: Exchange
    fileprivate var evidence: Evidence?
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
          $0, format: .other, collectingText: false, in: store
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

  private var recent: [Parent] = []

  func call(of id: Int) -> Int? { recent.last { $0.id == id }?.call }

  mutating func add(_ exchange: Exchange, id: Int, call: Int?) {
    // Nothing that comes later can lie inside those that are over.
    recent.removeAll { Self.isOver($0.exchange, at: exchange.time) }
    if recent.count >= Self.reach { recent.removeFirst() }
    recent.append(Parent(id: id, call: call, exchange: exchange))
  }

  private static func isOver(_ exchange: Exchange, at time: Timestamp) -> Bool {
    exchange.response.map { $0.end < time } ?? false
  }

  mutating func parent(of child: Exchange, in store: CaptureStore) -> Parent? {
    let around = recent.indices.filter { Self.isAround(recent[$0].exchange, child) }
    guard !around.isEmpty else { return nil }
    let mine = Evidence(child, in: store)
    for index in around where recent[index].evidence == nil {
      recent[index].evidence = Evidence(recent[index].exchange, in: store)
    }
    func fits(_ index: Int, _ part: KeyPath<Evidence, (some Equatable)?>) -> Bool {
      guard let value = mine[keyPath: part], let other = recent[index].evidence else {
        return false
      }
      return other[keyPath: part] == value
    }
    let byAnswer = around.filter { fits($0, \.answerID) }
    let byMessages = around.filter { fits($0, \.digest) }
    let both = byAnswer.filter(byMessages.contains)
    // A second hop and its original are one.
    for candidates in [both, byAnswer, byMessages] where !candidates.isEmpty {
      let ids = Set(candidates.map { recent[$0].id })
      return ids.count == 1 ? recent[candidates[0]] : nil
    }
    return nil
  }

  private static func isAround(_ outer: Exchange, _ inner: Exchange) -> Bool {
    guard outer.server != inner.server, let asked = outer.request, let askedOn = inner.request,
      outer.server.address == inner.client.address || outer.server.address.isLoopback,
      asked.end <= askedOn.time
    else { return false }
    guard let answered = outer.response else { return true }
    // A client that gives up doesn't stop what runs behind the proxy at once.
    let end = inner.response?.end ?? askedOn.end
    return askedOn.time <= answered.end && (end <= answered.end || outer.outcome != .complete)
  }
}

extension IPAddress {
  /// 127.0.0.0/8 and ::1: both ends are on the machine of the capture.
  fileprivate var isLoopback: Bool {
    let bytes = bytes
    return bytes.count == 4
      ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1
  }
}
