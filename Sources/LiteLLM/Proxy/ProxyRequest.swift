/// A request as the proxy's HTTP server hands it on.
public struct ProxyRequest: Sendable {
  public var method: String
  /// As on the request line, with its query.
  public var target: String
  /// Names in lower case, in their order; values without surrounding blanks.
  public var fields: [(name: String, value: String)]
  public var body: [UInt8]

  public init(
    method: String, target: String, fields: [(name: String, value: String)], body: [UInt8] = []
  ) {
    self.method = method
    self.target = target
    self.fields = fields
    self.body = body
  }

  /// The first field's value: Starlette's `headers.get`.
  ///
  /// - Parameter name: in lower case.
  public subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

  /// The target without its query.
  public var path: Substring { target.prefix { $0 != "?" } }
}
