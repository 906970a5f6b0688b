internal import HTTP

/// Follows the answers of a connection while they pass: where each ends, and which request it is for.
struct AnswerTracker {
  struct Whole {
    var length: Int
    var head: Int
    /// What it answers; `nil` for an informational one (RFC 9110, 15.2).
    var asked: RequestRewriter.Asked?
  }

  private var decoder = MessageDecoder()
  private var asked: [RequestRewriter.Asked] = []
  private var isInterim = false
  private var isOpaque = false
  private var length = 0
  private var head = 0

  mutating func expect(_ request: RequestRewriter.Asked) { asked.append(request) }

  /// Whether a request waits for its answer, or for the rest of it.
  var isWaiting: Bool { !asked.isEmpty }

  /// Whether another protocol has begun.
  var isTunnel: Bool { decoder.isTunnel }

  /// - Parameter whole: told of each answer that has ended.
  mutating func take(_ bytes: [UInt8], whole: (Whole) -> Void) {
    guard !isOpaque else { return }
    var offset = 0
    var done = 0
    func count(to end: Int) {
      length += end - done
      done = end
    }
    while true {
      switch decoder.next(bytes.span, from: &offset) {
      case .more:
        count(to: bytes.count)
        return
      case .began, .odd: continue
      case .head:
        count(to: offset)
        head = length
        guard let parsed = decoder.takeHead() else {
          isOpaque = true
          return
        }
        let status = parsed.status ?? 0
        isInterim = 100..<200 ~= status && status != 101
        let method = asked.first.map { $0.method[...] }
        decoder.frame(isInterim ? .none : BodyFraming.ofResponse(parsed, to: method).framing)
        if decoder.isTunnel { end(whole) }
      case .content: count(to: offset)
      case .ended:
        count(to: offset)
        end(whole)
      case .lost, .stray, .tunnel:
        isOpaque = true
        return
      }
    }
  }

  /// The target has closed: that may be the end of an answer.
  mutating func finish(whole: (Whole) -> Void) {
    if !isOpaque, decoder.endsWithStream { end(whole) }
  }

  private mutating func end(_ whole: (Whole) -> Void) {
    let answered = isInterim || asked.isEmpty ? nil : asked.removeFirst()
    whole(Whole(length: length, head: head, asked: answered))
    (length, head, isInterim) = (0, 0, false)
  }
}
