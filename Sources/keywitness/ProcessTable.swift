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

  static func exists(_ id: Int) -> Bool { ProcessGuard.isThere("/proc/\(id)") }
}
