/// TLS secrets by the client's random, in the text that NSS defined and that browsers, node, OpenSSL
/// and others write (draft-ietf-tls-keylogfile); pcapng's secrets blocks hold the same text.
public struct KeyLog: Sendable {
  /// How many secrets are known; different ones that are to be the same one count once.
  public private(set) var count = 0
  /// Grows with every secret that is new: tells sessions that wait to look again.
  public private(set) var generation = 0
  private var secrets: [ClientRandom: Secrets] = [:]
  /// Premaster secrets of TLS 1.2 and older, by the first 8 bytes of their encrypted form.
  private var premasters: [UInt64: Secrets] = [:]
  private var lines = KeyLogLines()

  public init() {}

  /// Lines of the text given to ``add(_:)`` that are neither a secret, nor a comment, nor of a kind
  /// that isn't needed.
  public var badLines: Int { lines.badLines }
  /// The number of the first of them, from 1.
  public var firstBadLine: Int? { lines.firstBadLine }

  /// Adds lines. A piece may end within a line: its rest may come with the next one.
  public mutating func add(_ text: [UInt8]) {
    var lines = lines
    lines.add(text, to: &self)
    self.lines = lines
  }

  /// Says that a text is over: its last line counts without its line feed. Another one may follow.
  public mutating func finish() {
    var lines = lines
    lines.finish(&self)
    self.lines = lines
  }

  /// - Returns: whether it is a line of a key log.
  mutating func read(_ text: ArraySlice<UInt8>) -> Bool {
    var text = text
    while let last = text.last, last == 0x0D || last == 0x20 || last == 0x09 { text.removeLast() }
    guard let first = text.first, first != 0x23 else { return true }
    let fields = text.split(separator: 0x20, omittingEmptySubsequences: false)
    guard fields.count == 3, !fields[0].isEmpty, let index = Self.hex(fields[1]),
      let secret = Self.hex(fields[2]), !index.isEmpty, !secret.isEmpty
    else { return false }
    if fields[0].elementsEqual("RSA".utf8) { return addPremaster(secret, index) }
    for label in Secrets.Label.allCases where fields[0].elementsEqual(label.rawValue.utf8) {
      guard let random = ClientRandom(index), label.allows(secret.count) else { return false }
      if secrets[random]?[label] == nil { count &+= 1 }
      if secrets[random, default: Secrets()].add(secret, label) { generation &+= 1 }
      return true
    }
    // Of another kind, such as the secrets of exporters.
    return true
  }

  private mutating func addPremaster(_ secret: [UInt8], _ prefix: [UInt8]) -> Bool {
    guard prefix.count == 8, secret.count == 48 else { return false }
    let key = prefix.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    if premasters[key] == nil { count &+= 1 }
    if premasters[key, default: Secrets()].add(secret, .premaster) { generation &+= 1 }
    return true
  }

  private static func hex(_ digits: ArraySlice<UInt8>) -> [UInt8]? {
    guard digits.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 2)
    var high: UInt8?
    for digit in digits {
      let value: UInt8
      switch digit {
      case 0x30...0x39: value = digit &- 0x30
      case 0x41...0x46: value = digit &- 0x37
      case 0x61...0x66: value = digit &- 0x57
      default: return nil
      }
      if let first = high {
        bytes.append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    return bytes
  }

  // MARK: Looking up

  func secrets(of random: ClientRandom) -> Secrets? { secrets[random] }

  /// - Parameter prefix: the first 8 bytes of the encrypted premaster secret.
  func premasters(encryptedAs prefix: UInt64) -> [[UInt8]] {
    premasters[prefix]?.all(.premaster) ?? []
  }
}
