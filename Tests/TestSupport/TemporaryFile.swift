internal import Foundation

/// A file in a folder of its own, which goes with the last reference to it.
public final class TemporaryFile: Sendable {
  public let path: String
  private let folder: String

  public init(_ bytes: [UInt8], named name: String = "test.pcap") throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "keywitness-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent(name)
    try Data(bytes).write(to: file)
    self.folder = folder.path
    path = file.path
  }

  /// A classic pcap of these packets.
  public convenience init(packets: [Packet]) throws {
    try self.init(CaptureBytes.pcap(packets))
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }
}
