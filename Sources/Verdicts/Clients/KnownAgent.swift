internal import LiteLLM

/// Agents whose faults are known down to the line of their source.
public enum KnownAgent {
  /// Where a client at fault probably stands.
  public struct Source: Sendable {
    /// The label of the group, `A`, `B`, …
    public var label: String
    public var file: String
    public var function: String
  }

  /// Bytebot's agent (bytebot-ai/bytebot at 99347e26): one client with a hard-coded placeholder,
  /// one `fetch` without any credential.
  ///
  /// - Returns: the places, where at least one group is surely Bytebot's.
  static func bytebot(_ groups: [ClientFault]) -> [Source] {
    var sources: [Source] = []
    for group in groups {
      if group.client.family == .nodeFetch, group.credential.verdict == .missing,
        group.requests.contains(where: { Route.isLiteLLMsOwn($0.path) })
      {
        sources.append(
          Source(
            label: group.label,
            file: "packages/bytebot-agent/src/tasks/tasks.controller.ts",
            function: "getModels()"))
      } else if group.client.family == .openAINode, group.placeholder == "dummy-key-for-proxy" {
        sources.append(
          Source(
            label: group.label, file: "packages/bytebot-agent/src/proxy/proxy.service.ts",
            function: "constructor"))
      }
    }
    return sources
  }

  public static let bytebotNote =
    "There, LITELLM_MASTER_KEY, OPENAI_API_KEY or BYTEBOT_LLM_PROXY_KEY in the environment "
    + "changes neither."
}
