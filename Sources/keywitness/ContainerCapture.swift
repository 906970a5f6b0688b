internal import LiteLLM
internal import Redaction
internal import Sockets
internal import Synchronization
internal import Wire

/// Captures a container again whenever it starts again: each time is a capture of its own, in a process
/// of its own that gives up its rights. This one keeps them, and never sees a packet.
struct ContainerCapture {
  /// The process that such a capture is of, for the process that makes it.
  static let processVariable = "KEYWITNESS_CAPTURED_PROCESS"
  /// Which one it is, from 1.
  static let numberVariable = "KEYWITNESS_CAPTURE_NUMBER"
  /// Of such a capture: the process had ended before it began. Between the two processes only.
  static let gone: Int32 = 75

  let wanted: ContainerLookup.Wanted
  /// What this program was called with.
  let arguments: [String]
  /// How long it may take altogether, in nanoseconds.
  let time: Int64?

  /// What ends the waiting, and the capture that is under way.
  private final class State: Sendable {
    private let child = Mutex<ChildProcess?>(nil)
    private let isStopped = Atomic(false)

    var hasStopped: Bool { isStopped.load(ordering: .acquiring) }

    func stop() {
      isStopped.store(true, ordering: .releasing)
      child.withLock { $0?.terminate() }
    }

    func set(_ process: ChildProcess?) {
      child.withLock {
        $0 = process
        if hasStopped { process?.terminate() }
      }
    }
  }

  /// - Returns: the exit code, of several captures the first of 2, 3, 1, 4, 6 that occurred; 5 where
  ///   nothing was tested in any of them.
  func run() throws -> Int32 {
    EndSignals.hold()
    let state = State()
    let interruptions = Interruptions { state.stop() }
    let lookup = ContainerLookup(environment: ProcessGuard.environment)
    let deadline = time.map { ProcessGuard.monotonicTime() &+ $0 }
    let isOver = {
      state.hasStopped || deadline.map { ProcessGuard.monotonicTime() >= $0 } == true
    }
    var codes: [Int32] = []
    while true {
      guard let process = wait(lookup, codes.count, isOver) else { break }
      let again = codes.isEmpty ? "" : "; attached again, capture \(codes.count + 1)"
      Diagnostics.note("\(TerminalText.escape(wanted.text)): process \(process)\(again)")
      let code = try capture(process, number: codes.count + 1, deadline, state)
      // One that ended at once, as in a loop of crashes: the next one may stay.
      if code == Self.gone { continue }
      codes.append(code)
      // It ended for a reason of its own, while the container goes on.
      guard !isOver(), !ProcessTable.isAlive(process) else { break }
    }
    if interruptions.hasCome, codes.isEmpty { return ContractCode.interrupted }
    return Self.code(of: codes)
  }

  private static func code(of codes: [Int32]) -> Int32 {
    let precedence: [Int32] = [
      ContractCode.usage, ContractCode.unreadable, 1, ContractCode.unreached,
      ContractCode.commandFailed,
    ]
    return precedence.first { codes.contains($0) }
      ?? codes.first { $0 != ContractCode.nothing } ?? ContractCode.nothing
  }

  /// Waits until it runs.
  private func wait(_ lookup: ContainerLookup, _ count: Int, _ isOver: () -> Bool) -> Int? {
    var hasTold = false
    while !isOver() {
      if let process = process(lookup, isOver), ProcessTable.isAlive(process) { return process }
      if !hasTold {
        Diagnostics.note(
          "waiting for \(TerminalText.escape(wanted.text)) to run\(count > 0 ? " again" : ""); "
            + "Ctrl-C ends")
      }
      hasTold = true
      BackgroundThread.sleep(milliseconds: 100)
    }
    return nil
  }

  /// What an engine answers, that may also hang: nobody waits for it whose time is up.
  private func process(_ lookup: ContainerLookup, _ isOver: () -> Bool) -> Int? {
    let wanted = wanted
    let answer = Answer()
    guard BackgroundThread.start({ answer.give(lookup.process(of: wanted)) }) else { return nil }
    while !isOver() {
      if let process = answer.given { return process }
      BackgroundThread.sleep(milliseconds: 5)
    }
    return nil
  }

  private final class Answer: Sendable {
    private let value = Mutex<Int??>(nil)

    func give(_ process: Int?) { value.withLock { $0 = .some(process) } }

    /// `nil` until it is given.
    var given: Int?? { value.withLock { $0 } }
  }

  private func capture(
    _ process: Int, number: Int, _ deadline: Int64?, _ state: State
  ) throws -> Int32 {
    var environment = ProcessGuard.environment
    environment[Self.processVariable] = String(process)
    environment[Self.numberVariable] = String(number)
    let command = [ProcessGuard.executablePath] + arguments
    let (child, error) = ChildProcess.start(
      command, environment: environment, standardInput: 0)
    guard let child else {
      throw Failure.unreadable("the capture can't be started: \(error)")
    }
    child.bringToForeground(0)
    state.set(child)
    defer {
      state.set(nil)
      child.returnTerminal()
    }
    while true {
      if let end = child.poll() {
        guard case .exited(let code) = end else {
          throw Failure.unreadable("the capture was ended by \(end.text)")
        }
        return code
      }
      if let deadline, ProcessGuard.monotonicTime() >= deadline { state.stop() }
      BackgroundThread.sleep(milliseconds: 20)
    }
  }

  /// Later captures have files of their own: `agent.2.pcapng`.
  static func ownPath(_ path: String) -> String {
    guard let number = ProcessGuard.environment[numberVariable].flatMap({ Int($0) }), number > 1
    else { return path }
    return numbered(path, number)
  }

  private static func numbered(_ path: String, _ number: Int) -> String {
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else {
      return "\(path).\(number)"
    }
    return "\(path[..<dot]).\(number)\(path[dot...])"
  }
}
