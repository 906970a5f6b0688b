/// A value in a place of its own, that many share or few have: what holds it stays small.
final class Boxed<Value: Sendable>: Sendable {
  let value: Value

  init(_ value: Value) { self.value = value }
}
