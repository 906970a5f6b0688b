internal import Verdicts
internal import Wire

/// The processes of this host, as /proc shows them.
enum ProcessTable {
  /// The largest of its files that is read, in bytes.
  private static let limit = 1 << 20

  static func ids() -> [Int] { CaptureSeries.names(in: "/proc").others.compactMap { Int($0) } }

  /// A file of a process; `nil` where there is none, or it isn't ours to read.
  static func text(_ id: Int, _ name: String) -> String? {
    guard let bytes = try? BoundedFile.read("/proc/\(id)/\(name)", limit: limit) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether it runs, whoever's it is; one that has ended and wasn't fetched yet does no more.
  static func isAlive(_ id: Int) -> Bool {
    // 4711 (name) Z …; the name may be anything.
    let state = text(id, "stat").flatMap { text in
      text.lastIndex(of: ")").flatMap { text[$0...].dropFirst(2).first }
    }
    return state != "Z" && state != "X" && ProcessGuard.isAlive(Int32(clamping: id))
  }

  /// The inodes of its open sockets.
  static func sockets(_ id: Int) -> [UInt64] {
    let folder = "/proc/\(id)/fd"
    return CaptureSeries.names(in: folder).others.compactMap { name in
      // socket:[4711]
      guard let target = ProcessGuard.linkTarget("\(folder)/\(name)"), target.hasPrefix("socket:[")
      else { return nil }
      return UInt64(target.dropFirst(8).dropLast())
    }
  }

  /// What it was started with; its name where that can't be read.
  static func command(_ id: Int) -> [String] {
    let words = text(id, "cmdline")?.split(separator: "\0").map(String.init) ?? []
    guard words.isEmpty else { return words }
    return ["[\(text(id, "comm")?.split(separator: "\n").first ?? "?")]"]
  }

  /// The id of its container, as its control groups name it; `nil` where it is in none.
  static func container(_ id: Int) -> String? {
    guard let groups = text(id, "cgroup") else { return nil }
    // …/docker-<id>.scope, …/docker/<id>, …/cri-containerd-<id>.scope: 64 hexadecimal digits.
    let words = groups.split { !$0.isHexDigit }
    return words.first { $0.utf8.count == 64 }.map(String.init)
  }

  /// Its variables; `nil` where they can't be read.
  static func environment(_ id: Int) -> [String: String]? {
    guard let entries = text(id, "environ")?.split(separator: "\0") else { return nil }
    var variables: [String: String] = [:]
    for entry in entries {
      guard let equals = entry.firstIndex(of: "=") else { continue }
      variables[String(entry[..<equals])] = String(entry[entry.index(after: equals)...])
    }
    return variables
  }
}
