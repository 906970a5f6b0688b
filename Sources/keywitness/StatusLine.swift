internal import Synchronization

/// A line on standard error that says how things stand and is written over: only where a person
/// watches, and never in the middle of something else.
enum StatusLine {
  private struct State {
    var isShown = false
    var isOver = false
    var isForbidden = false
  }

  private static let isWatched = ProcessGuard.isTerminal(2)
  private static let state = Mutex(State())

  /// - Parameter text: one line; what the terminal is too narrow for is left out.
  static func show(_ text: String) {
    guard isWatched else { return }
    let width = max(ProcessGuard.terminalWidth(2) - 1, 20)
    let shown = text.count > width ? text.prefix(width - 1) + "…" : text[...]
    state.withLock {
      guard !$0.isOver, !$0.isForbidden else { return }
      $0.isShown = true
      ProcessGuard.write("\r\u{1B}[K\(shown)", to: 2)
    }
  }

  /// Makes room for what is to be written.
  static func clear() { state.withLock { clear(&$0) } }

  /// There is something better to look at: nothing is shown any more.
  static func end() {
    state.withLock {
      clear(&$0)
      $0.isOver = true
    }
  }

  /// Somebody else writes to the terminal, too, and doesn't know of it.
  static func forbid() {
    state.withLock {
      clear(&$0)
      $0.isForbidden = true
    }
  }

  static var isOver: Bool { state.withLock { $0.isOver } }

  private static func clear(_ state: inout State) {
    if state.isShown { ProcessGuard.write("\r\u{1B}[K", to: 2) }
    state.isShown = false
  }
}
