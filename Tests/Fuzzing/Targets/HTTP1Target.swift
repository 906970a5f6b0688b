internal import TestSupport

@testable internal import HTTP
@testable internal import Wire

/// The decoder of HTTP/1 messages, over both directions of a connection.
///
/// An input is a list of cuts, then the requests behind their length, then the responses.
enum HTTP1Target: FuzzTarget {
  static func run(_ input: [UInt8]) {
    var input = InputBytes(input)
    let isMidstream = input.byte() & 1 != 0
    let cuts = (0..<Int(input.byte() & 7)).map { _ in input.number() }
    let requests = input.take(input.number())
    let responses = input.all()
    var methods: [[UInt8]] = []
    for (stream, isRequests) in [(requests, true), (responses, false)] {
      let whole = Told(stream, [], isMidstream: isMidstream, methods: isRequests ? [] : methods)
      let cut = Told(stream, cuts, isMidstream: isMidstream, methods: isRequests ? [] : methods)
      methods = whole.methods
      guard !isMidstream else { continue }
      // What follows a loss is looked for at the beginnings of segments.
      let (first, second) = (whole.beforeLoss, cut.beforeLoss)
      require(first == second, "cuts change a message:\n\(first)\n\(second)")
    }
  }

  /// What the decoder says of a stream.
  private struct Told {
    var lines: [String] = []
    var methods: [[UInt8]] = []
    private var latest: (kind: String, bytes: [UInt8]) = ("", [])

    init(_ stream: [UInt8], _ cuts: [Int], isMidstream: Bool, methods: [[UInt8]]) {
      var decoder = MessageDecoder(isMidstream: isMidstream)
      var waiting = methods.makeIterator()
      var pieces = InputBytes([])
      for piece in pieces.pieces(of: stream, cuts: cuts) {
        let bytes = Array(piece)
        var offset = 0
        var steps = 0
        reading: while true {
          let before = offset
          let output = decoder.next(bytes.span, from: &offset)
          steps += 1
          require(steps <= 8 * bytes.count + 8, "the decoder doesn't come on")
          require(offset >= before && offset <= bytes.count, "it reads forward, and not too far")
          func add(_ kind: String, _ range: Range<Int>) {
            require(
              range.lowerBound >= before && range.upperBound <= offset, "\(kind) was read just now")
            if latest.kind != kind { flush() }
            latest.kind = kind
            latest.bytes += bytes[range]
          }
          switch output {
          case .more: break reading
          case .began: say("began")
          case .head:
            guard let head = decoder.takeHead() else {
              require(false, "a head that is told can be taken")
              return
            }
            say(
              "head \(head.fields.count) \(head.anomalies) \(String(decoding: head.bytes, as: UTF8.self))"
            )
            if head.isRequest {
              self.methods.append(Array(head.method ?? []))
              decoder.frame(BodyFraming.ofRequest(head).framing)
            } else {
              decoder.frame(
                BodyFraming.ofResponse(head, to: waiting.next().map { $0[...] }).framing)
            }
          case .content(let range): add("content", range)
          case .ended: say("ended")
          case .lost(let anomaly): say("lost \(anomaly.rawValue)")
          case .odd(let anomaly): say("odd \(anomaly.rawValue)")
          case .stray(let range, let reason): add("stray \(reason.rawValue)", range)
          case .tunnel(let range): add("tunnel", range)
          }
        }
        require(offset == bytes.count, "all that is given is taken")
      }
      flush()
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

    /// Up to where the stream can't be followed any more, that included.
    var beforeLoss: [String] {
      guard let loss = lines.firstIndex(where: { $0.hasPrefix("lost") || $0.hasPrefix("stray") })
      else { return lines }
      // What isn't HTTP/1 may look like a message as long as too little of it is there.
      var before = lines[..<loss]
      let isForeign = lines[loss] == "lost http.not-http"
      let isStray = isForeign || lines[loss].hasPrefix("stray")
      while isStray, before.last == "began" || before.last == "odd http.junk-before-request" {
        before.removeLast()
      }
      return before + [isStray ? "stray" : lines[loss]]
    }
  }

  static func seeds(of capture: [UInt8]) -> [[UInt8]] {
    let file = MemoryFile()
    file.set(capture)
    guard var wire = try? WireReader(files: [file.path]) else { return [] }
    var streams: [Int: (requests: [UInt8], responses: [UInt8])] = [:]
    while wire.step() {
      for event in wire.events where event.kind == .data {
        let number = wire.connection(event.connection).number
        let bytes = wire.store.bytes(event.range)
        if event.direction == .forward {
          streams[number, default: ([], [])].requests += bytes
        } else {
          streams[number, default: ([], [])].responses += bytes
        }
      }
    }
    return streams.sorted { $0.key < $1.key }.prefix(6).map { _, stream in
      let requests = stream.requests.prefix(2000)
      return [0, 2, 0, 20, 0, 200, UInt8(requests.count >> 8), UInt8(requests.count & 255)]
        + requests + stream.responses.prefix(2000)
    }
  }

  static var seeds: [[UInt8]] {
    let requests = [
      "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "\r\n\r\nHEAD / HTTP/1.0\n\n",
      "POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n",
      "CONNECT a:1 HTTP/1.1\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /old\r\n\r\n",
      "POST / HTTP/1.1\r\nContent-Length: 5, 5\r\nTransfer-Encoding: gzip\r\n x: y\r\n\r\nhello",
      "POST / HTTP/1.1\r\nUpgrade: websocket\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi",
    ]
    let responses = [
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
      "HTTP/1.1 204 No\r\nContent-Length: 2\r\n\r\nHTTP/1.1 200\r\n\r\nrest",
      "HTTP/1.1 101 Switching\r\n\r\n~frames", "HTTP/1.0 200 OK\nA: b\n c\n\nuntil close",
    ]
    return requests.flatMap { request in
      responses.map { response in
        [0, 1, 0, 9, 0, UInt8(request.utf8.count)] + request.utf8 + response.utf8
      }
    }
  }
}
