/// A message of OpenAI's realtime API in one line: its type and what tells it apart; audio and texts
/// are counted, not repeated, since they are private.
public enum RealtimeMessage {
  private struct Members: Decodable {
    struct Session: Decodable {
      var model: String?
      var voice: String?
    }
    struct Response: Decodable {
      var id: String?
      var status: String?
      var usage: TokenUsage?

      init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: MemberName.self)
        id = members.lenient(String.self, "id")
        status = members.lenient(String.self, "status")
        usage = members.lenient(TokenUsage.self, "usage")
      }
    }
    struct Item: Decodable {
      var type: String?
      var role: String?
      var name: String?
    }

    var type: String?
    var session: Session?
    var response: Response?
    var item: Item?
    var error: AnswerObject.ErrorDetail?
    var name: String?
    var delta: String?
    var audio: String?
    var transcript: String?
    var text: String?
    var arguments: String?

    init(from decoder: any Decoder) throws {
      let members = try decoder.container(keyedBy: MemberName.self)
      type = members.lenient(String.self, "type")
      session = members.lenient(Session.self, "session")
      response = members.lenient(Response.self, "response")
      item = members.lenient(Item.self, "item")
      error = members.lenient(AnswerObject.ErrorDetail.self, "error")
      name = members.lenient(String.self, "name")
      delta = members.lenient(String.self, "delta")
      audio = members.lenient(String.self, "audio")
      transcript = members.lenient(String.self, "transcript")
      text = members.lenient(String.self, "text")
      arguments = members.lenient(String.self, "arguments")
    }
  }

  /// `response.audio.delta, 4.8 kB of audio`.
  ///
  /// Words of the sender stand in it as they are: who shows it redacts, escapes and only then
  /// shortens it.
  ///
  /// - Parameter bytes: of a text message.
  /// - Returns: `nil` where it is none of the realtime API's.
  public static func summary(of bytes: [UInt8]) -> String? {
    guard bytes.count <= JSONContent.sizeLimit,
      let members = try? JSONContent.decode(Members.self, bytes), let type = members.type
    else { return nil }
    var parts = [type]
    if let model = members.session?.model { parts.append("model \(model)") }
    if let voice = members.session?.voice { parts.append("voice \(voice)") }
    if let item = members.item {
      parts += [item.role, item.type, item.name].compactMap(\.self)
    }
    if let name = members.name { parts.append(name) }
    if let status = members.response?.status { parts.append(status) }
    if let usage = members.response?.usage, let total = usage.total {
      parts.append("\(total) tokens")
    }
    let isAudio = type.hasSuffix("audio.delta") || members.audio != nil
    if isAudio, let data = members.audio ?? members.delta {
      parts.append("\(ByteCount.text(data.utf8.count / 4 * 3)) of audio")
    } else if let text = members.delta ?? members.transcript ?? members.text ?? members.arguments {
      parts.append("\(text.count) characters")
    }
    if let error = members.error { parts.append("error: \(error.message ?? "")") }
    return parts.joined(separator: ", ")
  }
}
