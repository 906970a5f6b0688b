/// What is kept by tickets: numbers that are given out in a row, and given back about in the order in which
/// they came.
///
/// A deque whose elements are read and changed where they stand: of `Deque`, each look at a large one is a
/// copy of it.
struct TicketRing<Element> {
  /// As many as a power of two.
  private var elements: [Element]
  private let empty: Element
  private var lower = 0
  private var upper = 0

  init(empty: Element) {
    self.empty = empty
    elements = Array(repeating: empty, count: 64)
  }

  /// The lowest ticket that isn't given back.
  var first: Int? { lower < upper ? lower : nil }

  func contains(_ ticket: Int) -> Bool { lower <= ticket && ticket < upper }

  @inline(always)
  private func place(_ ticket: Int) -> Int { ticket & (elements.count &- 1) }

  /// - Parameter ticket: one that isn't given back.
  subscript(_ ticket: Int) -> Element {
    @inline(always) _read { yield elements[place(ticket)] }
    @inline(always) _modify { yield &elements[place(ticket)] }
  }

  /// - Returns: the next ticket. What is kept by it is as an earlier one left it, or empty.
  @inline(always)
  mutating func next() -> Int {
    if upper &- lower == elements.count { grow() }
    defer { upper &+= 1 }
    return upper
  }

  /// Gives the lowest ticket back.
  @inline(always)
  mutating func removeFirst() { lower &+= 1 }

  @inline(never)
  private mutating func grow() {
    let old = self
    elements = Array(repeating: empty, count: old.elements.count &* 2)
    for ticket in lower..<upper { self[ticket] = old[ticket] }
  }
}
