internal import Exchanges
internal import HTTP
internal import Wire

/// What was read before, of calls that come again and again: the route that a head names, and what a
/// short answer says.
public final class CallMemory {
  private struct Route {
    var head: FramedHead
    var route: CallRoute?
  }

  private struct Answer {
    var content: [UInt8]
    var object: AnswerObject
  }

  /// Bytes of the longest head, and of the longest answer, that is remembered: what they take together
  /// stays small.
  private static let longestHead = 4096
  private static let longestAnswer = 512

  // A newer one takes the place of an older one with the same hash.
  private var routes = [Route?](repeating: nil, count: 256)
  private var answers = [Answer?](repeating: nil, count: 1024)

  public init() {}

  /// - Returns: what ``CallRoute/init(_:)`` makes of the exchange.
  func route(of exchange: Exchange) -> CallRoute? {
    guard let head = exchange.request?.framedHead else { return nil }
    let place = Int(truncatingIfNeeded: head.contentHash) & (routes.count - 1)
    if let entry = routes[place], entry.head === head { return entry.route }
    let route = CallRoute(exchange)
    if head.head.bytes.count <= Self.longestHead { routes[place] = Route(head: head, route: route) }
    return route
  }

  /// - Returns: what ``AnswerObject/read(_:)`` makes of the content.
  func object(_ content: [UInt8]) throws(JSONContent.Failure) -> AnswerObject {
    guard content.count <= Self.longestAnswer else { return try AnswerObject.read(content) }
    let place = Int(truncatingIfNeeded: content.span.contentHash) & (answers.count - 1)
    if let entry = answers[place], entry.content == content { return entry.object }
    let object = try AnswerObject.read(content)
    answers[place] = Answer(content: content, object: object)
    return object
  }
}

extension AnswerObject {
  /// Reads an answer, or an event of one.
  static func read(_ content: [UInt8]) throws(JSONContent.Failure) -> AnswerObject {
    try JSONContent.decode(AnswerObject.self, content, repeatsOf: namesThatCount)
  }
}
