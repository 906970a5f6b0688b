/// Something that a `WhereExpression` selects: an exchange.
public protocol WhereSubject {
  /// The value of a field.
  ///
  /// `status`, `id`, `connection` and what is counted are `.number`, `duration` and
  /// `time-to-first-event` are `.seconds`, all others text; any may be `.absent` or `.unknown`.
  func whereValue(_ field: WhereField) -> WhereValue
}
