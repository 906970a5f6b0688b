public import HTTP

/// The judged credential of a request.
public struct Credential: Sendable, Equatable {
  public var verdict: Verdict
  /// Why the verdict is unknown.
  public var reason: UnknownReason?
  /// The header that carried it, in lower case.
  public var header: String?
  /// The scheme as it was sent.
  public var scheme: String?
  /// The key itself; never written anywhere.
  public var key: [UInt8]?
  /// Other headers that carried a credential, in lower case.
  public var others: [String] = []
  public var note: Note?

  public enum Note: String, Sendable {
    /// The expected key is one that everybody knows.
    case weakKey = "weak-key"
    /// The same credential came twice.
    case repeated
    /// Well formed; no expected key was given.
    case notCompared = "well formed, key not compared"
    /// LiteLLM's list of public routes.
    case publicRoute = "public route"
    /// The policy asks for none here.
    case byPolicy = "exempt by policy"
    case preflight = "CORS preflight"
    case connect = "CONNECT"
  }

  init(_ verdict: Verdict, reason: UnknownReason? = nil, note: Note? = nil) {
    self.verdict = verdict
    self.reason = reason
    self.note = note
  }
}
