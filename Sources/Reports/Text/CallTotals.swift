internal import Exchanges
internal import HTTP
public import LiteLLM

/// What a list of exchanges comes to, in the line below it.
///
/// Second hops count nowhere; what a proxy asked of a provider is counted apart, so that no token is
/// counted twice.
public struct CallTotals {
  private var requests = 0
  private var upstream = 0
  private var calls: Set<Int> = []
  private var prompt = 0
  private var completion = 0
  private var counted = 0
  /// Answers that should say how many tokens they took, and don't.
  private var uncounted = 0

  public init() {}

  public mutating func add(_ reading: CallReading) {
    let exchange = reading.exchange
    guard exchange.request != nil, exchange.copyOf == nil else { return }
    guard reading.place.upstreamOf == nil else {
      upstream += 1
      return
    }
    requests += 1
    if let call = reading.place.call { calls.insert(call) }
    guard let call = reading.call, call.operation.countsTokens,
      exchange.response?.head.status.map({ $0 < 400 }) == true
    else { return }
    guard let usage = call.usage.value else {
      uncounted += 1
      return
    }
    counted += 1
    prompt = Self.sum(prompt, usage.prompt)
    completion = Self.sum(completion, usage.completion)
  }

  private static func sum(_ left: Int, _ right: Int?) -> Int {
    let (sum, overflow) = left.addingReportingOverflow(right ?? 0)
    return overflow ? .max : sum
  }

  /// `9 requests, 5 calls, 33+21 tokens in 3 answers (1 more doesn't say), 3 upstream requests`.
  ///
  /// - Returns: `nil` where no exchange is a call of a model.
  public var line: String? {
    guard !calls.isEmpty || upstream > 0 else { return nil }
    var parts = [Self.count(requests, "request"), Self.count(calls.count, "call")]
    if counted > 0 {
      let more = uncounted > 0 ? " (\(uncounted) more \(Self.verb(uncounted)))" : ""
      parts.append("\(prompt)+\(completion) tokens in \(Self.count(counted, "answer"))\(more)")
    } else if uncounted > 0 {
      parts.append(
        "\(Self.count(uncounted, "answer")) that \(Self.verb(uncounted)) \(uncounted == 1 ? "its" : "their") tokens"
      )
    }
    if upstream > 0 { parts.append(Self.count(upstream, "upstream request")) }
    return parts.joined(separator: ", ")
  }

  private static func verb(_ number: Int) -> String { number == 1 ? "doesn't say" : "don't say" }

  private static func count(_ number: Int, _ what: String) -> String {
    "\(number) \(what)\(number == 1 ? "" : "s")"
  }
}
