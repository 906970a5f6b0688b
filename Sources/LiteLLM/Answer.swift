public import Exchanges
internal import HTTP
public import Wire

/// What the proxy made of a request.
public struct Answer: Sendable {
  public var status: Int
  /// The error body, where there is one that could be read.
  public var error: ErrorBody?
  /// Response headers that only LiteLLM sends.
  public var hasMarks: Bool
  /// No content came with it.
  private var isEmpty: Bool
  /// The request came as far as an endpoint.
  public var reachedEndpoint: Bool

  /// - Returns: `nil` where no final response was seen.
  public init?(_ exchange: Exchange, in store: CaptureStore) {
    var unused = KnownErrorBodies(capacity: 0)
    self.init(exchange, in: store, &unused)
  }

  /// - Parameter known: of this answer and others, so that none is read twice.
  public init?(_ exchange: Exchange, in store: CaptureStore, _ known: inout KnownErrorBodies) {
    guard let response = exchange.response, let status = response.head.status else { return nil }
    self.status = status
    var hasMarks = false
    var reachedEndpoint = false
    for field in response.head.fields {
      let name = response.head.name(of: field)
      guard name.count >= 10, name.first == 0x78 || name.first == 0x58,
        name.prefix(10).equalsIgnoringCase("x-litellm-")
      else { continue }
      hasMarks = true
      if name.equalsIgnoringCase("x-litellm-call-id") { reachedEndpoint = true }
    }
    isEmpty = response.bytes == 0 && response.bodyState.rawValue != "gap"
    self.hasMarks = hasMarks
    self.reachedEndpoint = reachedEndpoint
    guard status >= 400, let content = response.content(in: store, limit: ErrorBody.limit)
    else { return }
    error = known.body(content)
    if let error, error.origin != .other { self.hasMarks = true }
  }

  /// Whether LiteLLM itself refused the request for its key: its 401 or 403, or the 400 of a proxy
  /// without a database, which takes only the master key.
  public var isOwnRefusal: Bool {
    switch error?.origin {
    case .keyRefused: status == 401 || status == 403
    case .noDatabase: status == 400
    case .upstream, .other: false
    // The realtime endpoint refuses a WebSocket with an empty 403.
    case nil: status == 403 && isEmpty && !reachedEndpoint
    }
  }

  /// A refusal that shows neither LiteLLM nor an upstream as its author.
  public var isUnclearRefusal: Bool {
    (status == 401 || status == 403) && !isOwnRefusal && !isUpstreamRefusal
  }

  /// Whether an upstream refused it, after LiteLLM had let it in.
  public var isUpstreamRefusal: Bool {
    (status == 401 || status == 403)
      && (error?.origin == .upstream || error?.origin != .keyRefused && reachedEndpoint)
  }
}
