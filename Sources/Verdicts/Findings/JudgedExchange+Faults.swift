internal import HTTP

extension JudgedExchange {
  /// What there may be to say of a request, in the order in which it is told.
  enum Fault: Int, CaseIterable, Sendable {
    case refused, unclearlyRefused, differsFromLiteLLM, verdict
  }

  /// - Returns: `nil` where there is no such fault.
  func level(of fault: Fault) -> Finding.Level? {
    switch fault {
    case .refused: isRefused ? .error : nil
    case .unclearlyRefused: isUnclearRefusal ? .warning : nil
    case .differsFromLiteLLM: prediction?.differs == true ? .note : nil
    case .verdict: verdict.passes ? nil : verdict == .unknown ? .warning : .error
    }
  }

  func rule(of fault: Fault) -> String {
    switch fault {
    case .refused: "refused-by-litellm"
    case .unclearlyRefused: "refused"
    case .differsFromLiteLLM: "differs-from-litellm"
    case .verdict: verdict.rawValue
    }
  }

  func message(of fault: Fault) -> String {
    let request = "\(method) \(target)"
    switch fault {
    case .refused:
      return "\(request): well formed credential, but LiteLLM refused it: \(answer)"
    case .unclearlyRefused:
      return "\(request): well formed credential, answered \(answer); the answer doesn't say who "
        + "refused it"
    case .differsFromLiteLLM:
      return "\(request): \(prediction?.sentence(shown: answer) ?? "")"
    case .verdict:
      return "\(request): \(verdict.rawValue)"
        + (credential.reason.map { " (\($0.rawValue))" } ?? "") + "; \(identity.name)"
        + (process.map { "; \($0)" } ?? "")
        + (sent == "none" || sent == "?" ? "" : "; sent \(sent)")
    }
  }

  func help(for fault: Fault, keyWasCompared: Bool) -> String {
    switch fault {
    case .refused:
      keyWasCompared
        ? "the proxy doesn't know the expected key: check its master key and its database"
        : "this key isn't one that the proxy knows; compare it with --expect-key env:NAME"
    case .unclearlyRefused:
      "show the exchange, and compare the key with --expect-key env:NAME"
    case .differsFromLiteLLM: "see what answers there, and whether its master_key is set"
    case .verdict:
      verdict == .unknown
        ? Advice.reason(credential) : Advice.change(credential, client: identity)
    }
  }
}
