internal import Exchanges
internal import HTTP
internal import Wire

/// What was read before, of calls that come again and again: the route that a head names, and what a
/// short answer says.
final class CallMemory {
  private struct Route {
    var head: FramedHead
    var route: CallRoute?
  }

  private struct Answer {
    var content: [UInt8]
    var object: AnswerObject
  }

  /// Bytes of the longest answer that is remembered: what they take together stays small.
  private static let longestAnswer = 512

  private var routes: DirectMappedCache<Route>
  private var answers: DirectMappedCache<Answer>

  /// - Parameter isUsedOnce: then nothing is kept.
  init(isUsedOnce: Bool = false) {
    routes = DirectMappedCache(capacity: isUsedOnce ? 0 : 256)
    answers = DirectMappedCache(capacity: isUsedOnce ? 0 : 4096)
  }

  /// - Returns: what ``CallRoute/init(_:)`` makes of the exchange.
  func route(of exchange: Exchange) -> CallRoute? {
    guard let head = exchange.request?.framedHead else { return nil }
    if let entry = routes[head.contentHash], entry.head === head { return entry.route }
    let route = CallRoute(exchange)
    if head.isShort { routes[head.contentHash] = Route(head: head, route: route) }
    return route
  }

  /// - Returns: what ``AnswerObject/read(_:)`` makes of the content.
  func object(_ content: [UInt8]) throws(JSONContent.Failure) -> AnswerObject {
    guard content.count <= Self.longestAnswer else { return try AnswerObject.read(content) }
    let hash = content.span.contentHash
    if let entry = answers[hash], entry.content == content { return entry.object }
    let object = try AnswerObject.read(content)
    answers[hash] = Answer(content: content, object: object)
    return object
  }
}

extension AnswerObject {
  /// Reads an answer, or an event of one.
  static func read(_ content: [UInt8]) throws(JSONContent.Failure) -> AnswerObject {
    try JSONContent.decode(AnswerObject.self, content, repeatsOf: namesThatCount)
  }
}
