internal import Crypto
internal import Foundation
import Testing
internal import Wire

@testable internal import TLS

/// A conversation of TLS 1.3 that no library would have: its records are sealed here, one by one.
struct Handmade {
  static let labels: [Secrets.Label] = [
    .clientEarly, .clientHandshake, .serverHandshake, .clientApplication, .serverApplication,
  ]
  static let finished = message(20, [UInt8](repeating: 0, count: 32))
  static let changeCipherSpec: [UInt8] = [20, 3, 3, 0, 1, 1]

  private static let random = [UInt8](repeating: 0xAB, count: 32)
  private var sequences: [Secrets.Label: UInt64] = [:]

  static func secret(_ label: Secrets.Label) -> [UInt8] {
    [UInt8](repeating: UInt8(label.index) + 1, count: 32)
  }

  /// The key log, with wrong secrets for some labels.
  static func keyLog(
    _ labels: [Secrets.Label] = labels, wrong: [Secrets.Label] = [], by difference: UInt8 = 0x80
  ) -> [UInt8] {
    let lines = labels.map { label in
      let secret = secret(label).map { wrong.contains(label) ? $0 ^ difference : $0 }
      return "\(label.rawValue) \(hex(random)) \(hex(secret))\n"
    }
    return Array(lines.joined().utf8)
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { String(format: "%02x", $0) }.joined()
  }

  // MARK: In the clear

  static func clientHello(early: Bool = false) -> [UInt8] {
    var extensions: [UInt8] = [0, 43, 0, 3, 2, 3, 4]
    if early { extensions += [0, 42, 0, 0] }
    return plain(
      22,
      message(1, [3, 3] + random + [0, 0, 2, 0x13, 1, 1, 0] + vector(extensions)))
  }

  static func serverHello(preSharedKey: Bool = false) -> [UInt8] {
    var extensions: [UInt8] = [0, 43, 0, 2, 3, 4]
    if preSharedKey { extensions += [0, 41, 0, 2, 0, 0] }
    return plain(
      22,
      message(
        2, [3, 3] + [UInt8](repeating: 0xCD, count: 32) + [0, 0x13, 1, 0] + vector(extensions)))
  }

  static func plain(_ type: UInt8, _ content: [UInt8]) -> [UInt8] {
    [type, 3, 3] + vector(content)
  }

  static func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] { [type, 0] + vector(body) }

  private static func vector(_ bytes: [UInt8]) -> [UInt8] {
    [UInt8(bytes.count >> 8), UInt8(bytes.count & 0xFF)] + bytes
  }

  // MARK: Sealed

  /// - Parameter type: what is in the record.
  mutating func seal(_ content: [UInt8], _ type: UInt8, _ label: Secrets.Label) -> [UInt8] {
    let suite = CipherSuite(0x1301)!
    let secret = Self.secret(label)
    let key = KeySchedule.expandLabel(secret, "key", suite.hash, count: suite.keyLength)
    var nonce = KeySchedule.expandLabel(secret, "iv", suite.hash, count: 12).byteArray
    let sequence = sequences[label, default: 0]
    sequences[label] = sequence + 1
    for byte in 0..<8 { nonce[11 - byte] ^= UInt8(truncatingIfNeeded: sequence >> (8 * byte)) }
    let length = content.count + 1 + 16
    let header: [UInt8] = [23, 3, 3, UInt8(length >> 8), UInt8(length & 0xFF)]
    guard
      let box = try? AES.GCM.seal(
        content + [type], using: key, nonce: AES.GCM.Nonce(data: nonce), authenticating: header)
    else {
      Issue.record("a record of \(content.count) bytes can't be sealed")
      return []
    }
    return header + box.ciphertext + box.tag
  }

  mutating func say(_ text: String, _ label: Secrets.Label = .clientApplication) -> [UInt8] {
    seal(Array(text.utf8), 23, label)
  }

  /// EncryptedExtensions and Finished.
  mutating func serverFlight() -> [UInt8] {
    seal(Self.message(8, [0, 0]) + Self.finished, 22, .serverHandshake)
  }

  mutating func clientFinished() -> [UInt8] { seal(Self.finished, 22, .clientHandshake) }
}
