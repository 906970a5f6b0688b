internal import LiteLLM
internal import Redaction

/// Recorded answers, each given once, in their order, to the request that it was recorded for.
///
/// A request without a recording gets an error, never an answer made up for it.
struct Playback {
  private struct Recording {
    var answer: RecordedAnswer
    var request: CanonicalRequest
    var isUsed = false
  }

  enum Match {
    case recorded(RecordedAnswer)
    case missing(ProxyAnswer)
  }

  private var recordings: [Recording]
  /// Those for a request that haven't been given yet, in their order.
  private var waiting: [CanonicalRequest: ArraySlice<Int>] = [:]
  private let name: String
  /// How fast time passes: 2 for twice as fast; `nil` for no waiting at all.
  let speed: Double?

  /// - Parameter name: of the capture.
  init(_ answers: [RecordedAnswer], name: String, speed: Double?) {
    self.name = name
    self.speed = speed
    recordings = answers.map {
      Recording(
        answer: $0,
        request: CanonicalRequest(method: $0.method, target: $0.target, content: $0.asked))
    }
    for (index, recording) in recordings.enumerated() {
      waiting[recording.request, default: []].append(index)
    }
  }

  mutating func match(_ request: ProxyRequest, _ redactor: inout Redactor) -> Match {
    let asked = CanonicalRequest(
      method: request.method, target: request.target, content: request.body)
    guard let index = waiting[asked]?.popFirst() else { return .missing(miss(asked, &redactor)) }
    recordings[index].isUsed = true
    return .recorded(recordings[index].answer)
  }

  /// Those that nobody asked for.
  var unused: [RecordedAnswer] { recordings.filter { !$0.isUsed }.map(\.answer) }

  private func miss(_ asked: CanonicalRequest, _ redactor: inout Redactor) -> ProxyAnswer {
    let same = recordings.filter { $0.request == asked }
    var place = "null"
    var why: String
    if !same.isEmpty {
      let times = same.count == 1 ? "once" : "\(same.count) times"
      why = "it was recorded \(times), and all of that is played"
    } else if let nearest = nearest(to: asked) {
      let paths = nearest.request.differences(from: asked)
      let first = paths.first ?? "content"
      why =
        "the nearest is exchange \(nearest.answer.exchange), \(nearest.answer.name); "
        + "first difference: \(first)" + (paths.count > 1 ? " (of \(paths.count))" : "")
      place = JSONText.quoted(first)
    } else {
      why = "there is no recording at all"
    }
    let message = redactor.text(
      "keywitness: \(name) has no answer for \(asked.method) \(asked.path): \(why)")
    // 404: SDKs repeat 408, 409, 429 and 5xx, and repeating won't help.
    return ProxyAnswer(
      status: 404,
      json: #"{"error":{"message":\#(JSONText.quoted(message)),"type":"keywitness_playback","#
        + #""param":\#(place),"code":"404"}}"#)
  }

  private func nearest(to asked: CanonicalRequest) -> Recording? {
    func distance(_ request: CanonicalRequest) -> Int {
      (request.path == asked.path ? 0 : 1_000_000) + (request.method == asked.method ? 0 : 500_000)
        + request.differences(from: asked).count
    }
    return recordings.min { distance($0.request) < distance($1.request) }
  }
}

extension Playback {
  /// The answer as it goes over the wire.
  ///
  /// - Returns: with the length of its head.
  func delivery(_ recorded: RecordedAnswer, to request: ServedRequest) -> (Delivery, head: Int) {
    let length = recorded.pieces.reduce(0) { $0 + $1.bytes.count }
    let isChunked = !recorded.hasLength && !request.isHTTP10
    var head = "HTTP/1.1 \(recorded.status) \(recorded.reason)\r\n"
    for (name, value) in recorded.fields { head += "\(name): \(value)\r\n" }
    let hasContent = recorded.status >= 200 && recorded.status != 204 && recorded.status != 304
    if isChunked {
      head += "transfer-encoding: chunked\r\n"
    } else if hasContent {
      head += "content-length: \(length)\r\n"
    }
    if !request.keepsAlive { head += "connection: close\r\n" }
    let headBytes = Array((head + "\r\n").utf8)
    var delivery = Delivery()
    delivery.pieces = [.init(delay: wait(recorded.pieces.first?.delay ?? 0), bytes: headBytes)]
    guard request.request.method != "HEAD", hasContent else { return (delivery, headBytes.count) }
    for (index, piece) in recorded.pieces.enumerated() {
      delivery.pieces.append(
        .init(
          delay: index == 0 ? 0 : wait(piece.delay),
          bytes: isChunked ? Chunk.encode(piece.bytes) : piece.bytes))
    }
    if isChunked { delivery.pieces.append(.init(bytes: Chunk.last)) }
    return (delivery, headBytes.count)
  }

  private func wait(_ delay: Int64) -> Int64 {
    guard let speed, delay > 0 else { return 0 }
    return Int64(exactly: (Double(delay) / speed).rounded()) ?? .max / 4
  }
}
