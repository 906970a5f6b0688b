/// A rule of the policy: what the exchanges that it is about have to be like.
///
/// A rule always tests something: the reader refuses one without `credential` and `response`.
public struct Rule: Hashable, Sendable {
  /// The author's name for it, unique in the policy: letters, digits, `.`, `_` and `-`.
  public let id: String
  public let match: RuleMatch
  public let credential: RuleCredential?
  public let response: RuleResponse?
  public let mark: SourceMark

  public init(
    id: String, match: RuleMatch, credential: RuleCredential? = nil,
    response: RuleResponse? = nil, mark: SourceMark
  ) {
    self.id = id
    self.match = match
    self.credential = credential
    self.response = response
    self.mark = mark
  }
}
