/// One client with one fault: what went wrong, how often, and what to change.
public struct ClientFault: Sendable {
  /// `A`, `B`, …
  public internal(set) var label: String
  public var client: ClientIdentity
  public var credential: Credential
  /// What it asked for, in the order in which it was first asked for.
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

  // MARK: Bounds

  /// So many of its requests, and of its exchanges, are named.
  private static let limit = 100
  /// So many of its processes are.
  private static let processLimit = 8

  /// - Returns: which of ``requests`` it is; `nil` where there is no room for it.
  mutating func add(method: String, path: String) -> Int? {
    if let known = requests.firstIndex(where: { $0.method == method && $0.path == path }) {
      return known
    }
    guard requests.count < Self.limit else { return nil }
    requests.append((method, path, 0))
    return requests.count - 1
  }

  mutating func add(exchange id: Int) {
    if exchanges.count < Self.limit { exchanges.append(id) }
  }

  mutating func add(_ process: String?) {
    guard let process, processes.count < Self.processLimit, !processes.contains(process) else {
      return
    }
    processes.append(process)
  }
}
