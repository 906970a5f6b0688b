internal import HTTP
internal import Redaction

/// Which program sent a request, as far as its headers tell.
public struct ClientIdentity: Hashable, Sendable, Comparable {
  public enum Family: Int, Hashable, Sendable {
    case nodeFetch, openAINode, openAIPython, anthropicNode, anthropicPython, pythonRequests,
      httpx, aiohttp, curl, goHTTP, browser, other, none,
      /// The head isn't whole, and what was seen of it doesn't say.
      unseen
  }

  public var family: Family
  /// The User-Agent's value, at most 80 characters; empty where there is none.
  public var userAgent: String

  init(_ head: MessageHead, _ values: inout ShownValues, _ redactor: inout Redactor) {
    userAgent = ""
    let value: ArraySlice<UInt8>
    switch head.value(of: "user-agent") {
    case .present(let present): value = present
    case .absent:
      family = .none
      return
    case .unknown:
      family = .unseen
      return
    }
    let shown = values.text(Array(value), &redactor)
    userAgent = String(TerminalText.escape(shown).prefix(80))
    family = Self.family(userAgent)
  }

  private static let families: [(prefix: String, family: Family)] = [
    ("OpenAI/JS", .openAINode), ("AzureOpenAI/JS", .openAINode),
    ("OpenAI/Python", .openAIPython), ("AsyncOpenAI/Python", .openAIPython),
    ("Anthropic/JS", .anthropicNode), ("Anthropic/Python", .anthropicPython),
    ("AsyncAnthropic/Python", .anthropicPython), ("python-requests", .pythonRequests),
    ("python-httpx", .httpx), ("Python/", .aiohttp), ("curl/", .curl),
    ("Go-http-client", .goHTTP), ("Mozilla/", .browser), ("undici", .nodeFetch),
  ]

  private static func family(_ userAgent: String) -> Family {
    if userAgent == "node" { return .nodeFetch }
    // Bundlers rename classes: `_OpenAI/JS`.
    let name = userAgent.drop { $0 == "_" }
    return families.first { name.hasPrefix($0.prefix) }?.family ?? .other
  }

  /// What a person calls it.
  public var name: String {
    switch family {
    case .nodeFetch: "fetch built into node (user-agent: \(userAgent))"
    case .none: "a client without a User-Agent"
    case .unseen: "a client whose User-Agent wasn't seen"
    case .other: "user-agent: \(userAgent)"
    default: userAgent
    }
  }

  public static func < (left: ClientIdentity, right: ClientIdentity) -> Bool {
    (left.family.rawValue, left.userAgent) < (right.family.rawValue, right.userAgent)
  }
}
