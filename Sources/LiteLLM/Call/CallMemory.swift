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

  // An object: it is asked for with each answer, and would be copied.
  private final class Answer {
    let content: [UInt8]
    let object: AnswerObject

    init(_ content: [UInt8], _ object: AnswerObject) {
      self.content = content
      self.object = object
    }
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

  /// - Returns: what ``AnswerObject/read(_:collectingText:)`` makes of the content.
  func object(
    _ content: [UInt8], collectingText collects: Bool
  ) throws(JSONContent.Failure) -> AnswerObject {
    guard !collects, content.count <= Self.longestAnswer else {
      return try AnswerObject.read(content, collectingText: collects)
    }
    let hash = content.span.contentHash
    if let entry = answers[hash], entry.content == content { return entry.object }
    let object = try AnswerObject.read(content, collectingText: collects)
    answers[hash] = Answer(content, object)
    return object
  }
}

extension AnswerObject {
  /// Reads an answer, or an event of one.
  ///
  /// - Parameter collects: whether texts are wanted, and the tools that are called.
  static func read(
    _ content: [UInt8], collectingText collects: Bool
  ) throws(JSONContent.Failure) -> AnswerObject {
    try JSONContent.decode(
      AnswerObject.self, content, repeatsOf: namesThatCount,
      plain: { collects ? nil : AnswerObject(plain: $0) })
  }
}
