internal import LiteLLM

/// What LiteLLM's routes say of a target. A client asks for the same few targets over and over, so
/// the answers are kept.
struct RouteFacts {
  struct Facts {
    var path: String
    var isPublic: Bool
    var isModelAPI: Bool
    var isLiteLLMsOwn: Bool
  }

  /// How many targets are remembered: bounds what a hostile client can fill.
  private static let capacity = 1024

  private var known: [String: Facts] = [:]

  /// Whether a server in front could read another path out of it: then it is exempt from nothing.
  static func isTwisted(_ target: String) -> Bool {
    let lowered = target.prefix { $0 != "?" }.lowercased()
    let path = lowered.hasPrefix("http://") ? lowered.dropFirst(7) : lowered[...]
    return ["..", "%2e", "%2f", "%5c", "//", "#", "\\", ";"].contains { path.contains($0) }
  }

  mutating func facts(of target: String) -> Facts {
    if let facts = known[target] { return facts }
    let path = RequestPattern.path(ofTarget: target)
    // LiteLLM looks for the route in the decoded path.
    let decoded = PercentCode.decoded(path)
    let isPublic = Route.isPublic(PercentCode.normalized(path)) && Route.isPublic(decoded)
    let facts = Facts(
      path: path, isPublic: isPublic && !Self.isTwisted(target),
      isModelAPI: Route.isModelAPI(decoded),
      isLiteLLMsOwn: Route.isLiteLLMsOwn(decoded))
    if known.count < Self.capacity { known[target] = facts }
    return facts
  }
}
