internal import ArgumentParser
internal import Capture

/// What `capture` asks whose connections are: a process of its own, because it keeps the right to look
/// into others, and because it never sees a packet.
///
/// On standard input a line for each connection, `CLIENT SERVER`; on standard output a line for each of
/// them: six fields, of the client's process and of the server's. It ends with its input.
struct SocketOwnersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "socket-owners", abstract: "Names the processes of connections.",
    shouldDisplay: false)

  /// Connections that come and go between two looks are missed; so many milliseconds are the least.
  private static let shortestPause: Int64 = 10
  /// Looking may take this share of the time, in hundredths.
  private static let share: Int64 = 5
  /// A question is shorter, in bytes.
  private static let longestLine = 256

  func run() throws {
    Privileges.keepOnlyLooking()
    var lookup = OwnerLookup(environment: ProcessGuard.environment)
    var rest: [UInt8] = []
    while true {
      let began = ProcessGuard.monotonicTime()
      lookup.refresh()
      let took = (ProcessGuard.monotonicTime() &- began) / 1_000_000
      let pause = max(Self.shortestPause, took &* (100 / Self.share))
      guard ProcessGuard.wait(for: 0, milliseconds: Int32(clamping: pause)) else { continue }
      let taken = ProcessGuard.take(from: 0)
      guard !taken.isEmpty else { return }
      rest += taken
      let isFresh = took < Self.shortestPause
      if isFresh { lookup.refresh() }
      var answers = ""
      while let end = rest.firstIndex(of: 0x0A) {
        answers += Self.answer(String(decoding: rest[..<end], as: UTF8.self), lookup) + "\n"
        rest.removeSubrange(...end)
      }
      guard rest.count < Self.longestLine, ProcessGuard.write(Array(answers.utf8), to: 1) else {
        return
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
