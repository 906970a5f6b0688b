/// Requests to a proxy and their answers, each on a connection of its own: what most tests need.
public struct Dialogue: Sendable {
  /// The key that the tests' clients should use. Made up.
  public static let key = "sk-test-4f9Qm2Xw7Lr1Tz8V"

  public private(set) var packets: [Packet] = []
  private var number: UInt16 = 0

  public init() {}

  /// - Parameters:
  ///   - target: the default is a path that only LiteLLM has.
  ///   - fields: further header lines of the request.
  ///   - answer: a whole response; 200 without content by default.
  public mutating func ask(
    _ method: String = "GET", _ target: String = "/model/info", fields: [String] = [],
    body: String = "", answer: String? = nil, server: String = "10.0.0.2", port: UInt16 = 4000,
    host: String? = nil
  ) {
    number += 1
    var talk = Conversation(
      clientPort: 40_000 + number, server: server, serverPort: port,
      startingAt: 1_700_000_000_000_000_000 + Int64(number) * 1_000_000_000)
    talk.client(
      Self.request(method, target, fields: fields, body: body, host: host ?? "\(server):\(port)"))
    talk.server(answer ?? Self.answer())
    talk.close()
    packets += talk.packets()
  }

  /// The same with this key, as it should be.
  public mutating func askRightly(
    _ method: String = "GET", _ target: String = "/model/info", answer: String? = nil
  ) {
    ask(method, target, fields: ["Authorization: Bearer \(Self.key)"], answer: answer)
  }

  public static func request(
    _ method: String, _ target: String, fields: [String] = [], body: String = "",
    host: String = "10.0.0.2:4000"
  ) -> String {
    var lines = ["\(method) \(target) HTTP/1.1", "Host: \(host)"] + fields
    if !body.isEmpty { lines.append("Content-Length: \(body.utf8.count)") }
    return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
  }

  public static func answer(
    _ status: String = "200 OK", fields: [String] = [], body: String = ""
  ) -> String {
    (["HTTP/1.1 \(status)"] + fields + ["Content-Length: \(body.utf8.count)"])
      .joined(separator: "\r\n") + "\r\n\r\n" + body
  }

  /// LiteLLM's answer to a request without a key.
  public static let noKey = answer(
    "401 Unauthorized", fields: ["Content-Type: application/json"],
    body: #"{"error":{"message":"Authentication Error, No api key passed in.","#
      + #""type":"auth_error","param":"None","code":"401"}}"#)

  public func file() throws -> ScratchFile { try ScratchFile(packets: packets) }
}
