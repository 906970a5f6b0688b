internal import ArgumentParser
internal import Capture
internal import Synchronization
internal import Wire

/// What `capture` asks whose connections are, and what watches key logs: a process of its own, because it keeps the right to look
/// into others, and because it never sees a packet.
///
/// It begins with an empty line when it has looked once. On standard input a line for each connection, `CLIENT SERVER`; on standard output a line for each of
/// them: six fields, of the client's process and of the server's; and between them lines of key logs.
/// It ends with its input.
struct HostWitnessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "host-witness", abstract: "Names the processes of connections.",
    shouldDisplay: false)

  @Option(help: "The root of the container that container:PATH is in.") var root: String?

  @Argument(help: "Key logs that are watched.") var keyLogs: [String] = []

  /// Connections that come and go between two looks are missed; so many milliseconds are between
  /// them, and more where looking is dear.
  private static let pause: Int32 = 10
  private static let longestPause: Int64 = 200_000_000
  /// Looking may keep a processor busy for this part of the time, and for so long before that counts.
  private static let share: Int64 = 20
  private static let credit: Int64 = 1_000_000_000
  /// A question is shorter, in bytes.
  private static let longestLine = 256

  func run() throws {
    Privileges.keepOnlyLooking()
    var lookup = OwnerLookup(environment: ProcessGuard.environment)
    var rest: [UInt8] = []
    lookup.refresh()
    guard ProcessGuard.write([0x0A], to: 1) else { return }
    let output = Output()
    if !keyLogs.isEmpty { watch(output) }
    let began = ProcessGuard.monotonicTime()
    var latest = began
    while true {
      let isAsked = ProcessGuard.wait(for: 0, milliseconds: Self.pause)
      let now = ProcessGuard.monotonicTime()
      let isCheap = ProcessGuard.processorTime() &- Self.credit < (now &- began) / Self.share
      // Whoever is asked for is there now, or nowhere.
      if isCheap || now &- latest > Self.longestPause {
        lookup.refresh()
        latest = now
      }
      guard isAsked else { continue }
      let taken = ProcessGuard.take(from: 0)
      guard !taken.isEmpty else { return }
      rest += taken
      var answers = ""
      while let end = rest.firstIndex(of: 0x0A) {
        answers += Self.answer(String(decoding: rest[..<end], as: UTF8.self), lookup) + "\n"
        rest.removeSubrange(...end)
      }
      guard rest.count < Self.longestLine, output.write(answers) else { return }
    }
  }

  /// Whole lines, from whichever thread.
  private final class Output: Sendable {
    private let isOpen = Mutex(true)

    func write(_ lines: String) -> Bool {
      isOpen.withLock { isOpen in
        isOpen = isOpen && ProcessGuard.write(Array(lines.utf8), to: 1)
        return isOpen
      }
    }
  }

  /// On a thread of its own: keys must not come later than their packets because a container's name
  /// takes its time.
  private func watch(_ output: Output) {
    let (paths, root) = (keyLogs, root)
    _ = BackgroundThread.start {
      var keyLogs = paths.map { GrowingKeyLog($0, root: root) }
      while true {
        var lines = ""
        for index in keyLogs.indices {
          for line in keyLogs[index].newLines() { lines += "\(HostWitness.keyLine)\(line)\n" }
        }
        guard lines.isEmpty || output.write(lines) else { return }
        BackgroundThread.sleep(milliseconds: Int(Self.pause))
      }
    }
  }

  private static func answer(_ line: String, _ lookup: OwnerLookup) -> String {
    let ends = line.split(separator: " ")
    guard ends.count == 2 else { return "\(SocketOwner.nobody)\t\(SocketOwner.nobody)" }
    let client = lookup.owner(local: ends[0], remote: ends[1])
    let server = lookup.owner(local: ends[1], remote: ends[0])
    return "\(client?.line ?? SocketOwner.nobody)\t\(server?.line ?? SocketOwner.nobody)"
  }
}
