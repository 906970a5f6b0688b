/// A version of LiteLLM whose answers were measured.
public enum ProxyProfile: String, Sendable, CaseIterable {
  case v106 = "1.106"
  /// Of the time of Bytebot's bug.
  case v76 = "1.76"
}
