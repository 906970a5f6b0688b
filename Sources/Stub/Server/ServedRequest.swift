internal import LiteLLM

/// A request with what its connection needs to know of it.
struct ServedRequest {
  var request = ProxyRequest(method: "", target: "", fields: [])
  /// HTTP/1.0: no chunks in the answer.
  var isHTTP10 = false
  /// Whether the connection may carry another request.
  var keepsAlive = true
}
