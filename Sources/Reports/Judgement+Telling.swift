internal import Exchanges
internal import Verdicts
internal import Wire

/// Sentences that several reports share; captured text in them isn't escaped yet.
extension Judgement {
  /// What the result rests on, in one sentence, without the capture's name.
  var headline: String {
    let requests = "\(requests) \(requests == 1 ? "request" : "requests")"
    let exempt = count(.exempt)
    switch result {
    case .violated:
      return violations(of: requests)
    case .passed:
      guard self.requests > 0 else { return "no request to a proxy, which was allowed" }
      let how =
        keyWasCompared ? "carried the right key" : "carried a well-formed key (not compared)"
      return "\(count(.ok)) of \(requests) \(how)\(exempt > 0 ? "; \(exempt) exempt" : "")"
    case .undecided:
      let seen = self.requests > 0 ? "; \(count(.ok)) of \(requests) seen to be right" : ""
      return "the capture doesn't hold the answer\(seen)"
    case .nothingTested:
      return exempt > 0
        ? "only requests that need no key (\(exempt))" : "no request to a proxy in this capture"
    case .unreadable:
      return "can't be read"
    }
  }

  /// What broke the policy, the credentials first.
  private func violations(of requests: String) -> String {
    let broken = verdicts.filter { $0.verdict.isViolation }
    let bad = broken.reduce(0) { $0 + $1.count }
    if bad > 0 {
      let clients = Set(faults.map(\.client)).count
      let kinds = Set(broken.map(\.verdict))
      // LiteLLM takes a key in these forms: they break the policy, not the request.
      let how =
        kinds == [.wrongKey]
        ? "carried another key than the expected one"
        : kinds.isDisjoint(with: [.wrongKey, .wrongHeader, .doubledScheme, .conflicting])
          ? "reached the proxy without a usable key" : "carried no credential as the policy asks"
      return "\(bad) of \(requests) \(how); \(clients) "
        + "\(clients == 1 ? "client" : "clients") at fault"
    }
    let refused = exchanges.count { $0.isRefused }
    if refused > 0 { return "LiteLLM refused \(refused) of \(requests) with a well-formed key" }
    let absent = findings.count { $0.rule == "required-request" }
    if absent > 0 {
      return "\(absent) required \(absent == 1 ? "request was" : "requests were") not seen"
    }
    let errors = findings.count { $0.level == .error }
    return "\(errors) \(errors == 1 ? "violation" : "violations") of the policy; every "
      + "credential was well formed"
  }

  /// What stands above the likely sources; `nil` where there are none.
  var likelySourcesTitle: String? {
    let labels = likelySources.map(\.label)
    guard let first = labels.first else { return nil }
    return labels.count > 1
      ? "Likely source (\(labels.joined(separator: " and ")) together look like Bytebot's agent; "
        + "both must change):"
      : "Likely source (\(first) looks like Bytebot's agent; its other client needs a look too):"
  }

  /// Whether all of it was seen, in one line.
  var ledgerLine: String {
    let isCut = ledger.anomalies[.truncatedFile] > 0
    let isWhole = ledger.payload.missing == 0 && ledger.failure == nil && !isCut
    let frames = ledger.frames.reduce(0, &+)
    let hops = copies > 0 ? ", \(copies) second hops left out" : ""
    let end = isCut ? ", the file ends inside a packet" : ""
    return "\(isWhole ? "Seen whole" : "Seen"): \(Self.grouped(frames)) "
      + "\(frames == 1 ? "frame" : "frames"), \(Self.grouped(ledger.payload.total)) payload bytes, "
      + "\(Self.grouped(ledger.payload.missing)) missing, "
      + "\(ledger.unexplainedBytes) unexplained\(hops)\(end)"
  }

  /// `20 323`
  private static func grouped(_ number: Int) -> String {
    var digits = String(number)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return ([digits] + groups).joined(separator: " ")
  }

  /// How to get TLS keys from the clients that people use; empty where none are missing.
  var keyLogLines: [String] {
    let lacksKeys = scope.servers.contains { server in
      server.shutTLS.contains { $0.tls?.reason == .noSecrets }
    }
    guard lacksKeys else { return [] }
    return [
      "To see inside, let the client write its TLS keys, record again, and add  --keylog keys.log :",
      "   node          NODE_OPTIONS=--tls-keylog=/keys/keys.log   (it ignores SSLKEYLOGFILE)",
      "   Python, curl  SSLKEYLOGFILE=/keys/keys.log",
      "   compose file  environment:",
      "                   NODE_OPTIONS: --tls-keylog=/keys/keys.log",
      "                   SSLKEYLOGFILE: /keys/keys.log",
      "                 volumes: [\"./keys:/keys\"]",
    ]
  }

  /// What stopped the reading, where something did.
  var failureMessage: (code: String, message: String)? {
    ledger.failure.map { failure in
      let place = failure.offset.map { " (byte \($0))" } ?? ""
      return (failure.code.rawValue, "\(failure.file) \(failure.message)\(place)")
    }
  }

  /// Doubts that no finding tells.
  var doubtsWithoutFinding: [String] {
    let told = Set(findings.map(\.message))
    return doubts.filter { !told.contains($0) }
  }
}
