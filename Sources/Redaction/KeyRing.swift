import Crypto

/// Every value that was seen as a credential in this run, and what is shown in its place.
///
/// Keys are numbered by first appearance, `key#1`, `key#2`: deterministic, and nothing to search
/// for. With a salt they are `key#` and 12 hex digits of HMAC-SHA-256(salt, key), the same across
/// runs and machines. No first or last characters of a key are ever shown.
///
/// What is searched for in other places depends on length, so that a two-letter "key" doesn't shred
/// every output:
///
/// | bytes | searched for elsewhere |
/// |---|---|
/// | 1–3 | never: replaced only where it stands as a credential |
/// | 4–7 | as a whole word (no letter or digit beside it) |
/// | 8 and more | anywhere, also inside longer text, base64 and hexadecimal digits |
/// | ``shortestInParts`` and more | parts of it too |
/// | above ``longestSearched`` | never, counted in ``unsearched`` |
///
/// A value of ``Standing/incidental`` is searched for from ``shortestIncidental`` bytes on.
public struct KeyRing: Sendable {
  /// How sure it is that a value is a secret.
  public enum Standing: Sendable {
    /// It was sent or given as a credential.
    case credential
    /// It stands where secrets may stand, but often don't: a cookie, a member called `key`.
    case incidental
  }

  /// Bytes from which on a credential is searched for outside its own place.
  public static let shortestSearched = 4
  /// Bytes from which on a credential is found inside longer words and inside base64.
  public static let shortestInsideWords = 8
  /// Bytes from which on a value of incidental standing is searched for elsewhere.
  public static let shortestIncidental = 16
  /// Bytes from which on parts of a key are found too.
  public static let shortestInParts = 12
  /// Bytes of the longest value that is searched for.
  public static let longestSearched = 16_384
  /// Bytes of the longest value that is also searched for as base64.
  public static let longestInBase64 = 4096
  /// Different keys that get a number; later ones are all `key#other`.
  public static let mostKeys = 100_000
  /// Bytes of all forms searched for, together.
  public static let mostSearchedBytes = 2 << 20

  /// Values too long, or too many, to be searched for outside their own place, or not as base64.
  public private(set) var unsearched = 0
  /// Keys that got no number of their own because there were more than ``mostKeys``.
  public private(set) var unnumbered = 0

  /// What is known as a stand-in rather than a secret.
  public let placeholders: Placeholders

  /// Whether what `sanitize` writes in the place of keys is known again, and is none.
  public var knowsStandIns = false { didSet { generation &+= 1 } }
  /// SHA-256 of keys that are made up, and no secrets.
  public var madeUpHashes: Set<[UInt8]> = [] { didSet { generation &+= 1 } }

  private struct Entry {
    var key: [UInt8]
    var label: [UInt8]?
    var isSearched = false
  }

  private let salt: [UInt8]?
  private var entries: [Entry] = []
  private var numbered = 0
  private var entryByKey: [[UInt8]: Int] = [:]
  private var entryByHash: [[UInt8]: Int] = [:]
  private var expectedKeys: Set<[UInt8]> = []
  private var expectedHashes: Set<[UInt8]> = []
  private var searchedBytes = 0
  /// What was written in the place of keys, and looks like one itself.
  private var standIns: Set<[UInt8]> = []

  /// Automata over the registered forms, the largest first, each more than twice the next: adding a
  /// key rebuilds only the small ones, so that n keys cost n log n.
  private(set) var automata: [KeyAutomaton] = []
  private var waiting: [KeyAutomaton.Pattern] = []
  /// For parts of the registered keys.
  private(set) var fragments = KeyFragments()
  /// Bytes of the longest registered form, as written without escapes.
  private(set) var longestForm = 0

  /// What the last question gave: clients send the same key again and again, and hashing it costs
  /// more than comparing it.
  private var latest: (key: [UInt8], standing: Standing, fingerprint: String?)?

  /// A ring without keys.
  /// - Parameters:
  ///   - salt: the value of KEYWITNESS_SALT, for fingerprints that are the same across runs. An
  ///     empty one is none.
  ///   - placeholders: values that are shown as they are.
  public init(salt: [UInt8]? = nil, placeholders: Placeholders = .common) {
    self.salt = salt.flatMap { $0.isEmpty ? nil : $0 }
    self.placeholders = placeholders
  }

