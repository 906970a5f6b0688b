internal import Exchanges
internal import HTTP
internal import Wire

/// Recognises the retries of SDKs that count them (`x-stainless-retry-count`): the same request of
/// the same client, whatever the connection, with a higher count and after the attempt before it.
struct CallAttempts {
  /// How many calls back the attempt before may lie.
  private static let reach = 256

  private struct Attempt {
    var kept: KeptExchange
    var number: Int
    var call: Int
    /// Of the content, once a retry asked for it.
    var digest: UInt64?
  }

  private var recent: [Attempt] = []

  /// - Parameter number: of the attempt, where the client counts them.
  /// - Returns: the call that a retry belongs to; `nil` where it is the first attempt, or none is known.
  mutating func call(of exchange: Exchange, _ number: Int?, in store: CaptureStore) -> Int? {
    guard let number, number > 1 else { return nil }
    let alike = recent.indices.filter {
      recent[$0].number < number && Self.isAlike(recent[$0].kept.exchange, exchange)
    }
    guard !alike.isEmpty else { return nil }
    let digest = Self.digest(of: exchange, in: store)
    // The nearest number first: attempts between may be missing.
    for index in alike.sorted(by: { recent[$0].number > recent[$1].number }) {
      let other = recent[index].digest ?? Self.digest(of: recent[index].kept.exchange, in: store)
      recent[index].digest = other
      if other == digest { return recent[index].call }
    }
    return nil
  }

  mutating func add(_ kept: KeptExchange, _ number: Int?, call: Int) {
    guard let number else { return }
    // Only the latest attempt of a call can have a next one.
    if let at = recent.firstIndex(where: { $0.call == call }) {
      recent.remove(at: at)
    } else if recent.count >= Self.reach {
      recent.removeFirst()
    }
    recent.append(Attempt(kept: kept, number: number, call: call))
  }

  private static func isAlike(_ first: Exchange, _ second: Exchange) -> Bool {
    guard let asked = first.request, let again = second.request, first.server == second.server,
      first.client.address == second.client.address, asked.bytes == again.bytes,
      asked.missing == 0, again.missing == 0,
      let method = asked.head.method, let target = asked.head.target,
      again.head.method?.elementsEqual(method) == true,
      again.head.target?.elementsEqual(target) == true,
      asked.end <= again.time
    else { return false }
    // An SDK that names its calls uses the name again.
    let names = [asked, again].map { $0.head.values(of: "idempotency-key").first.map(Array.init) }
    return names[0] == names[1]
  }

  private static func digest(of exchange: Exchange, in store: CaptureStore) -> UInt64 {
    var digest = Digest()
    for piece in exchange.request?.pieces ?? [] { digest.add(store.bytes(piece.range)) }
    return digest.value
  }
}
