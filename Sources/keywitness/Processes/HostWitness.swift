internal import Exchanges
internal import Sockets
internal import Synchronization
internal import Wire

/// What is to be known beside the packets, as a helper process with the right to look tells it: the
/// processes at the ends of the captured connections, and the TLS keys that they write.
///
/// Asking never waits: where the helper falls behind, connections stay without a name.
final class HostWitness: Sendable {
  struct Owners: Hashable, Sendable {
    var client: SocketOwner?
    var server: SocketOwner?
  }

  private struct State {
    /// Asked, and not answered yet; in order.
    var asked: [(connection: Int, client: Endpoint, server: Endpoint)] = []
    var known: [Int: Owners] = [:]
    var latest = -1
    var isOver = false
  }

  private let helper: ChildProcess
  private let questions: Int32
  private let answers: Int32
  private let state = Mutex(State())
  /// In front of a line of a key log.
  static let keyLine = "keylog "

  /// Questions that may wait, and connections that are remembered.
  private static let waitingLimit = 256
  private static let knownLimit = 100_000
  /// How long the helper may take to begin, in milliseconds.
  private static let patience: Int32 = 2000

  /// Starts the helper, with all the rights that this process still has, in its network namespace.
  ///
  /// - Parameters:
  ///   - keyLogs: files that it watches, whether or not they are there yet.
  ///   - process: whose files those are that are named `container:PATH`.
  /// - Returns: `nil` where it can't be started.
  init?(keyLogs: [String], of process: Int?) {
    guard let input = ProcessGuard.pipeEnds() else { return nil }
    guard let output = ProcessGuard.pipeEnds() else {
      ProcessGuard.close(input.read)
      ProcessGuard.close(input.write)
      return nil
    }
    let (child, _) = ChildProcess.start(
      [ProcessGuard.executablePath, "host-witness"]
        + (process.map { ["--root", "/proc/\($0)/root"] } ?? []) + ["--"] + keyLogs,
      environment: ProcessGuard.environment,
      standardInput: input.read, standardOutput: output.write)
    ProcessGuard.close(input.read)
    ProcessGuard.close(output.write)
    guard let child else {
      ProcessGuard.close(input.write)
      ProcessGuard.close(output.read)
      return nil
    }
    helper = child
    questions = input.write
    answers = output.read
  }

  /// Reads answers, on a thread of its own. To be called when rights are given up.
  ///
  /// - Parameters:
  ///   - whenKnown: told of each connection whose owner was found.
  ///   - whenWritten: told of lines of key logs.
  func listen(
    _ whenKnown: @escaping @Sendable (Endpoint, Endpoint, Owners) -> Void,
    whenWritten: @escaping @Sendable ([String]) -> Void
  ) {
    // It looks before anybody may ask, or the first connections would be over.
    let isReady =
      ProcessGuard.wait(for: answers, milliseconds: Self.patience)
      && !ProcessGuard.take(from: answers, count: 1).isEmpty
    if !isReady || !BackgroundThread.start({ self.read(whenKnown, whenWritten) }) {
      state.withLock { $0.isOver = true }
    }
  }

  /// Asks whose a connection is, once.
  func note(_ exchange: Exchange) {
    let isNew = state.withLock { state in
      guard !state.isOver, exchange.connection != state.latest,
        state.asked.count < Self.waitingLimit, state.known.count < Self.knownLimit,
        state.known[exchange.connection] == nil,
        !state.asked.contains(where: { $0.connection == exchange.connection })
      else { return false }
      state.latest = exchange.connection
      state.asked.append((exchange.connection, exchange.client, exchange.server))
      return true
    }
    guard isNew else { return }
    // Shorter than a pipe's buffer together, so that it never waits.
    let line = "\(exchange.client) \(exchange.server)\n"
    if !ProcessGuard.write(Array(line.utf8), to: questions) {
      state.withLock { $0.isOver = true }
    }
  }

  private func read(
    _ whenKnown: (Endpoint, Endpoint, Owners) -> Void, _ whenWritten: ([String]) -> Void
  ) {
    var rest: [UInt8] = []
    while true {
      let taken = ProcessGuard.take(from: answers)
      guard !taken.isEmpty else { break }
      rest += taken
      guard let end = rest.lastIndex(of: 0x0A) else { continue }
      var written: [String] = []
      for line in rest[..<end].split(separator: 0x0A) {
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix(Self.keyLine) {
          written.append(String(text.dropFirst(Self.keyLine.count)))
        } else {
          take(text, whenKnown)
        }
      }
      rest.removeSubrange(...end)
      if !written.isEmpty { whenWritten(written) }
    }
    state.withLock { $0.isOver = true }
  }

  private func take(_ line: String, _ whenKnown: (Endpoint, Endpoint, Owners) -> Void) {
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
    let owners = Owners(
      client: SocketOwner(fields: fields.prefix(3)),
      server: SocketOwner(fields: fields.dropFirst(3)))
    let question = state.withLock {
      state -> (connection: Int, client: Endpoint, server: Endpoint)? in
      guard !state.asked.isEmpty else { return nil }
      let question = state.asked.removeFirst()
      state.known[question.connection] = owners
      return question
    }
    guard let question, owners.client != nil || owners.server != nil else { return }
    whenKnown(question.client, question.server, owners)
  }

  /// All that is known, when what was asked is answered, or a while is over; and the helper's end.
  func finish() -> [Int: Owners] {
    for _ in 0..<50 {
      if state.withLock({ $0.asked.isEmpty || $0.isOver }) { break }
      BackgroundThread.sleep(milliseconds: 10)
    }
    ProcessGuard.close(questions)
    for _ in 0..<50 {
      if helper.poll() != nil { break }
      BackgroundThread.sleep(milliseconds: 10)
    }
    return state.withLock { $0.known }
  }
}
