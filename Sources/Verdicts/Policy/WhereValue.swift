/// What a subject has to say about a field of a `WhereExpression`.
public enum WhereValue: Hashable, Sendable {
  case text(String)
  /// Several values of one field: repeated header fields, anomalies. None is the same as `absent`.
  case texts([String])
  case number(Double)
  /// A length of time in seconds.
  case seconds(Double)
  /// It was looked for and isn't there.
  case absent
  /// It can't be said: the bytes that would tell are missing.
  case unknown
}