  /// What is shown in the place of `key`, or nil where it is no secret and is shown as it is: empty,
  /// a placeholder, an unexpanded variable, a stringified value, a fingerprint already.
  ///
  /// The key is remembered, and from now on found in other places too. A SHA-256 in hex of a key that
  /// was seen has the fingerprint of that key.
  public mutating func fingerprint(
    of key: [UInt8], as standing: Standing = .credential
  ) -> String? {
    if let latest, latest.standing == standing, latest.key == key { return latest.fingerprint }
    let fingerprint =
      isShownAsIs(key) ? nil : String(decoding: label(of: key, as: standing), as: UTF8.self)
    latest = (key, standing, fingerprint)
    return fingerprint
  }

  /// Remembers the key that clients should use, given by `--expect-key`: redacted from the start,
  /// numbered when it first appears, and a secret even where it is a known placeholder.
  public mutating func registerExpected(_ key: [UInt8]) {
    latest = nil
    generation &+= 1
    guard !key.isEmpty, expectedKeys.insert(key).inserted else { return }
    _ = entry(for: key, as: .credential)
  }

  /// Remembers the SHA-256 (32 bytes) of the key that clients should use. The key itself is redacted
  /// once it is seen.
  public mutating func registerExpected(sha256 hash: [UInt8]) {
    latest = nil
    generation &+= 1
    expectedHashes.insert(hash)
  }

  /// Remembers what is no key, though it looks like one.
  mutating func registerStandIn(_ standIn: [UInt8]) {
    if standIns.insert(standIn).inserted { generation &+= 1 }
  }

  /// Whether `key` is one that was given as expected, by value or by hash.
  public func isExpected(_ key: [UInt8]) -> Bool {
    if expectedKeys.contains(key) { return true }
    return !expectedHashes.isEmpty && expectedHashes.contains(Self.sha256(key))
  }

  /// Whether `key` is no secret: see ``fingerprint(of:as:)``.
  public func isShownAsIs(_ key: [UInt8]) -> Bool {
    if key.isEmpty || standIns.contains(key) { return true }
    if knowsStandIns, StandIn.isOne(key) || madeUpHashes.contains(Self.sha256(key)) { return true }
    guard
      placeholders.contains(key) || UnfilledValue.matches(key) || Self.isFingerprint(key[...])
    else { return false }
    return !isExpected(key)
  }

  /// Another number whenever more is known, or looked for: what was written at a smaller one may hold
  /// a key that wasn't known yet, or not in that form.
  public private(set) var generation = 0

  /// How many different keys were seen or given.
  public var count: Int { entries.count }

  /// What stands in a sanitized capture where the expected key was; `nil` where none was seen.
  public var expectedStandIn: [UInt8]? {
    entries.lazy.map(\.key).first {
      $0.count >= Self.shortestInsideWords && StandIn.bytes(like: $0[...], label: nil) == $0
    }
  }

  /// Whether `key` was seen or given before.
  public func contains(_ key: [UInt8]) -> Bool { entryByKey[key] != nil }

  /// Whether a word of a message about arguments, in which nothing else tells of a key, had better
  /// not be repeated: letters and digits mixed, and longer than words are.
  public static func mayBeKey(_ word: String) -> Bool {
    let bytes = Array(word.utf8)
    return SecretNames.looksRandom(bytes[...], from: 16) && !bytes.contains(UInt8(ascii: "/"))
  }

  // MARK: - For the redactor

  /// Remembers that `form` stands for `key`: where it turns up, the fingerprint of `key` is shown.
  mutating func register(form: [UInt8], of key: [UInt8]) {
    let entry = entry(for: key, as: .credential)
    guard entry >= 0, form.count >= Self.shortestInsideWords, entryByKey[form] == nil,
      form.count <= Self.longestSearched, reserve(form.count)
    else { return }
    entryByKey[form] = entry
    wait(
      for:
        KeyAutomaton.Pattern(bytes: form, entry: entry, lead: 0, trail: 0, isWholeWord: false))
  }

  /// The fingerprint of a key that is known to be a secret.
  mutating func label(of key: [UInt8], as standing: Standing) -> [UInt8] {
    label(ofEntry: entry(for: key, as: standing))
  }

  /// The fingerprint of an entry; its number is given out here, at its first appearance.
  mutating func label(ofEntry index: Int) -> [UInt8] {
    guard index >= 0 else { return Array("key#other".utf8) }
    if let label = entries[index].label { return label }
    numbered += 1
    let label: [UInt8]
    if let salt {
      let code = HMAC<SHA256>.authenticationCode(
        for: entries[index].key, using: SymmetricKey(data: salt))
      label = Array("key#".utf8) + Self.hex(Array(code).prefix(6))
    } else {
      label = Array("key#\(numbered)".utf8)
    }
    entries[index].label = label
    return label
  }

