internal import Exchanges
internal import HTTP
internal import Wire

/// What a response says as the answer to a call: its events, if it is a stream, and what they join
/// to.
struct AnswerReading {
  /// A gap between two events, or before the first, from which on a stream counts as stalled, in
  /// nanoseconds: ten seconds.
  static let stallGap: Int64 = 10_000_000_000

  /// How many events came; absent where the answer is no event stream.
  private(set) var events: Fact<Int> = .absent
  private(set) var times = EventTimes()
  /// Whether all of the answer was seen and could be read.
  private(set) var isWhole = false
  /// Why what isn't in ``joined`` may yet have been in the answer.
  private(set) var doubt: UnknownReason?
  private(set) var joined: JoinedAnswer
  /// Why an event that was seen couldn't be decoded.
  private var undecoded: UnknownReason?
  /// Whether `[DONE]` was seen.
  private var sawDone = false
  private(set) var anomalies: AnomalySet = []
  private(set) var caps: [Cap] = []

  /// - Parameters:
  ///   - format: of the route's streams; `nil` where the route is no model's, so that events are
  ///     only counted.
  ///   - collects: whether texts are wanted, too.
  ///   - memory: of this answer and others, so that none is read twice.
  init(
    _ response: Message, format: CallRoute.Format?, collectingText collects: Bool,
    in store: CaptureStore, _ memory: CallMemory
  ) {
    joined = JoinedAnswer(collectingText: collects)
    guard response.headState == .complete else {
      doubt = response.headDoubt ?? .cut
      events = .unknown(doubt ?? .cut)
      return
    }
    if response.framedHead.isEventStream {
      readEvents(of: response, format, in: store)
    } else if format != nil {
      readJSON(of: response, in: store, memory)
    }
  }

  /// The data of the event that ends a stream of OpenAI's kind.
  static let done = Array("[DONE]".utf8)

  private mutating func readEvents(
    of response: Message, _ format: CallRoute.Format?, in store: CaptureStore
  ) {
    var stream = EventStreamReading(response, in: store)
    stream.read { event, time in
      if let time { times.add(time) }
      if event.data == Self.done {
        sawDone = true
      } else if format != nil {
        take(event)
      }
    }
    if stream.hasOverflowed { caps.append(.eventBytes) }
    let lost = stream.doubt ?? (stream.hasOverflowed ? .cap : nil)
    isWhole = lost == nil
    // Events may have been lost with the bytes that are missing, but not in front of a cut.
    events = lost == nil || lost == .cut ? .present(stream.count) : .unknown(lost ?? .hole)
    doubt = lost ?? undecoded
    guard let format else { return }
    if joined.error != nil, 200..<300 ~= response.head.status ?? 0 {
      anomalies.insert(.sseErrorEvent)
    }
    if isWhole, !sawDone, stream.unfinished?.data != Self.done, expectsDone(format) {
      anomalies.insert(.sseDoneMissing)
    }
  }

  /// What it says of its tokens. Events of a stream may correct each other: of one that wasn't read
  /// whole only the last word counts.
  var usage: Fact<TokenUsage> {
    let isLastWord =
      doubt == nil || joined.hasFinalUsage || (doubt == .cut && undecoded == nil && sawDone)
    if isLastWord, let usage = joined.usage { return .present(usage) }
    return doubt.map { .unknown($0) } ?? .absent
  }

  /// Whether a stream that is over should have ended with `[DONE]`.
  private func expectsDone(_ format: CallRoute.Format) -> Bool {
    switch format {
    case .openAI: joined.hasChoices || !joined.isFinished
    // OpenAI's own ends with its last typed event.
    case .responses: !joined.isFinished
    case .anthropic, .other: false
    }
  }

  private mutating func take(_ event: EventStreamDecoder.Event) {
    guard event.data.first == 0x7B else { return }
    do throws(JSONContent.Failure) {
      let object = try AnswerObject.read(event.data, collectingText: joined.collects)
      joined.take(object, event: String(decoding: event.type.prefix(64), as: UTF8.self))
    } catch {
      // What it says is lost, and it may have been what is asked for.
      switch error {
      case .repeated: undecoded = .ambiguousFraming
      case .tooDeep, .tooLarge: undecoded = .cap
      case .unreadable: break
      }
      note(error)
    }
  }

  private mutating func readJSON(
    of response: Message, in store: CaptureStore, _ memory: CallMemory
  ) {
    switch JSONContent.whole(response, in: store) {
    case .absent: isWhole = true
    case .unknown(let reason):
      doubt = reason
      if JSONContent.isTooLarge(response, reason) { caps.append(.decodedBytes) }
    case .present(let content):
      isWhole = true
      guard content.first(where: { $0 > 0x20 }) == 0x7B else { return }
      do throws(JSONContent.Failure) {
        joined.take(try memory.object(content, collectingText: joined.collects))
      } catch {
        isWhole = false
        doubt =
          switch error {
          case .unreadable, .repeated: .ambiguousFraming
          case .tooDeep, .tooLarge: .cap
          }
        note(error)
      }
    }
  }

  private mutating func note(_ failure: JSONContent.Failure) {
    let cap: Cap? =
      switch failure {
      case .tooDeep: .jsonDepth
      case .tooLarge: .decodedBytes
      case .unreadable, .repeated: nil
      }
    if failure == .tooDeep { anomalies.insert(.jsonTooDeep) }
    if let cap, !caps.contains(cap) { caps.append(cap) }
  }

  /// Names a stream that stood still, now that it is known when it was asked for.
  mutating func noteStall(_ timeToFirstEvent: Int64?) {
    let longest = max(times.summary?.max ?? 0, timeToFirstEvent ?? 0)
    if longest >= Self.stallGap { anomalies.insert(.sseStalled) }
  }
}

extension Exchange {
  /// - Parameter format: see ``AnswerReading/init(_:format:collectingText:in:_:)``.
  /// - Returns: `nil` where there is nothing to read.
  func answerReading(
    format: CallRoute.Format?, collectingText collects: Bool, in store: CaptureStore,
    _ memory: CallMemory
  ) -> AnswerReading? {
    // Looked at where it stands: most have nothing.
    guard let head = response?.framedHead,
      format != nil || head.isEventStream || response?.headState != .complete
    else { return nil }
    return response.map {
      AnswerReading($0, format: format, collectingText: collects, in: store, memory)
    }
  }
}
