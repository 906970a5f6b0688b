/// One client with one fault: what went wrong, how often, and what to change.
public struct ClientFault: Sendable {
  /// `A`, `B`, …
  public internal(set) var label: String
  public var client: ClientIdentity
  public var credential: Credential
  /// What it asked for, most frequent first.
  public internal(set) var requests: [(method: String, path: String, count: Int)]
  /// The stand-in that it sent, where it sent one.
  public internal(set) var placeholder: String?
  public internal(set) var exchanges: [Int]
  /// The processes that sent it, where they are known.
  public internal(set) var processes: [String] = []
  public internal(set) var count: Int
  /// What was seen, and why it is a fault.
  public var meaning: String
  /// What LiteLLM would answer, and whether the capture shows it: of the first request.
  public internal(set) var prediction: String?
  /// What to change; empty where nothing of the client's needs it.
  public var change: String

  public var verdict: Verdict { credential.verdict }
}
