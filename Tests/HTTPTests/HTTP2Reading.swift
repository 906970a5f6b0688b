@testable internal import HTTP
@testable internal import Wire

/// One frame (RFC 9113, 4.1).
func frame(
  _ kind: FrameHeader.Kind, _ stream: UInt32, flags: UInt8 = 0, _ payload: [UInt8] = [],
  length: Int? = nil
) -> [UInt8] {
  frame(type: kind.rawValue, stream, flags: flags, payload, length: length)
}

func frame(
  type: UInt8, _ stream: UInt32, flags: UInt8 = 0, _ payload: [UInt8] = [], length: Int? = nil
) -> [UInt8] {
  let length = length ?? payload.count
  return [UInt8(length >> 16), UInt8(length >> 8 & 255), UInt8(length & 255), type, flags]
    + big32(stream) + payload
}

func big32(_ number: UInt32) -> [UInt8] {
  stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> $0) }
}

/// Flags of frames.
let endStream: UInt8 = 1
let endHeaders: UInt8 = 4
let padded: UInt8 = 8
let priority: UInt8 = 32

/// A header block of literals that stay out of the table.
func block(_ fields: [(String, String)]) -> [UInt8] {
  fields.flatMap { name, value in
    [0] + literal(name) + literal(value)
  }
}

func literal(_ text: String) -> [UInt8] {
  let bytes = Array(text.utf8)
  precondition(bytes.count < 254)
  return (bytes.count < 127 ? [UInt8(bytes.count)] : [127, UInt8(bytes.count - 127)]) + bytes
}

/// A field that is added to the table.
func indexedLiteral(_ name: String, _ value: String) -> [UInt8] {
  [0x40] + literal(name) + literal(value)
}

let getFields = [
  (":method", "GET"), (":scheme", "http"), (":path", "/v1/models"), (":authority", "proxy:4000"),
]
let postFields = [
  (":method", "POST"), (":scheme", "http"), (":path", "/v1/chat/completions"),
  (":authority", "proxy:4000"), ("authorization", "Bearer sk-test-1"),
]

let settingsFrame = frame(.settings, 0)

/// Preface and settings of a client, and what follows.
func client(_ frames: [UInt8]...) -> [UInt8] {
  HTTP2Decoder.preface + settingsFrame + frames.flatMap { $0 }
}

func server(_ frames: [UInt8]...) -> [UInt8] { settingsFrame + frames.flatMap { $0 } }

/// What a decoder makes of one direction of an HTTP/2 connection: told line by line, the content of
/// each stream joined as long as nothing else is said.
struct HTTP2Reading {
  struct Head {
    var stream: UInt32
    var kind: HTTP2Decoder.HeadKind?
    var head: MessageHead
  }

  private(set) var lines: [String] = []
  private(set) var heads: [Head] = []
  private(set) var content: [UInt32: [UInt8]] = [:]
  private(set) var odd: [Anomaly] = []
  private(set) var settings: [HTTP2Settings] = []
  private(set) var decoder: HTTP2Decoder
  private var latest: (kind: String, bytes: [UInt8]) = ("", [])

  init(_ decoder: HTTP2Decoder) { self.decoder = decoder }

  init(_ bytes: [UInt8], isClient: Bool = true, isMidstream: Bool = false) {
    self.init(HTTP2Decoder(isClient: isClient, isMidstream: isMidstream))
    read(bytes)
  }

  /// The anomalies of the connection and of all heads.
  var anomalies: AnomalySet {
    var all = AnomalySet(odd.map(AnomalySet.init))
    for head in heads { all.formUnion(head.head.anomalies) }
    return all
  }

  mutating func change(_ change: (inout HTTP2Decoder) -> Void) { change(&decoder) }

  mutating func skip(_ length: Int) -> HTTP2Decoder.GapEffect {
    let effect = decoder.skip(length)
    read([])
    return effect
  }

  mutating func read(_ bytes: [UInt8]) {
    var offset = 0
    while true {
      let before = offset
      let output = decoder.next(bytes.span, from: &offset)
      precondition(offset >= before && offset <= bytes.count)
      switch output {
      case .more:
        precondition(offset == bytes.count, "all that is given is taken")
        return
      case .began(let stream): say("began \(stream)")
      case .head(let stream, let kind, let ends):
        take(stream, kind, "head \(stream) \(kind)\(ends ? " ends" : "")")
      case .pushPromise(let stream, let promised):
        take(promised, nil, "promise \(stream) \(promised)")
      case .content(let stream, let range):
        content[stream, default: []] += bytes[range]
        join("content \(stream)", bytes[range])
      case .ended(let stream): say("ended \(stream)")
      case .reset(let stream, let code): say("reset \(stream) \(code)")
      case .goAway(let last, let code): say("goaway \(last) \(code)")
      case .settings(let settings):
        self.settings.append(settings)
        say("settings\(settings.isAcknowledgement ? " ack" : "")")
      case .odd(let anomaly, let stream):
        odd.append(anomaly)
        say("odd \(anomaly.rawValue)\(stream.map { " \($0)" } ?? "")")
      case .lost(let anomaly):
        odd.append(anomaly)
        say("lost \(anomaly.rawValue)")
      case .stray(let range): join("stray", bytes[range])
      }
    }
  }

  private mutating func take(_ stream: UInt32, _ kind: HTTP2Decoder.HeadKind?, _ line: String) {
    guard let head = decoder.takeHead() else { preconditionFailure("a head that is told of") }
    heads.append(Head(stream: stream, kind: kind, head: head))
    let anomalies = head.anomalies.anomalies.map(\.rawValue)
    say(line + " \(String(decoding: head.bytes, as: UTF8.self)) \(head.isComplete) \(anomalies)")
  }

  private mutating func join(_ kind: String, _ bytes: ArraySlice<UInt8>) {
    if latest.kind != kind { flush() }
    latest.kind = kind
    latest.bytes += bytes
  }

  private mutating func say(_ line: String) {
    flush()
    lines.append(line)
  }

  private mutating func flush() {
    if !latest.kind.isEmpty {
      lines.append("\(latest.kind) \(String(decoding: latest.bytes, as: UTF8.self))")
    }
    latest = ("", [])
  }

  /// All that was said.
  var told: [String] {
    var all = self
    all.flush()
    return all.lines
  }

  /// The same without heads' bytes.
  var events: [String] {
    told.map { line in
      line.hasPrefix("head ") || line.hasPrefix("promise ")
        ? String(line.prefix { $0 != "\r\n" }) : line
    }
  }
}
