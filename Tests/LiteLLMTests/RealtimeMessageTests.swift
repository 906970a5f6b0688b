import Testing

@testable import LiteLLM

@Suite("A realtime message in one line") struct RealtimeMessageTests {
  @Test(arguments: [
    (
      #"{"type":"session.created","session":{"model":"gpt-4o-realtime","voice":"alloy"}}"#,
      "session.created, model gpt-4o-realtime, voice alloy"
    ),
    (
      #"{"type":"response.audio.delta","delta":"AAAAAAAA"}"#,
      "response.audio.delta, 6 bytes of audio"
    ),
    (
      #"{"type":"input_audio_buffer.append","audio":"AAAA"}"#,
      "input_audio_buffer.append, 3 bytes of audio"
    ),
    (
      #"{"type":"response.audio_transcript.delta","delta":"hällo"}"#,
      "response.audio_transcript.delta, 5 characters"
    ),
    (
      #"{"type":"conversation.item.create","item":{"type":"message","role":"user"}}"#,
      "conversation.item.create, user, message"
    ),
    (
      #"{"type":"response.done","response":{"status":"completed","usage":{"total_tokens":9}}}"#,
      "response.done, completed, 9 tokens"
    ),
    (#"{"type":"error","error":{"message":"no"}}"#, "error, error: no"),
  ])
  func summary(_ message: String, _ line: String) {
    #expect(RealtimeMessage.summary(of: Array(message.utf8)) == line)
  }

  @Test(arguments: ["", "x", "{}", "[1]", #"{"type":7}"#, String(repeating: "[", count: 1000)])
  func none(_ message: String) {
    #expect(RealtimeMessage.summary(of: Array(message.utf8)) == nil)
  }
}
