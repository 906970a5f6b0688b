internal import Exchanges
internal import HTTP
internal import Wire

/// What the content of a request says about the call, as far as it is needed: bodies of megabytes
/// with pictures in them are the normal case.
struct RequestObject {
  var model: Fact<String> = .absent
  var stream: Fact<Bool> = .absent
  var anomalies: AnomalySet = []
  var caps: [Cap] = []

  private struct Members: Decodable {
    var model: String?
    var stream: Bool?

    init(from decoder: any Decoder) throws {
      let members = try decoder.container(keyedBy: MemberName.self)
      model = members.lenient(String.self, "model")
      stream = members.lenient(Bool.self, "stream")
    }
  }

  private static let names = [Array("model".utf8), Array("stream".utf8)]

  init(_ request: Message, in store: CaptureStore) {
    switch JSONContent.whole(request, in: store) {
    case .absent: break
    case .unknown(let reason):
      if JSONContent.isTooLarge(request, reason) { caps.append(.decodedBytes) }
      doubt(reason)
    case .present(let content):
      read(content, request.head)
    }
  }

  private mutating func doubt(_ reason: UnknownReason) {
    model = .unknown(reason)
    stream = .unknown(reason)
  }

  private mutating func read(_ content: [UInt8], _ head: MessageHead) {
    guard content.first(where: { $0 > 0x20 }) == 0x7B else {
      // A form, as for recordings and pictures, says the model in a part of its own.
      if let value = Self.formValue(of: "model", in: content, head) { model = .present(value) }
      return
    }
    do throws(JSONContent.Failure) {
      let members = try JSONContent.decode(Members.self, content, repeatsOf: Self.names)
      model = members.model.map { .present($0) } ?? .absent
      stream = members.stream.map { .present($0) } ?? .absent
    } catch {
      switch error {
      case .tooDeep:
        anomalies.insert(.jsonTooDeep)
        caps.append(.jsonDepth)
        doubt(.cap)
      case .tooLarge:
        caps.append(.decodedBytes)
        doubt(.cap)
      // What this decoder refuses, LiteLLM's may take.
      case .unreadable, .repeated: doubt(.ambiguousFraming)
      }
    }
  }

  /// A short field of `multipart/form-data` (RFC 7578).
  private static func formValue(
    of name: String, in content: [UInt8], _ head: MessageHead
  ) -> String? {
    guard let type = head.value(of: "content-type").value,
      type.prefix(19).equalsIgnoringCase("multipart/form-data")
    else { return nil }
    let mark = Array("name=\"\(name)\"".utf8)
    let blank: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A]
    guard let found = content.firstRange(of: mark) else { return nil }
    let rest = content[found.upperBound...].prefix(1024)
    guard let start = rest.firstRange(of: blank)?.upperBound else { return nil }
    return String(decoding: rest[start...].prefix { $0 != 0x0D && $0 != 0x0A }, as: UTF8.self)
  }
}
