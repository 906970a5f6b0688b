internal import Foundation

/// A folder of its own, which stays until the tests are over.
///
/// Unlike ``TemporaryFile`` it doesn't go with its last reference: a test may pass on nothing but
/// the path.
public struct Folder: Sendable {
  public let path: String

  /// Everything that this process makes, removed when it ends.
  private static let root: String = {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(
      "keywitness-tests-\(UUID().uuidString)"
    ).path
    atexit { Folder.removeAll() }
    return path
  }()

  public init() throws {
    path = "\(Self.root)/\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  private static func removeAll() { try? FileManager.default.removeItem(atPath: root) }

  /// Writes a file in it.
  ///
  /// - Returns: its path.
  @discardableResult
  public func file(_ name: String, _ text: String) throws -> String {
    try file(name, bytes: Array(text.utf8))
  }

  @discardableResult
  public func file(_ name: String, bytes: [UInt8]) throws -> String {
    let file = path + "/" + name
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  /// What is in it.
  public func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }

  public static func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  public static func text(_ path: String) throws -> String {
    String(decoding: try bytes(path), as: UTF8.self)
  }
}

/// A file in a ``Folder`` of its own.
public struct ScratchFile: Sendable {
  public let path: String

  public init(_ bytes: [UInt8], named name: String = "test.pcap") throws {
    path = try Folder().file(name, bytes: bytes)
  }

  /// A classic pcap of these packets.
  public init(packets: [Packet]) throws {
    try self.init(CaptureBytes.pcap(packets))
  }
}
