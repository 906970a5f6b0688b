internal import HTTP
internal import LiteLLM

/// What a verdict means to the one who has to mend it, in sentences.
enum Advice {
  /// What was seen, and why it is a fault.
  static func meaning(of credential: Credential, target: String) -> String {
    let header = credential.header ?? "authorization"
    switch credential.verdict {
    case .missing:
      return "Whole head seen; no header that LiteLLM reads a key from (Authorization, "
        + "x-litellm-api-key, x-api-key, …)."
    case .empty:
      return "The header \(header) is there, and its value is empty: the variable behind it is."
    case .schemeOnly:
      return "A scheme and nothing after it: the key that should follow is empty."
    case .doubledScheme:
      return "\"Bearer\" stands twice. LiteLLM happens to take it; other proxies refuse it."
    case .noScheme:
      return "A key without \"Bearer \" in front: LiteLLM calls it malformed."
    case .wrongScheme:
      return "Scheme \"\(credential.scheme ?? "")\" in \(header): the key must follow "
        + (HeaderName.takesScheme(header) ? "\"Bearer \"." : "without a scheme.")
    case .unexpanded:
      return "A variable that nobody filled in went over the wire as text."
    case .stringified:
      return "A value of the wrong type was turned into text: the key was never there."
    case .placeholder:
      return "A known stand-in, not a key: this client was never given yours."
    case .malformed:
      return "The key holds what no key holds (quotes, blanks, control characters or commas)."
    case .wrongKey:
      return "Well formed, but not the expected key."
    case .wrongHeader:
      return "The key travels in \(header), where the policy doesn't look."
    case .conflicting:
      return "Several credentials that differ: LiteLLM takes the first of x-litellm-api-key, "
        + "Authorization, api-key, x-api-key."
    case .unknown:
      return reason(credential)
    case .exempt, .ok:
      return ""
    }
  }

  /// Why nothing can be said.
  static func reason(_ credential: Credential) -> String {
    switch credential.reason {
    case .hole: "Packets of its head are missing from the capture: record again, on a quiet filter."
    case .snaplen: "Only the beginning of each packet was captured: record again with tcpdump -s 0."
    case .cut: "Its head isn't whole in the capture: record until the exchange is over."
    case .tls: "Its TLS stays shut: give the key log that its client wrote (--keylog)."
    case .midStream: "The connection is older than the capture: restart the client while recording."
    case .overlap: "Bytes of its head were sent twice with different content: an attack, or damage."
    case .cap: "Its head is beyond the bounds that protect this tool."
    case .ambiguousFraming:
      "The parsers that LiteLLM's server can run on read this head differently, or refuse it."
    case nil: "The capture doesn't hold the answer."
    }
  }

  /// What to change in the client.
  static func change(_ credential: Credential, client: ClientIdentity) -> String {
    switch credential.verdict {
    case .wrongHeader:
      let header = credential.header ?? "x-api-key"
      return "send it as  Authorization: Bearer <key> , or allow it in the policy:  "
        + "credential: {header: [authorization, \(header)]}"
    case .conflicting:
      return "send one credential only"
    case .doubledScheme:
      return "give the client the bare key: it puts \"Bearer \" in front by itself"
    case .noScheme, .wrongScheme:
      return "send  Authorization: Bearer <key>"
    case .malformed:
      return "take quotes and blanks out of the variable that holds the key"
    case .unexpanded:
      return "the variable isn't expanded where it stands: check the quoting, and the file's syntax"
    case .unknown, .exempt, .ok:
      return ""
    case .wrongKey:
      return "this client has another key than the expected one: look where it takes it from"
    case .missing, .empty, .schemeOnly, .stringified, .placeholder:
      return hand(client.family)
    }
  }

  /// How a client is given its key.
  private static func hand(_ family: ClientIdentity.Family) -> String {
    switch family {
    case .nodeFetch: "give this fetch  headers: { Authorization: `Bearer ${key}` }"
    case .openAINode: "new OpenAI({ apiKey: <the proxy's key>, … })"
    case .openAIPython: "OpenAI(api_key=<the proxy's key>, …)"
    case .anthropicNode: "new Anthropic({ authToken: <the proxy's key>, … })"
    case .anthropicPython: "Anthropic(auth_token=<the proxy's key>, …)"
    case .pythonRequests, .httpx, .aiohttp:
      "headers={\"Authorization\": f\"Bearer {key}\"}"
    case .curl: "curl -H \"Authorization: Bearer $LITELLM_KEY\" …"
    case .goHTTP: "req.Header.Set(\"Authorization\", \"Bearer \"+key)"
    case .browser, .other, .none, .unseen:
      "give this client  Authorization: Bearer <the proxy's key>"
    }
  }
}
