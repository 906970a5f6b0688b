import Foundation
import TestSupport

/// Conversations in which every place that can hold a secret holds one of its own.
struct CanaryCapture {
  private(set) var canaries: [Canary] = []
  private(set) var packets: [Packet] = []
  private var number: UInt16 = 0

  /// - Parameter given: the key that only `--expect-key` tells of.
  init(given: Canary) {
    canaries.append(given)
    // First, so that nothing before betrays it.
    mention(given)
    latecomers()
    fields()
    targets()
    bodies()
    answers()
    seenAgain()
    split()
    broken()
    cutByTheReports()
    hostile()
    ask(fields: ["Authorization: Bearer dummy-key-for-proxy"], answer: Dialogue.noKey)
    confessions()
  }

  /// A content that is longer than what is shown of one: the cut goes through a key.
  static func longContent() -> CanaryCapture {
    var capture = CanaryCapture()
    let late = capture.secret("where a content is cut", prefix: "sk-", length: 40)
    let known = capture.secret("where another content is cut", length: 40)
    capture.present(known)
    for (key, part) in [(late, 14), (known, 20)] {
      let words = String(repeating: "word ", count: 210_000).prefix((1 << 20) - part - 1)
      let text = words + " " + key + " words"
      if key == late {
        capture.ask(body: text)
      } else {
        capture.ask(answer: Dialogue.answer(body: text))
      }
    }
    return capture
  }

  /// A request that holds a key without a sign that it is one.
  static func mentioning(_ canary: Canary) -> CanaryCapture {
    var capture = CanaryCapture()
    capture.mention(canary)
    return capture
  }

  private init() {}