  /// The entry of the key whose SHA-256 this is, 64 hex digits.
  func entry(ofHash hex: ArraySlice<UInt8>) -> Int? {
    guard hex.count == 64, !entryByHash.isEmpty else { return nil }
    var hash: [UInt8] = []
    hash.reserveCapacity(32)
    var index = hex.startIndex
    while index < hex.endIndex {
      guard let high = Bytes.hexValue(hex[index]), let low = Bytes.hexValue(hex[index + 1]) else {
        return nil
      }
      hash.append(high << 4 | low)
      index += 2
    }
    return entryByHash[hash]
  }

  /// Whether keys were met that no text has been searched for yet.
  var hasKeysToLookFor: Bool { !waiting.isEmpty }

  /// Brings the automata up to date with the keys registered since the last call.
  mutating func prepareSearch() {
    guard !waiting.isEmpty else { return }
    var patterns = waiting
    waiting = []
    var size = patterns.reduce(0) { $0 &+ $1.bytes.count }
    while let last = automata.last, last.byteCount <= max(2 &* size, 16_384) {
      patterns = last.patterns + patterns
      size &+= last.byteCount
      automata.removeLast()
    }
    automata.append(KeyAutomaton(patterns))
  }

  /// Whether the bytes are what this type puts in the place of a key.
  static func isFingerprint(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count > 4, bytes.count <= 16, bytes.starts(with: "key#".utf8) else { return false }
    let rest = bytes.dropFirst(4)
    if rest.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) { return true }
    if rest.count == 12 { return rest.allSatisfy { Bytes.hexValue($0) != nil } }
    return rest.elementsEqual("other".utf8)
  }

  // MARK: - Entries

  /// The entry of `key`, made where there is none yet; -1 where there are too many.
  private mutating func entry(for key: [UInt8], as standing: Standing) -> Int {
    let index: Int
    if let known = entryByKey[key] {
      index = known
    } else if let known = entry(ofHash: key[...]) {
      return known
    } else {
      guard entries.count < Self.mostKeys else {
        unnumbered &+= 1
        return -1
      }
      index = entries.count
      entries.append(Entry(key: key))
      generation &+= 1
      entryByKey[key] = index
      entryByHash[Self.sha256(key)] = index
    }
    if !entries[index].isSearched, entries[index].key == key { search(key, index, standing) }
    return index
  }

  private mutating func search(_ key: [UInt8], _ index: Int, _ standing: Standing) {
    let shortest = standing == .credential ? Self.shortestSearched : Self.shortestIncidental
    guard key.count >= shortest else { return }
    entries[index].isSearched = true
    guard key.count <= Self.longestSearched, reserve(key.count) else {
      unsearched &+= 1
      return
    }
    let isWholeWord = key.count < Self.shortestInsideWords
    wait(
      for:
        KeyAutomaton.Pattern(bytes: key, entry: index, lead: 0, trail: 0, isWholeWord: isWholeWord))
    guard !isWholeWord else { return }
    if key.count >= Self.shortestInParts { fragments.add(key, of: index) }
    let forms = key.count <= Self.longestInBase64 ? Base64.forms(of: key) : []
    let size = forms.reduce(0) { $0 + $1.core.count }
    guard !forms.isEmpty, reserve(size) else {
      unsearched &+= 1
      return
    }
    for form in forms {
      if key.count >= Self.shortestInParts { fragments.add(form.core, of: index) }
      wait(
        for: KeyAutomaton.Pattern(
          bytes: form.core, entry: index, lead: form.lead, trail: form.trail, isWholeWord: false))
    }
  }

  private mutating func reserve(_ count: Int) -> Bool {
    guard searchedBytes + count <= Self.mostSearchedBytes else { return false }
    searchedBytes += count
    return true
  }

  private mutating func wait(for pattern: KeyAutomaton.Pattern) {
    longestForm = max(longestForm, pattern.bytes.count + pattern.lead + pattern.trail)
    waiting.append(pattern)
    generation &+= 1
  }

  private static func sha256(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }

  private static func hex(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    for byte in bytes {
      text.append(Bytes.hexDigit(byte >> 4))
      text.append(Bytes.hexDigit(byte & 15))
    }
    return text
  }
}
