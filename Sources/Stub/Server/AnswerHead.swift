internal import LiteLLM
internal import NIOCore

/// An answer's status line and fields as LiteLLM's server writes them.
struct AnswerHead {
  var profile: ProxyProfile
  var clock: StubClock
  private var second: Int64 = -1
  private var date = ""

  init(profile: ProxyProfile, clock: StubClock) {
    self.profile = profile
    self.clock = clock
  }

  /// - Parameter length: of the content; `nil` for a stream.
  mutating func write(
    _ answer: ProxyAnswer, length: Int?, to request: ServedRequest, into buffer: inout ByteBuffer
  ) {
    let now = clock.nanoseconds / 1_000_000_000
    if now != second {
      second = now
      date = HTTPDate.text(now)
    }
    buffer.writeString("HTTP/1.1 \(answer.status) \(Self.phrase(answer.status))\r\ndate: ")
    buffer.writeString(date)
    buffer.writeString("\r\n")
    if profile == .v76 { buffer.writeString("server: uvicorn\r\n") }
    if let length { buffer.writeString("content-length: \(length)\r\n") }
    for (name, value) in answer.fields {
      buffer.writeString(name)
      buffer.writeString(": ")
      buffer.writeString(value)
      buffer.writeString("\r\n")
    }
    // h11's own fields are the only ones with capitals.
    if length == nil, !request.isHTTP10 { buffer.writeString("Transfer-Encoding: chunked\r\n") }
    if !request.keepsAlive { buffer.writeString("Connection: close\r\n") }
    buffer.writeString("\r\n")
  }

  /// The reason phrase of a status (RFC 9110, 15), as Python's `http.HTTPStatus` has it.
  static func phrase(_ status: Int) -> StaticString {
    switch status {
    case 200: "OK"
    case 201: "Created"
    case 202: "Accepted"
    case 204: "No Content"
    case 307: "Temporary Redirect"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 402: "Payment Required"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 408: "Request Timeout"
    case 409: "Conflict"
    case 413: "Request Entity Too Large"
    case 415: "Unsupported Media Type"
    case 422: "Unprocessable Entity"
    case 429: "Too Many Requests"
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 502: "Bad Gateway"
    case 503: "Service Unavailable"
    case 504: "Gateway Timeout"
    default: ""
    }
  }
}