  private mutating func mention(_ canary: Canary) {
    ask(
      target: "/v1/\(canary.text)/x?q=\(Notation.percent(canary.text))",
      fields: ["X-Echo: \(canary.text)"],
      body: #"{"text":"\#(canary.text) \#(Notation.base64ShiftedByOne(canary.text))"}"#)
  }

  // MARK: Telling

  private mutating func secret(
    _ place: String, prefix: String = "", length: Int = 26, alphabet: String = Canary.base62,
    reach: Canary.Reach = .everywhere
  ) -> String {
    var canary = Canary(place, prefix: prefix, length: length, alphabet: alphabet)
    canary.reach = reach
    canaries.append(canary)
    return canary.text
  }

  private mutating func talk(segmentSize: Int = 1400) -> Conversation {
    number += 1
    var talk = Conversation(
      clientPort: 20_000 + number,
      startingAt: 1_700_000_000_000_000_000 + Int64(number) * 1_000_000_000)
    talk.segmentSize = segmentSize
    return talk
  }

  private mutating func ask(
    _ method: String = "POST", target: String = "/chat/completions", host: String = "10.0.0.2:4000",
    fields: [String] = [], body: String = "", answer: String? = nil, segmentSize: Int = 1400
  ) {
    var talk = talk(segmentSize: segmentSize)
    talk.client(Dialogue.request(method, target, fields: fields, body: body, host: host))
    talk.server(answer ?? Dialogue.answer())
    talk.close()
    packets += talk.packets()
  }

  private mutating func exchange(_ request: String, _ answer: [UInt8], segmentSize: Int = 1400) {
    var talk = talk(segmentSize: segmentSize)
    talk.client(request)
    talk.server(answer)
    talk.close()
    packets += talk.packets()
  }

  /// An exchange in which the key is a credential: from now on it is known.
  private mutating func present(_ key: String) {
    toldElsewhere(key)
    ask(target: "/model/info", fields: ["Authorization: Bearer \(key)"])
  }

  private mutating func toldElsewhere(_ key: String) {
    for index in canaries.indices where canaries[index].text == key {
      canaries[index].isToldElsewhere = true
    }
  }

  private static func chunked(_ chunks: [String], trailers: [String] = []) -> String {
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
      + chunks.map { "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n" }.joined()
      + "0\r\n" + trailers.map { $0 + "\r\n" }.joined() + "\r\n"
  }

  private static func pieces(_ text: String, of size: Int) -> [String] {
    var rest = text[...]
    var pieces: [String] = []
    while !rest.isEmpty {
      pieces.append(String(rest.prefix(size)))
      rest = rest.dropFirst(size)
    }
    return pieces
  }

  // MARK: Where a name tells

  private mutating func fields() {
    let whole = [
      "x-api-key", "api-key", "x-litellm-api-key", "X-Goog-Api-Key", "Ocp-Apim-Subscription-Key",
      "X-Session-Token", "X-Client-Secret", "X-Signing-Key", "Authori\u{0}zation",
      "Authorization\u{0}", "X-Api-Key ", "X_API_KEY",
    ]
    for name in whole {
      ask(fields: ["\(name): \(secret("field \(name)"))"])
    }
    for field in credentials("Authorization") { ask(fields: [field]) }
    // None of these is the credential that is judged, so one request can carry them all.
    ask(fields: credentials("Proxy-Authorization"))
    ask(fields: credentials("X-Forwarded-Authorization"))
    let cookie = secret("a cookie") + "; theme=dark; sid=\"" + secret("a cookie in quotes")
    ask(
      fields: ["Cookie: session=\(cookie)\"", "Cookie: \(secret("a cookie without a name"))"],
      answer: Dialogue.answer(fields: [
        "Set-Cookie: sid=\(secret("a cookie that is set")); Path=/; HttpOnly",
        "X-Refresh-Token: \(secret("a token in an answer"))",
        "Location: https://x.example/cb?api_key=\(secret("Location's query"))&a=1#access_token="
          + secret("Location's fragment"),
      ]))
    let referrer = "https://u:\(secret("Referer's password"))@x.example/?token="
    ask(fields: ["Referer: \(referrer)\(secret("Referer's query"))"])
    // Two that differ: both are shown side by side.
    let one = secret("conflicting, first")
    ask(fields: ["Authorization: Bearer \(one)", "x-api-key: \(secret("conflicting, second"))"])
    ask(fields: [
      "Authorization: Bearer \(secret("twice, first"))",
      "Authorization: Bearer \(secret("twice, second"))",
    ])
  }

  /// Header lines of one name, with all that schemes and malformed values do around a key.
  private mutating func credentials(_ name: String) -> [String] {
    var fields = ["Bearer", "bearer", "Token", "Key", "ApiKey", "Bearer Bearer", "Digest x"].map {
      "\(name): \($0) \(secret("\(name) \($0)"))"
    }
    fields.append("\(name): \(secret("\(name) without a scheme"))")
    fields.append("\(name): Bearer \"\(secret("\(name) in quotes"))\"")
    fields.append("\(name): Bearer\t\(secret("\(name) behind a tab"))")
    fields.append("\(name): Bearer\r\n \(secret("\(name) on a second line"))")
    let scheme = secret("\(name) as a scheme", length: 16)
    fields.append("\(name): \(scheme) \(secret("\(name) behind an unknown scheme"))")
    let first = secret("\(name) first of a list")
    fields.append("\(name): Bearer \(first), Bearer \(secret("\(name) second of a list"))")
    let password = Notation.encoded("user:" + secret("\(name) Basic password"))
    fields.append("\(name): Basic \(password)")
    fields.append("\(name): Basic \(Notation.encoded(secret("\(name) Basic user") + ":"))")
    fields.append("\(name): Basic \(Notation.encoded(secret("\(name) Basic user, x") + ":x"))")
    fields.append("\(name): Basic \(secret("\(name) Basic unencoded"))")
    return fields
  }

  private mutating func targets() {
    for name in [
      "key", "api_key", "token", "access_token", "api%5Fkey", "API-KEY", "client_secret",
    ] {
      ask("GET", target: "/model/info?a=1&\(name)=\(secret("query \(name)"))&b=2#x")
    }
    ask("GET", target: "/model/info;key=\(secret("path parameter"))")
    ask("GET", target: "/model/info?a=1;api_key=\(secret("query behind a semicolon"))")
    let escaped = Notation.percent(secret("query, percent-escaped"))
    ask("GET", target: "/model/info?api_key=\(escaped)")
    ask("GET", target: "http://u:\(secret("URL's password"))@10.0.0.2:4000/model/info")
    ask("GET", target: "http://\(secret("URL's user"))@10.0.0.2:4000/model/info")
    ask("GET", target: "http://\(secret("URL's user before x")):x@10.0.0.2:4000/model/info")
    ask("GET", target: "//u:\(secret("password without a scheme"))@10.0.0.2:4000/model/info")
    ask("GET", target: "/proxy?url=https%3A%2F%2Fu%3A\(secret("password of a URL in a query"))%40x")
    ask("GET", target: "/cb#access_token=\(secret("fragment's member"))&token_type=bearer")
    ask("GET", target: "/cb#key=\(secret("fragment's key"))")
    ask("GET", target: "/cb#\(secret("a bare fragment"))")
    ask("CONNECT", target: "u:\(secret("CONNECT's password"))@x.example:443")
    ask("GET", host: "u:\(secret("Host's password"))@10.0.0.2:4000")
    ask("GET", host: "\(secret("Host's user"))@10.0.0.2:4000")
  }

  // MARK: In contents

  static let shapes: [(prefix: String, length: Int)] = [
    ("sk-", 32), ("sk-ant-api03-", 40), ("sk-proj-", 48), ("sk-or-v1-", 40), ("AIza", 35),
    ("gsk_", 40), ("hf_", 34), ("ghp_", 36), ("github_pat_", 40), ("glpat-", 20),
    ("xoxb-123456789012-123456789012-", 24), ("r8_", 37), ("xai-", 40), ("sk_live_", 24),
  ]

  private mutating func shaped(_ where: String) -> String {
    var keys = Self.shapes.map {
      secret("\($0.prefix) \(`where`)", prefix: $0.prefix, length: $0.length)
    }
    keys.append(secret("AKIA \(`where`)", prefix: "AKIA", length: 16, alphabet: Canary.capitals))
    keys.append(
      secret("JWT head \(`where`)", prefix: "eyJ") + "."
        + secret("JWT payload \(`where`)", prefix: "eyJ")
        + "." + secret("JWT signature \(`where`)"))
    return keys.joined(separator: " ")
  }

  /// Members of secret names, at depth, and as JSON within JSON.
  private mutating func members(_ side: String) -> String {
    let quoted = #"{\"api_key\":\"\#(secret("\(side): JSON in JSON"))\"}"#
    let twice = #"{\\\"api_key\\\":\\\"\#(secret("\(side): JSON in JSON in JSON"))\\\"}"#
    return #"{"model":"m","api_key":"\#(secret("\(side): member"))","extra":{"a":[{"x":{"#
      + #""client_secret" : "\#(secret("\(side): member at depth"))","authorization":"#
      + #""Bearer \#(secret("\(side): authorization"))"}}]},"\u0061pi_key":"#
      + #""\#(Notation.jsonUnicode(secret("\(side): escaped member")))","password":"#
      + #""\#(secret("\(side): password"))","list":{"api_key":["\#(secret("\(side): in a list"))","#
      + #""\#(secret("\(side): second in a list"))"]},"arguments":"\#(quoted)","#
      + #""inner":"\#(twice)","headers":{"X-Api-Key":"\#(secret("\(side): header in JSON"))"},"#
      + #""url":"https://u:\#(secret("\(side): URL in JSON"))@x.example/?key=\#(secret("\(side): query in JSON"))"}"#
  }

  private mutating func bodies() {
    ask(body: members("request"), answer: Dialogue.answer(body: members("answer")))
    ask(
      body: "a \(shaped("in a request")) z",
      answer: Dialogue.answer(body: "\(shaped("in an answer"))"))
    ask(
      fields: ["Content-Type: application/x-www-form-urlencoded"],
      body: "api_key=\(secret("form, first"))&x=1&token=\(secret("form, second"))&client_secret="
        + secret("form, third"))
    ask(
      fields: ["Content-Type: multipart/form-data; boundary=b"],
      body: "--b\r\nContent-Disposition: form-data; name=\"api_key\"\r\n\r\n"
        + "\(secret("multipart form"))\r\n--b--\r\n")
    ask(
      body:
        "OPENAI_API_KEY=\(secret("dotenv"))\nexport LITELLM_MASTER_KEY=\"\(secret("dotenv in quotes"))\"\n"
    )
    ask(body: "curl -H 'Authorization: Bearer \(secret("curl in prose"))' -u admin:x")
    ask(
      body:
        "GET / HTTP/1.1\nX-Api-Key: \(secret("header lines in a content"))\nCookie: sid=\(secret("cookie line in a content"))\n"
    )
    ask(body: "{'api_key': '\(secret("Python's dictionary"))', 'x': 1}")
    // What is compressed is shown in the clear.
    let keys =
      #"{"api_key":"\#(secret("gzip member"))","text":"\#(secret("gzip shape", prefix: "sk-"))"}"#
    let packed = Compression.compress(Array(keys.utf8))
    exchange(
      Dialogue.request("GET", "/model/info"),
      Array(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(packed.count)\r\n\r\n".utf8)
        + packed)
  }

  private mutating func answers() {
    let expired = secret("LiteLLM's param, a key", prefix: "sk-")
    ask(
      fields: ["Authorization: Bearer \(expired)"],
      answer: Dialogue.answer(
        "401 Unauthorized",
        body:
          #"{"error":{"message":"Authentication Error - Expired Key. Key Expiry time 2026","type":"expired_key","#
          + #""param":"\#(expired)","code":"401"}}"#))
    // Keys in the message, which reports cut to its first sentence.
    for (name, before) in [("", ""), (" far behind", String(repeating: "word ", count: 19))] {
      let wrong = secret("LiteLLM's message\(name)")
      toldElsewhere(wrong)
      ask(
        fields: ["Authorization: Bearer \(wrong)"],
        answer: Dialogue.answer(
          "401 Unauthorized",
          body:
            #"{"error":{"message":"Authentication Error, \#(before)Invalid proxy server token passed: \#(wrong)","#
            + #""type":"auth_error","param":"None","code":"401"}}"#))
    }
    let unknown = secret("message, of a known shape", prefix: "sk-", length: 40)
    ask(
      fields: ["Authorization: Bearer dummy"],
      answer: Dialogue.answer(
        "401 Unauthorized",
        body:
          #"{"error":{"message":"Authentication Error, \#(String(repeating: "word ", count: 19))"#
          + #"got \#(unknown)","type":"auth_error","code":"401"}}"#))
    let detail = secret("FastAPI's detail", prefix: "sk-")
    ask(answer: Dialogue.answer("403 Forbidden", body: #"{"detail":"no access: \#(detail)"}"#))
    ask(answer: Dialogue.answer("401 \(secret("reason", prefix: "sk-"))"))
    ask(
      answer: Dialogue.answer(
        "401 Unauthorized",
        body:
          #"{"error":{"message":"Received: Bearer \#(secret("bearer in prose"))","type":"auth_error"}}"#
      ))
  }

  // MARK: Seen before

  private mutating func seenAgain() {
    for notation in Notation.allCases {
      let key = secret("again, \(notation)", prefix: "K")
      present(key)
      let text = notation(key)
      let isPlain = !text.contains { $0 == "\\" }
      ask(
        target: isPlain ? "/v1/files/\(text)/content?q=\(text)" : "/x",
        fields: ["X-Echo: <\(text)>", "User-Agent: agent/\(text)"],
        body: #"{"messages":[{"content":"say \#(text)."}]}"#,
        answer: Dialogue.answer(
          "400 Bad", fields: ["X-Echo: \(text)"],
          body: #"{"error":{"message":"unknown word \#(text) here","param":"\#(text)"}}"#))
      let packed = Compression.compress(Array("again \(text) again".utf8))
      exchange(
        Dialogue.request("GET", "/model/info"),
        Array(
          "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(packed.count)\r\n\r\n"
            .utf8)
          + packed)
    }
    let key = secret("again, in odd places")
    present(key)
    ask("GET", host: "\(key).example:4000")
    ask(key, target: "/model/info")
    ask("GET", fields: ["X-\(key): v", "\(key): v"], answer: Dialogue.answer("404 \(key)"))
    exchange("GET /model/info HTTP/\(key)\r\nHost: x\r\n\r\n", Array(Dialogue.answer().utf8))
    exchange(
      Dialogue.request("GET", "/model/info"),
      Array("HTTP/\(key) 200 OK\r\nContent-Length: 0\r\n\r\n".utf8))
    exchange(
      "\(key) /model/info\r\n\r\n", Array("HTTP/1.1 400 \(key)\r\nContent-Length: 0\r\n\r\n".utf8))
    ask("GET", answer: "HTTP/1.1 103 Early Hints\r\nLink: <\(key)>\r\n\r\n" + Dialogue.answer())
    let server = secret("again, a server's name")
    present(server)
    var hello = talk()
    hello.client(Self.clientHello("\(server).example"))
    hello.close()
    packets += hello.packets()
  }

  private static func clientHello(_ name: String) -> [UInt8] {
    func big(_ value: Int) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 255)] }
    let host = Array(name.utf8)
    let list = [0] + big(host.count) + host
    let content = big(list.count) + list
    let extensions = [0, 0] + big(content.count) + content
    var body: [UInt8] = [3, 3] + [UInt8](repeating: 7, count: 32)
    body += [0, 0, 2, 0x13, 1, 1, 0] + big(extensions.count) + extensions
    let handshake = [1, 0] + big(body.count) + body
    return [0x16, 3, 1] + big(handshake.count) + handshake
  }

  private mutating func split() {
    for size in [1, 3, 9, 13] {
      let chunk = secret("over chunks of \(size)")
      present(chunk)
      ask("GET", answer: Self.chunked(["data: "] + Self.pieces(chunk, of: size) + ["\n\n"]))
      let event = secret("over events of \(size)")
      present(event)
      let events = Self.pieces(event, of: size).map {
        #"data: {"id":"c1","choices":[{"index":0,"delta":{"content":"\#($0)"}}]}"# + "\n\n"
      }
      ask("GET", answer: Self.chunked(events + ["data: [DONE]\n\n"]))
      let claude = secret("over Anthropic's events of \(size)", prefix: "sk-ant-api03-")
      let deltas = Self.pieces(claude, of: size).map {
        "event: content_block_delta\n"
          + #"data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\#($0)"}}"#
          + "\n\n"
      }
      ask("GET", answer: Self.chunked(deltas))
      let segment = secret("over segments of \(size * 7)", prefix: "sk-")
      ask(
        "GET", target: "/x?k=\(segment)", fields: ["Authorization: Bearer \(segment)"],
        body: #"{"text":"\#(segment)"}"#, segmentSize: size * 7)
    }
    let encoded = secret("base64 over events")
    present(encoded)
    let events = Self.pieces(Notation.base64ShiftedByOne(encoded), of: 11).map {
      #"data: {"choices":[{"delta":{"content":"\#($0)"}}]}"# + "\n\n"
    }
    ask("GET", answer: Self.chunked(events))
    let trailer = secret("again, in a trailer")
    present(trailer)
    ask(
      "GET",
      answer: Self.chunked(
        ["x"],
        trailers: [
          "X-Echo: \(trailer)", "Authorization: Bearer \(secret("a trailer's credential"))",
          "X-Api-Key: \(secret("a trailer's key"))",
        ]))
  }

  // MARK: Broken

  private mutating func broken() {
    // A hole in the middle of a key: half a key is a secret too.
    for (name, prefix, isKnown) in [
      ("known", "", true), ("shaped", "sk-", false), ("known and shaped", "sk-", true),
    ] {
      for place in ["head", "target", "request body", "answer", "chunk"] {
        let key = secret("a hole in a \(place), \(name)", prefix: prefix, length: 40)
        if isKnown { present(key) }
        hole(in: place, key, isNamed: !isKnown && prefix.isEmpty)
      }
    }
    for place in ["head", "request body"] {
      hole(in: place, secret("a hole in a \(place), named", length: 40), isNamed: true)
    }
    // The request ends in the middle of its key.
    for (name, prefix) in [("named", ""), ("shaped", "sk-")] {
      let key = secret("a cut head, \(name)", prefix: prefix, length: 40)
      var talk = talk()
      talk.client("GET /model/info HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(key)")
      talk.close()
      packets += talk.packets()
      let line = secret("a cut request line, \(name)", prefix: "sk-", length: 40)
      talk = self.talk()
      talk.client("GET /model/info?api_key=\(line)")
      talk.close()
      packets += talk.packets()
    }
    for length in [12, 17, 24] {
      let key = secret("\(length) bytes of a cut request line", prefix: "sk-", length: 40)
      let jwt = secret("\(length) bytes of a cut JWT", prefix: "eyJ", length: 40)
      for start in [String(key.prefix(length)), "eyJhbGciOiJIUzI1NiJ9." + jwt.prefix(length)] {
        var talk = self.talk()
        talk.client("GET /model/info/\(start)")
        talk.close()
        packets += talk.packets()
      }
    }
    let cut = secret("a cut request line, known", length: 40)
    present(cut)
    var talk = talk()
    talk.client("GET /model/info/\(cut.prefix(20))")
    talk.close()
    packets += talk.packets()
    // Each packet holds only its beginning.
    let snapped = secret("a key behind the snap length", length: 40)
    present(snapped)
    talk = self.talk()
    talk.client(Dialogue.request("POST", "/chat/completions", body: "text \(snapped) text"))
    talk.close()
    packets += talk.packets().map { packet in
      var packet = packet
      if packet.payload.count > 40 { packet.snaplen = 54 + packet.payload.count - 20 }
      return packet
    }
    // Sent twice with different content.
    let first = secret("overlap, first")
    let second = secret("overlap, second")
    talk = self.talk()
    talk.client("GET /model/info HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(first)\r\n")
    talk.client("\r\n")
    talk.server(Dialogue.noKey)
    talk.close()
    var sent = talk.packets()
    sent.insert(
      sent[3].sentAgain(after: 100_000).saying(
        "GET /model/info HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(second)\r\n"), at: 4)
    packets += sent
    // Lines that are no header lines.
    let colonless = secret("a line without a colon", prefix: "sk-")
    ask(fields: ["Authorization Bearer \(colonless)", ": \(secret("no name", prefix: "sk-"))"])
    ask(fields: ["Authorization=Bearer \(secret("an equals sign"))"])
    exchange(
      "GET /model/info HTTP/1.1\nHost: x\nAuthorization: Bearer \(secret("bare line feeds"))\n\n",
      Array(Dialogue.noKey.utf8))
    exchange(
      "\(secret("no HTTP at all", prefix: "sk-"))\r\n\(secret("no HTTP, second line", prefix: "sk-"))",
      Array("what?".utf8))
    ask(
      fields: ["Content-Length: 3", "Authorization: Bearer \(secret("conflicting lengths"))"],
      body: #"{"api_key":"\#(secret("content of conflicting lengths"))"}"#)
  }

  private mutating func hole(in place: String, _ key: String, isNamed: Bool) {
    let half = key.count / 2
    let (start, end) = (key.prefix(half), key.dropFirst(half + 4))
    var talk = talk()
    var lost = 4
    let lead = isNamed ? #"{"api_key":""# : "text "
    let trail = isNamed ? #""}"# : " text"
    let body = lead + key + trail
    let missing = String(key.dropFirst(half).prefix(4))
    switch place {
    case "head":
      talk.client("GET /model/info HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(start)")
      talk.client(missing)
      talk.client("\(end)\r\n\r\n")
      talk.server(Dialogue.noKey)
    case "target":
      talk.client("GET /model/info/\(start)")
      talk.client(missing)
      talk.client("\(end) HTTP/1.1\r\nHost: x\r\n\r\n")
      talk.server(Dialogue.noKey)
    case "request body":
      talk.client(
        Dialogue.request(
          "POST", "/chat/completions", fields: ["Content-Length: \(body.utf8.count)"])
          + lead + start)
      talk.client(missing)
      talk.client(end + trail)
      talk.server(Dialogue.answer())
    case "chunk":
      talk.client(Dialogue.request("GET", "/model/info"))
      talk.server(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(String(body.utf8.count, radix: 16))\r\n"
          + lead + start)
      talk.server(missing)
      talk.server(end + trail + "\r\n0\r\n\r\n")
      lost = 5
    default:
      talk.client(Dialogue.request("GET", "/model/info"))
      talk.server("HTTP/1.1 400 Bad\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + lead + start)
      talk.server(missing)
      talk.server(end + trail)
      lost = 5
    }
    talk.close()
    var sent = talk.packets()
    sent.remove(at: lost)
    packets += sent
  }

  /// Long values that reports shorten: the cut goes through a key.
  private mutating func cutByTheReports() {
    for length in [44, 48, 60, 80, 120, 200, 300, 2000] {
      // Of the key, so many bytes stand before the cut.
      let part = 13
      let key = secret("cut at \(length)", prefix: "sk-", length: 40)
      let before = String(String(repeating: "word/", count: 400).prefix(length - part - 2)) + "/"
      ask("GET", target: "/\(before)\(key)", fields: ["User-Agent: /\(before)\(key)"])
      // What is replaced before it brings the cut nearer.
      let long = secret("a long key before a cut at \(length)", length: length)
      ask(
        "GET", target: "/model/info?api_key=\(long)&x=/\(before.dropFirst(20))\(key)",
        fields: ["User-Agent: agent/\(long) /\(before)\(key)", "X-Api-Key: \(long)"],
        answer: Dialogue.answer(
          "401 /\(before)\(key)",
          body: #"{"error":{"message":"/\#(before)\#(key)","type":"auth_error"}}"#))
    }
  }

  // MARK: Too late for what is written at once

  private mutating func latecomers() {
    let key = secret("known only later", reach: .writtenAtTheEnd)
    late = key
    ask(
      "GET", target: "/model/info/\(key)", host: "\(key).example",
      fields: ["User-Agent: agent/\(key)"],
      answer: Dialogue.answer(
        "401 Unauthorized",
        body: #"{"error":{"message":"Authentication Error, no \#(key)","type":"auth_error"}}"#))
  }

  private var late = ""

  private mutating func confessions() { present(late) }

  // MARK: Text that acts

  /// Control, bidi and zero-width characters, commands of CI systems, fences and markup.
  static let evil =
    "a\u{1B}[31mb\u{07}\u{08}\u{9B}2J\u{202E}\u{200B}\u{7F}\u{2028}\u{FEFF}```|<b>]]>&x;\u{1}"
  static let command = "::error::forged ##[error]forged ##teamcity[forged '"

  private mutating func hostile() {
    let lines =
      "x\n::error::forged\n  ::error::forged\n##[error]forged\n##teamcity[forged x]\n```\n# h"
    let answer = Dialogue.answer(
      "401 \(Self.evil)\(Self.command)",
      fields: ["X-Evil: \(Self.evil)", "::error:: \(Self.command)"],
      body:
        #"{"error":{"message":"Authentication Error, \#(lines.replacing("\n", with: "\\n"))\u001b[31m\u202e","#
        + #""type":"auth_error"}}"#)
    ask(
      target: "/model/info/\(Self.evil)", host: "::error::\(Self.evil)",
      fields: [
        "Authorization: \(Self.evil)", "User-Agent: ::error::\(Self.evil)",
        "::error::a: ##[error]b",
      ], body: lines + Self.evil, answer: answer)
    ask("::error::forged", target: "##[error]forged", answer: answer)
    ask("GET", target: "/model/info", fields: ["Authorization: ::error::forged"], answer: answer)
    exchange(
      "POST /x HTTP/1.1\r\nHost: \(Self.command)\r\nContent-Length: 40\r\n\r\n\(Self.command)",
      [UInt8](0...255))
    var hello = talk()
    hello.client(Self.clientHello("\u{1B}[31m::error::\u{202E}"))
    hello.close()
    packets += hello.packets()
  }
}
