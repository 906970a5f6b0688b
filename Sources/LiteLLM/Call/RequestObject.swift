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

  struct Members: Decodable {
    var model: Fact<String> = .absent
    var stream: Fact<Bool> = .absent

    init(from decoder: any Decoder) throws {
      let members = try decoder.container(keyedBy: MemberName.self)
      model = Self.fact(members, "model")
      stream = Self.fact(members, "stream")
    }

    /// A member of another type means something to some readers, and nothing to others.
    private static func fact<Value: Decodable>(
      _ members: KeyedDecodingContainer<MemberName>, _ name: MemberName
    ) -> Fact<Value> {
      guard members.contains(name) else { return .absent }
      do {
        return try members.decodeIfPresent(Value.self, forKey: name).map { .present($0) } ?? .absent
      } catch {
        return .unknown(.ambiguousFraming)
      }
    }

    /// - Returns: `nil` where it is written in an unusual way; then a decoder is to read it.
    init?(plain content: [UInt8]) {
      var json = PlainJSON(content)
      var once = PlainJSON.Once()
      do throws(PlainJSON.Unusual) {
        let isObject = try json.object { (name, json) throws(PlainJSON.Unusual) in
          switch name {
          case "model":
            try once(0)
            model = try Self.fact(&json) { (json) throws(PlainJSON.Unusual) in try json.text() }
          case "stream":
            try once(1)
            stream = try Self.fact(&json) { (json) throws(PlainJSON.Unusual) in try json.boolean() }
          default: try json.skip()
          }
        }
        guard isObject else { return nil }
        try json.end()
      } catch {
        return nil
      }
    }

    private static func fact<Value>(
      _ json: inout PlainJSON, _ read: (inout PlainJSON) throws(PlainJSON.Unusual) -> Value?
    ) throws(PlainJSON.Unusual) -> Fact<Value> {
      if try json.skipNull() { return .absent }
      guard let value = try read(&json) else { throw PlainJSON.Unusual() }
      return .present(value)
    }
  }

  static let names = [Array("model".utf8), Array("stream".utf8)]

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
    guard !content.isEmpty else { return }
    let isObject = content.first { $0 > 0x20 } == 0x7B
    if FormContent.isAnnounced(by: head), readForm(content, head, isObject: isObject) { return }
    // What is no object may yet be one for another reader.
    guard isObject else { return doubt(.ambiguousFraming) }
    do throws(JSONContent.Failure) {
      let members = try JSONContent.decode(
        Members.self, content, repeatsOf: Self.names, plain: Members.init(plain:))
      model = members.model
      stream = members.stream
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

  /// A form, as for recordings and pictures, says the model in a field of its own. LiteLLM takes one
  /// on every route.
  ///
  /// - Returns: whether that is all there is to read; clients send JSON under a form's type, too.
  private mutating func readForm(
    _ content: [UInt8], _ head: MessageHead, isObject: Bool
  ) -> Bool {
    guard let form = FormContent(content, head) else {
      doubt(.ambiguousFraming)
      return true
    }
    let named = form.text(of: "model")
    let streams = form.text(of: "stream")
    if isObject, !form.isMultipart {
      guard named == .absent, streams == .absent else {
        doubt(.ambiguousFraming)
        return true
      }
      return false
    }
    model = named
    // A text, which some readers take for a truth value and others don't.
    stream = streams == .absent ? .absent : .unknown(.ambiguousFraming)
    return true
  }
}
