internal import Exchanges
internal import HTTP
internal import Wire

/// What was read before, of calls that come again and again: what a head says, and what a short answer
/// says.
final class CallMemory {
  private struct Head {
    var framed: FramedHead
    var head: CallHead?
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

  private var heads: DirectMappedCache<Head>
  private var answers: DirectMappedCache<Answer>

  /// - Parameter isUsedOnce: then nothing is kept.
  init(isUsedOnce: Bool = false) {
    heads = DirectMappedCache(capacity: isUsedOnce ? 0 : 256)
    answers = DirectMappedCache(capacity: isUsedOnce ? 0 : 4096)
  }

  /// - Returns: what the request's head says of the call; `nil` where the exchange is none.
  func head(of exchange: Exchange) -> CallHead? {
    guard let framed = exchange.request?.framedHead else { return nil }
    // What was in doubt in one exchange may have been seen whole in another.
    let isSeenWhole =
      exchange.request?.headState == .complete && exchange.request?.headDoubt == nil
    if isSeenWhole, let entry = heads[framed.contentHash], entry.framed === framed {
      return entry.head
    }
    let head = exchange.request.flatMap { CallHead($0) }
    if isSeenWhole, framed.isShort {
      heads[framed.contentHash] = Head(framed: framed, head: head)
    }
    return head
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
