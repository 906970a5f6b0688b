public import Exchanges
public import HTTP
public import Wire

/// What an exchange means as a call of a model.
///
/// Each fact has three values: what a hole, a cut or a bound keeps from being read is unknown, and
/// not absent. Reading one decodes both contents: see ``CallReading`` for doing so only when somebody
/// asks.
public final class LLMCall: Sendable {
  public let operation: CallOperation
  /// As it was asked for, in the content or in the target.
  public let model: Fact<String>
  /// Whether an event stream was asked for; where the request doesn't hold the answer, whether one
  /// came. Absent for operations that don't stream.
  public let stream: Fact<Bool>
  /// `x-stainless-retry-count` and one: SDKs count their retries in it, from 0.
  public let attempt: Fact<Int>
  /// The model that answered, as the answer says.
  public let answeringModel: Fact<String>
  /// One for each choice of the answer, in the provider's words.
  public let finishReasons: Fact<[String]>
  public let usage: Fact<TokenUsage>
  /// From the request's last byte to the packet that completed the answer's first event, in
  /// nanoseconds: what the server took, without the time that the request itself took to send.
  /// Absent where the answer is no event stream, or a whole one without events.
  public let timeToFirstEvent: Fact<Int64>
  public let gaps: Fact<EventTimes.Gaps>
  /// The answer with its events joined; without texts, unless they were asked for.
  public let answer: JoinedAnswer
  /// What LiteLLM says of it.
  public let marks: ProxyMarks?
  /// `http.json-too-deep` and those of event streams (`sse.…`).
  public let anomalies: AnomalySet
  /// Bounds that were reached while reading.
  public let caps: [Cap]
  /// How many events the answer has; absent where it is no event stream.
  public let events: Fact<Int>

  /// - Parameter collectsText: whether ``answer`` holds the texts, too.
  /// - Returns: `nil` where the request is none to a model's API.
  public convenience init?(
    _ exchange: Exchange, collectingText collectsText: Bool, in store: CaptureStore
  ) {
    let memory = CallMemory(isUsedOnce: true)
    guard let head = memory.head(of: exchange) else { return nil }
    self.init(exchange, head, collectingText: collectsText, in: store, memory)
  }

  /// - Parameters:
  ///   - head: of the request.
  ///   - memory: of this call and others, so that nothing is read twice.
  init?(
    _ exchange: borrowing Exchange, _ head: CallHead, collectingText collectsText: Bool,
    in store: CaptureStore, _ memory: CallMemory
  ) {
    guard let request = exchange.request else { return nil }
    let route = head.route
    let asksForModels = route.operation.asksForModels
    let asked = RequestObject(request, in: store)
    let answerHead = exchange.response?.framedHead
    // What is in a list of models is for those who want to read it. Why there is none is for all.
    let isList =
      asksForModels && 200..<300 ~= answerHead?.head.status ?? 0
      && answerHead?.isEventStream == false
    let format = isList && !collectsText ? nil : route.format
    var answered = exchange.answerReading(
      format: format, collectingText: collectsText, in: store, memory)
    operation = route.operation
    model = route.model(asked: asked.model)
    stream = Self.stream(asked.stream, route, answerHead)
    attempt = head.attempt
    timeToFirstEvent = Self.timeToFirstEvent(request, answered)
    answered?.noteStall(timeToFirstEvent.value)
    answer = answered?.joined ?? JoinedAnswer(collectingText: collectsText)
    let hasDoubt = asksForModels ? nil : answered?.doubt
    func fact<Value>(_ value: Value?) -> Fact<Value> {
      if let value { return .present(value) }
      return hasDoubt.map { .unknown($0) } ?? .absent
    }
    answeringModel = asksForModels ? .absent : fact(answer.model)
    let reasons = answer.finishReasons
    finishReasons = asksForModels ? .absent : fact(reasons.isEmpty ? nil : reasons)
    usage = asksForModels ? .absent : answered?.usage ?? .absent
    events = answered?.events ?? .absent
    switch events {
    case .present(let count):
      gaps = answered?.times.summary.map { .present($0) } ?? (count > 1 ? .unknown(.cut) : .absent)
    case .unknown(let reason): gaps = .unknown(reason)
    case .absent: gaps = .absent
    }
    marks = answerHead.flatMap { ProxyMarks($0.head) }
    anomalies = asked.anomalies.union(answered?.anomalies ?? [])
    caps = asked.caps + (answered?.caps ?? [])
  }

  private static func stream(
    _ asked: Fact<Bool>, _ route: CallRoute, _ answer: FramedHead?
  ) -> Fact<Bool> {
    if route.isStream || answer?.isEventStream == true { return .present(true) }
    switch asked {
    case .present: return asked
    case .absent: return route.operation.canStream ? .present(false) : .absent
    case .unknown: return route.operation.canStream ? asked : .absent
    }
  }

  private static func timeToFirstEvent(
    _ request: Message, _ answered: AnswerReading?
  ) -> Fact<Int64> {
    guard let answered else { return .absent }
    switch answered.events {
    case .absent: return .absent
    case .unknown(let reason): return .unknown(reason)
    case .present: break
    }
    guard let first = answered.times.first else {
      // No event in a stream that was cut: one may have come. And some captures have no times.
      return answered.events == .present(0)
        ? answered.doubt.map { .unknown($0) } ?? .absent
        : .unknown(.cut)
    }
    guard request.bodyState != .cut, request.bodyState != .gap,
      let wait = first.nanoseconds(since: request.end)
    else { return .unknown(request.bodyState == .gap ? .hole : .cut) }
    // A server may answer before it has read the request.
    return .present(max(0, wait))
  }
}
