internal import Verdicts

/// Something that a summary tells beside the clients' faults: a finding, a doubt, or what stopped
/// the reading. Findings on many requests that differ in the request alone are one remark.
struct Remark {
  var rule: String
  var level: Finding.Level
  var message: String
  var help: String
  var mark: SourceMark?
  /// How many more there are of its kind.
  var more = 0
  /// Which request it is about: `#9 POST /v1/responses`.
  var request: String?

  /// The message, and how many more there are like it, in one line.
  var sentence: String {
    let told = request.map { "\($0): \(message)" } ?? message
    return more > 0 ? "\(told) (and \(more) more like it)" : told
  }

  private struct Kind: Hashable {
    var rule: String
    var level: Finding.Level
    var help: String
    var mark: SourceMark?
  }

  /// All of a capture, errors first.
  static func all(of judgement: Judgement) -> [Remark] {
    var remarks: [Remark] = []
    if let failure = judgement.failureMessage {
      remarks.append(
        Remark(rule: failure.code, level: .error, message: failure.message, help: ""))
    }
    var known: [Kind: Int] = [:]
    for finding in judgement.findings where !finding.isFault {
      let kind = Kind(
        rule: finding.rule, level: finding.level, help: finding.help, mark: finding.mark)
      // What belongs to no connection is about itself: a required request, a line of the policy.
      let isOneOfMany = finding.exchange != nil || finding.connection != nil
      if isOneOfMany, let index = known[kind] {
        remarks[index].more += 1
        continue
      }
      if isOneOfMany { known[kind] = remarks.count }
      remarks.append(
        Remark(
          rule: finding.rule, level: finding.level, message: finding.message, help: finding.help,
          mark: finding.mark, request: judgement.request(of: finding)))
    }
    for doubt in judgement.doubtsWithoutFinding {
      remarks.append(Remark(rule: "doubt", level: .warning, message: doubt, help: ""))
    }
    return [.error, .warning, .note].flatMap { level in remarks.filter { $0.level == level } }
  }
}

extension Judgement {
  /// `POST /v1/responses`, by the exchange's number; `nil` where it isn't listed.
  private func request(_ id: Int) -> String? {
    // Rows stand in the order of their numbers.
    var (low, high) = (0, exchanges.count)
    while low < high {
      let middle = (low + high) / 2
      if exchanges[middle].id < id { low = middle + 1 } else { high = middle }
    }
    guard low < exchanges.count, exchanges[low].id == id else { return nil }
    return "\(exchanges[low].method) \(exchanges[low].target)"
  }

  /// `#9 POST /v1/responses`; `nil` where a finding is about none, or says itself about which.
  func request(of finding: Finding) -> String? {
    guard let exchange = finding.exchange, let request = request(exchange),
      !finding.message.contains(request)
    else { return nil }
    return "#\(exchange) \(request)".clipped(to: 100)
  }
}

extension Finding {
  /// A credential's verdict: the faults tell it, by client.
  var isFault: Bool {
    // A policy may call a rule of its own like a verdict; then there is a mark.
    mark == nil && Verdict(rawValue: rule)?.isViolation == true
  }
}
