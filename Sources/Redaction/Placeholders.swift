/// Values that people and libraries put where a key belongs, and that open nothing: no secrets, and
/// shown as they are, because they are the diagnosis.
///
/// Letters are compared without case. Any value made of nothing but `x`, `*` and `.`, alone or after
/// `sk-`, is one too.
public struct Placeholders: Sendable {
  private var values: Set<[UInt8]>
  private let listed: [[UInt8]]

  /// The stand-ins that are known from clients, guides and LiteLLM's own examples.
  public static let common = Placeholders([
    "dummy-key-for-proxy", "dummy-key-for-initialization", "dummy", "dummy-key", "dummy_key",
    "dummy-api-key", "not-needed", "not_needed", "notneeded", "not-used", "no-key", "no-key-needed",
    "no-key-required", "sk-no-key-required", "sk-placeholder", "placeholder", "sk-dummy",
    "sk-fake", "fake", "fake-key", "fake-api-key", "sk-xxxx", "xxx", "your_api_key",
    "your-api-key", "your-api-key-here", "your_api_key_here", "your-key-here", "sk-your-key",
    "sk-your-key-here", "sk-your-api-key", "api-key", "api_key", "my-api-key", "changeme",
    "change-me", "change_me", "todo", "empty", "anything", "lm-studio", "ollama", "sk-...",
    "<your-api-key>", "<api-key>", "<your_api_key>",
  ])

  /// The given values and no others (but `x`, `*` and `.` as said above).
  public init(_ values: [String]) {
    listed = values.map { Bytes.lowercased(Array($0.utf8)[...]) }
    self.values = Set(listed)
  }

  /// These and `more`, as a policy may name them.
  public func adding(_ more: [String]) -> Placeholders {
    Placeholders(listed.map { String(decoding: $0, as: UTF8.self) } + more)
  }

  /// Whether the whole value is a known stand-in.
  public func contains(_ value: [UInt8]) -> Bool {
    guard !value.isEmpty, value.count <= 256 else { return false }
    let lower = Bytes.lowercased(value[...])
    if values.contains(lower) { return true }
    let rest = lower.starts(with: "sk-".utf8) ? lower.dropFirst(3) : lower[...]
    return rest.count >= 2
      && rest.allSatisfy { $0 == UInt8(ascii: "x") || $0 == UInt8(ascii: "*") || $0 == 0x2E }
  }

  /// Whether some stand-in begins with `start` and ends with `end`: a masked one (`dumm****roxy`).
  func contains(from start: ArraySlice<UInt8>, to end: ArraySlice<UInt8>) -> Bool {
    let lowerStart = Bytes.lowercased(start)
    let lowerEnd = Bytes.lowercased(end)
    return listed.contains {
      $0.count >= lowerStart.count + lowerEnd.count && $0.starts(with: lowerStart)
        && $0.suffix(lowerEnd.count).elementsEqual(lowerEnd)
    }
  }
}
