import Wire

@testable import Replay

extension RecordedRequest {
  /// A made-up one, on a connection of its own.
  static func made(_ number: Int, offset: Int64 = 0, end: Int64 = 0) -> RecordedRequest {
    RecordedRequest(
      exchange: number, connection: number, offset: offset, end: end, method: "POST",
      target: "/chat/completions",
      head: Array("POST /chat/completions HTTP/1.1\r\nHost: a\r\n\r\n".utf8), content: [],
      standIns: [:], recordedServer: .none, answer: nil)
  }

  mutating func say(_ text: String) {
    let content = #"{"choices":[{"message":{"role":"assistant","content":"\#(text)"}}]}"#
    answer = Answer(status: 200, mediaType: "application/json", content: Array(content.utf8))
  }

  mutating func quote(_ text: String) {
    content = Array(
      #"{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"\#(text)"}]}"#
        .utf8)
  }
}
