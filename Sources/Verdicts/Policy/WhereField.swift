internal import LiteLLM

/// A field that `--where` can ask about.
public enum WhereField: Hashable, Sendable, CustomStringConvertible {
  case method
  /// The target's path without query, undecoded.
  case path
  /// The request target as sent.
  case target
  case status
  /// The credential verdict.
  case verdict
  /// How the exchange ended.
  case outcome
  /// Address and port, `127.0.0.1:59850` or `[::1]:59850`.
  case client
  /// Address and port.
  case server
  case id
  case connection
  /// From the first byte of the request to the last of the answer.
  case duration
  /// Names of anomalies.
  case anomaly
  /// The Host field's value.
  case host
  /// What a model was asked for: `chat`, `embeddings`, …
  case operation
  /// The model that was asked for.
  case model
  /// Whether an event stream was asked for.
  case stream
  /// From 1.
  case attempt
  /// The provider's words.
  case finishReason
  /// Of an event stream.
  case events
  case promptTokens
  case completionTokens
  case totalTokens
  /// From the request's last byte to the answer's first event.
  case timeToFirstEvent
  /// A header field of the request; the name in lower case.
  case header(String)
  /// A header field of the answer; the name in lower case.
  case responseHeader(String)

  /// Every name that can be written, for messages and help.
  public static let names = [
    "method", "path", "target", "status", "verdict", "outcome", "client", "server", "id",
    "connection", "duration", "anomaly", "host", "operation", "model", "stream", "attempt",
    "finish-reason", "events", "prompt-tokens", "completion-tokens", "total-tokens",
    "time-to-first-event", "header.NAME", "response-header.NAME",
  ]

  /// The field with a name; nil if there is none.
  init?(name: String) {
    let lowered = name.lowercased()
    for (prefix, isResponse) in [("header.", false), ("response-header.", true)]
    where lowered.hasPrefix(prefix) && lowered.utf8.count > prefix.utf8.count {
      let header = String(lowered.dropFirst(prefix.count))
      self = isResponse ? .responseHeader(header) : .header(header)
      return
    }
    // As the records and the policy write it, too.
    switch lowered.replacing("_", with: "-") {
    case "method": self = .method
    case "path": self = .path
    case "target": self = .target
    case "status": self = .status
    case "verdict": self = .verdict
    case "outcome": self = .outcome
    case "client": self = .client
    case "server": self = .server
    case "id": self = .id
    case "connection": self = .connection
    case "duration": self = .duration
    case "anomaly": self = .anomaly
    case "host": self = .host
    case "operation": self = .operation
    case "model": self = .model
    case "stream": self = .stream
    case "attempt": self = .attempt
    case "finish-reason", "finish-reasons": self = .finishReason
    case "events": self = .events
    case "prompt-tokens": self = .promptTokens
    case "completion-tokens": self = .completionTokens
    case "total-tokens": self = .totalTokens
    case "time-to-first-event": self = .timeToFirstEvent
    default: return nil
    }
  }

  /// The name as it is written in an expression.
  public var description: String {
    switch self {
    case .method: "method"
    case .path: "path"
    case .target: "target"
    case .status: "status"
    case .verdict: "verdict"
    case .outcome: "outcome"
    case .client: "client"
    case .server: "server"
    case .id: "id"
    case .connection: "connection"
    case .duration: "duration"
    case .anomaly: "anomaly"
    case .host: "host"
    case .operation: "operation"
    case .model: "model"
    case .stream: "stream"
    case .attempt: "attempt"
    case .finishReason: "finish-reason"
    case .events: "events"
    case .promptTokens: "prompt-tokens"
    case .completionTokens: "completion-tokens"
    case .totalTokens: "total-tokens"
    case .timeToFirstEvent: "time-to-first-event"
    case .header(let name): "header.\(name)"
    case .responseHeader(let name): "response-header.\(name)"
    }
  }

  /// What values of the field are, and so which operators it takes.
  enum Kind {
    case text
    case number
    case duration
  }

  var kind: Kind {
    switch self {
    case .status, .id, .connection, .attempt, .events, .promptTokens, .completionTokens,
      .totalTokens:
      .number
    case .duration, .timeToFirstEvent: .duration
    default: .text
    }
  }

  /// The values that the field can have, if they can be listed.
  ///
  /// A mistyped `verdict!=okay` would otherwise select everything without a word.
  var knownValues: [String]? {
    switch self {
    case .verdict:
      [
        "unknown", "exempt", "conflicting", "wrong-header", "missing", "empty", "scheme-only",
        "doubled-scheme", "no-scheme", "wrong-scheme", "unexpanded", "stringified", "placeholder",
        "malformed", "wrong-key", "ok",
      ]
    case .outcome:
      [
        "complete", "no-response", "client-aborted", "server-reset", "truncated", "gap",
        "upgraded", "tunnel", "orphan-response",
      ]
    case .operation: CallOperation.allCases.map(\.rawValue)
    case .stream: ["true", "false"]
    default: nil
    }
  }
}
