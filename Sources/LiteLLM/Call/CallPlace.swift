/// Where an exchange stands among the calls of a capture.
public struct CallPlace: Sendable, Equatable {
  /// Number of the logical call, from 1: the attempts of one call share it, and so do the requests
  /// that the proxy makes of it to a provider. `nil` for what is no call, and for second hops.
  public var call: Int?
  /// The exchange that a proxy made this one of.
  public var upstreamOf: Int?

  public init(call: Int? = nil, upstreamOf: Int? = nil) {
    self.call = call
    self.upstreamOf = upstreamOf
  }
}
