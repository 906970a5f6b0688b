internal import Foundation
internal import TestSupport
internal import Wire

/// Conversations of the openssl program with itself, recorded by a ``Relay``.
enum OpenSSL {
  static let path: String? = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  static let absence = "the openssl program is absent: no conversations to look into"

  enum Failure: Error { case noServer, noRelay, noCertificate }

  /// One side says something, or one of openssl's letters: `K` and `k` update keys, `R` renegotiates.
  enum Turn: Sendable {
    case client(String)
    case server(String)
  }

  struct Recording: Sendable {
    var chunks: [Relay.Chunk]
    var keyLog: [UInt8]

    func bytes(_ direction: Direction) -> [UInt8] {
      chunks.filter { $0.direction == direction }.flatMap(\.bytes)
    }

    /// The key log without the lines of these labels.
    func keyLog(without labels: String...) -> [UInt8] {
      let lines = String(decoding: keyLog, as: UTF8.self).split(separator: "\n")
      let kept = lines.filter { line in !labels.contains { line.hasPrefix($0 + " ") } }
      return Array((kept.joined(separator: "\n") + "\n").utf8)
    }
  }

  /// A certificate and its key in a folder of their own.
  struct Identity: Sendable {
    var folder: Folder
    var certificate: String { folder.path + "/certificate.pem" }
    var key: String { folder.path + "/key.pem" }

    init(_ algorithm: [String]) throws {
      folder = try Folder()
      let made = try Executable.run(
        ["req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-newkey"] + algorithm
          + ["-keyout", key, "-out", certificate],
        tool: OpenSSL.path)
      guard made.code == 0 else { throw Failure.noCertificate }
    }
  }

  static let rsa = Result { try Identity(["rsa:2048"]) }
  static let ecdsa = Result { try Identity(["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]) }

  /// Starts a server, and lets one client after the other talk with it.
  ///
  /// - Parameters:
  ///   - clients: each one's options.
  ///   - turns: what each of them does.
  static func record(
    server options: [String] = [], clients: [[String]] = [[]], turns: [Turn],
    identity: Result<Identity, any Error> = rsa, configuration: String? = nil
  ) throws -> [Recording] {
    let identity = try identity.get()
    guard Relay.survivesClosedPipes else { throw Failure.noRelay }
    let folder = try Folder()
    let environment = try configuration.map {
      ["OPENSSL_CONF": try folder.file("openssl.cnf", $0)]
    }
    let server = Peer(
      [
        "s_server", "-accept", "127.0.0.1:0", "-cert", identity.certificate, "-key", identity.key,
        "-naccept", "\(clients.count)",
      ] + options, environment)
    defer { server.stop() }
    guard let port = server.port() else { throw Failure.noServer }
    var recordings: [Recording] = []
    for (number, options) in clients.enumerated() {
      guard let relay = Relay(to: port) else { throw Failure.noRelay }
      let log = folder.path + "/keys-\(number)"
      let client = Peer(
        ["s_client", "-connect", "127.0.0.1:\(relay.port)", "-keylogfile", log] + options,
        environment)
      defer { client.stop() }
      relay.settle()
      for turn in turns {
        let before = relay.chunks.count
        switch turn {
        case .client(let text): client.say(text)
        case .server(let text): server.say(text)
        }
        relay.settle(after: before)
      }
      client.end()
      relay.waitForEnd()
      recordings.append(
        Recording(chunks: relay.chunks, keyLog: (try? Folder.bytes(log)) ?? []))
    }
    return recordings
  }

  /// A running openssl.
  private final class Peer {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    init(_ arguments: [String], _ environment: [String: String]?) {
      process.executableURL = URL(fileURLWithPath: OpenSSL.path ?? "")
      process.arguments = arguments
      if let environment { process.environment = environment }
      process.standardInput = input
      process.standardOutput = output
      process.standardError = FileHandle.nullDevice
      try? process.run()
    }

    /// What the server says it listens on; from then on its output is thrown away.
    func port() -> UInt16? {
      var said = ""
      while process.isRunning {
        let piece = output.fileHandleForReading.availableData
        guard !piece.isEmpty else { return nil }
        said += String(decoding: piece, as: UTF8.self)
        if let line = said.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
          .first(
            where: { $0.hasPrefix("ACCEPT") })
        {
          discard()
          return line.split(separator: ":").last.flatMap { UInt16($0) }
        }
      }
      return nil
    }

    private func discard() {
      output.fileHandleForReading.readabilityHandler = { _ = $0.availableData }
    }

    func say(_ text: String) { try? input.fileHandleForWriting.write(contentsOf: Data(text.utf8)) }

    func end() { try? input.fileHandleForWriting.close() }

    func stop() {
      output.fileHandleForReading.readabilityHandler = nil
      if process.isRunning { process.terminate() }
      process.waitUntilExit()
    }
  }
}
