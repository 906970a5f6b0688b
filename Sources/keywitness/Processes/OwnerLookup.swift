internal import Wire

/// Finds the processes at the ends of connections, while these are open.
///
/// A connection that was over when it was first looked for has no owner any more: then none is named.
struct OwnerLookup {
  private let containers: ContainerLookup
  /// Of connections that were seen, those that are over included.
  private var owners: [String: SocketOwner] = [:]
  private var inodes: [SocketTable.Ends: UInt64] = [:]
  private var names: [String: String] = [:]
  /// How often nobody was found: a process may be just on its way, or in another PID namespace.
  private var misses: [UInt64: Int] = [:]
  private static let patience = 3

  /// Beyond so many the oldest knowledge is given up, all at once.
  private static let limit = 100_000

  init(environment: [String: String]) {
    containers = ContainerLookup(environment: environment)
  }

  /// Looks which connections there are, and whose.
  mutating func refresh() {
    let sockets = SocketTable.read()
    if owners.count > Self.limit { owners.removeAll() }
    let new = sockets.filter { inodes[$0.key] != $0.value }
    inodes = sockets
    guard !new.isEmpty else { return }
    var wanted: [UInt64: [SocketTable.Ends]] = [:]
    for (ends, inode) in new {
      // The port is another one's now.
      owners["\(ends.local) \(ends.remote)"] = nil
      wanted[inode, default: []].append(ends)
    }
    for process in ProcessTable.ids().sorted() {
      for inode in ProcessTable.sockets(process) {
        guard let ends = wanted.removeValue(forKey: inode) else { continue }
        let owner = owner(process)
        for ends in ends { owners["\(ends.local) \(ends.remote)"] = owner }
      }
      if wanted.isEmpty { break }
    }
    if misses.count > Self.limit { misses.removeAll() }
    for (inode, ends) in wanted {
      misses[inode, default: 0] += 1
      guard misses[inode, default: 0] < Self.patience else { continue }
      for ends in ends { inodes[ends] = nil }
    }
  }

  private mutating func owner(_ process: Int) -> SocketOwner {
    let id = ProcessTable.container(process)
    let name = id.map { names[$0] ?? containers.name(of: $0) } ?? ""
    if let id { names[id] = name }
    return SocketOwner(
      process: process, words: ProcessTable.command(process), container: name)
  }

  func owner(local: Substring, remote: Substring) -> SocketOwner? { owners["\(local) \(remote)"] }
}
