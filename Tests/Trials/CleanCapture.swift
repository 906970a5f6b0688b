internal import Exchanges
internal import Foundation
internal import Wire

/// A capture in which nothing is missing or odd: every frame is a whole TCP segment, each connection
/// is there from its SYN on, and what the product reads of it is known to be right.
public struct CleanCapture: Sendable {
  public let name: String
  public let packets: [TCPPacket]
  /// The key that its requests should carry, where one is known.
  public let key: String?
  /// What its TLS is opened with: the key log beside it, under the same name.
  public let keyLogs: [String]
  /// What an undisturbed run says.
  public let truth: Reading

  public var line: String {
    "\(name): \(packets.count) packets, \(truth.exchanges.count) exchanges, \(truth.result)"
  }

  /// - Returns: `nil` where the capture isn't clean.
  public init?(_ file: String, key: String? = nil, sizeLimit: Int = 400_000) {
    let beside = (file as NSString).deletingPathExtension + ".keylog"
    let keyLogs = FileManager.default.fileExists(atPath: beside) ? [beside] : []
    let attributes = try? FileManager.default.attributesOfItem(atPath: file)
    guard let size = attributes?[.size] as? Int, size <= sizeLimit,
      let captured = try? CapturedPacket.packets(of: file),
      let truth = try? Reading(file: file, key: key, keyLogs: keyLogs)
    else { return nil }
    let packets = captured.compactMap { TCPPacket($0) }
    guard packets.count == captured.count, !truth.exchanges.isEmpty,
      truth.ledger.payload.holes == 0, truth.ledger.payload.outOfWindow == 0,
      truth.ledger.payload.retransmitted == 0, truth.ledger.payload.duplicate == 0,
      truth.ledger.payload.afterClose == 0, truth.ledger.payload.beforeStart == 0,
      truth.ledger.source.linkTypes.count == 1,
      truth.exchanges.allSatisfy({ $0.request != nil && !$0.isCopy }),
      Self.beginWithSYN(packets),
      // Secrets inside of a file would be lost with each change to it.
      !keyLogs.isEmpty || truth.exchanges.allSatisfy({ !$0.isTLS })
    else { return nil }
    name = URL(fileURLWithPath: file).lastPathComponent
    self.packets = packets
    self.key = key
    self.keyLogs = keyLogs
    self.truth = truth
  }

  private static func beginWithSYN(_ packets: [TCPPacket]) -> Bool {
    var opened: Set<[[UInt8]]> = []
    for packet in packets {
      if packet.has(TCPPacket.syn) { opened.insert(packet.connection) }
      if !opened.contains(packet.connection) { return false }
    }
    return true
  }

  /// The clean captures among the files of these folders, those with most exchanges first, at most
  /// `limit`.
  public static func find(in folders: [String], limit: Int) -> [CleanCapture] {
    var files: [String] = []
    for folder in folders {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      for name in names.sorted() where name.hasSuffix(".pcap") || name.hasSuffix(".pcapng") {
        files.append(folder + "/" + name)
      }
    }
    var found: [CleanCapture] = []
    for file in files {
      if let capture = CleanCapture(file, key: recordedKey(of: file)) {
        found.append(capture)
      }
    }
    let sorted = found.enumerated().sorted { left, right in
      (right.element.truth.exchanges.count, left.offset)
        < (left.element.truth.exchanges.count, right.offset)
    }
    return sorted.prefix(limit).map(\.element)
  }

  /// Of the project's own captures: what their expectation file says.
  private static func recordedKey(of file: String) -> String? {
    let path = file.replacingOccurrences(of: ".pcap", with: ".expect.json")
    guard let data = FileManager.default.contents(atPath: path),
      let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
    else { return nil }
    return object["expect_key"] as? String
  }
}

/// A file that variants of a capture are written into, one after the other.
public final class VariantFile {
  public let path: String

  public init() {
    // Memory where there is some: a trial writes thousands of files.
    let folder =
      FileManager.default.fileExists(atPath: "/dev/shm")
      ? "/dev/shm" : FileManager.default.temporaryDirectory.path
    path = "\(folder)/keywitness-trial-\(UUID().uuidString)"
  }

  public func write(_ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
