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
      let bad = verdicts.reduce(0) { $0 + ($1.verdict.isViolation ? $1.count : 0) }
      if bad > 0 {
        let clients = Set(faults.map(\.client)).count
        return "\(bad) of \(requests) reached the proxy without a usable key; "
          + "\(clients) \(clients == 1 ? "client" : "clients") at fault"
      }
      let errors = findings.count { $0.level == .error }
      return "\(errors) \(errors == 1 ? "violation" : "violations"), though every credential "
        + "was well formed"
    case .passed:
      guard self.requests > 0 else { return "no request to a proxy, which was allowed" }
      let how =
        keyWasCompared ? "carried the right key" : "carried a well-formed key (not compared)"
      return "\(count(.ok)) of \(requests) \(how)\(exempt > 0 ? "; \(exempt) exempt" : "")"
    case .undecided:
      return "the capture doesn't hold the answer; \(count(.ok)) of \(requests) seen to be right"
    case .nothingTested:
      return exempt > 0
        ? "only requests that need no key (\(exempt))" : "no request to a proxy in this capture"
    case .unreadable:
      return "can't be read"
    }
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
