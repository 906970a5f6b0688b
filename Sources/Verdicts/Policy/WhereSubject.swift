/// Something that a `WhereExpression` selects: an exchange.
public protocol WhereSubject {
  /// The value of a field.
  ///
  /// `status`, `id` and `connection` are `.number`, `duration` is `.seconds`, all others text; any
  /// may be `.absent` or `.unknown`.
  func whereValue(_ field: WhereField) -> WhereValue
}
