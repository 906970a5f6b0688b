/// What the proxy answers, without what its server adds: framing and connection fields.
public struct ProxyAnswer: Sendable {
  public enum Content: Sendable, Equatable {
    /// With a Content-Length.
    case bytes([UInt8])
    /// A stream, chunked: one chunk for each event, the bytes as they go over the wire.
    case events(EventList)
  }

  public var status: Int
  /// Names as the proxy spells them, in lower case, in its order.
  public var fields: [(name: String, value: String)]
  public var content: Content

  public init(status: Int, fields: [(name: String, value: String)], content: Content) {
    self.status = status
    self.fields = fields
    self.content = content
  }

  /// A JSON text.
  public init(status: Int, json: String) {
    self.init(
      status: status, fields: [("content-type", "application/json")],
      content: .bytes(Array(json.utf8)))
  }
}
