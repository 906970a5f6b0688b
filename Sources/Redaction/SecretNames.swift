/// Names of header fields, query members and JSON members that hold secrets.
///
/// Only letters and digits are compared, without case: `X-API-Key`, `x_api_key` and `xApiKey` are one
/// name, and a stray NUL or blank in a name doesn't hide what it names.
enum SecretNames {
  enum Meaning: Sendable {
    /// It holds a credential.
    case credential
    /// It is called like something secret, and often isn't: `key`, `next_page_token`.
    case doubtful
    case cookies
    case setCookie
  }

  /// Bytes of the longest name that is looked at.
  static let longest = 128

  /// Names of lists of credentials.
  private static let plurals = words(["apikeys", "accesstokens", "secrets", "passwords"])
  private static let credentials = words([
    "authorization", "proxyauthorization", "xauthorization", "xapikey", "apikey", "xgoogapikey",
    "xlitellmapikey", "litellmapikey", "ocpapimsubscriptionkey", "subscriptionkey", "accesstoken",
    "refreshtoken", "idtoken", "authtoken", "xauthtoken", "bearertoken", "apitoken", "sessiontoken",
    "xamzsecuritytoken", "clientsecret", "secret", "secretkey", "secretaccesskey", "masterkey",
    "privatekey", "virtualkey", "password", "passwd", "passphrase",
  ])
  private static let credentialEnds = [
    "authorization", "apikey", "accesstoken", "authtoken", "clientsecret", "secretkey", "masterkey",
    "secretaccesskey", "password",
  ].map { Array($0.utf8) }
  private static let doubtfulWords = words(["key", "token"])
  private static let doubtfulEnds = ["key", "token", "secret"].map { Array($0.utf8) }

  /// What a member or field of this name holds; nil where it is no secret.
  static func meaning(of name: ArraySlice<UInt8>) -> Meaning? {
    // Nearly every name is passed over by its last letter.
    var name = name
    while let last = name.last, !Bytes.isAlphanumeric(last) { name.removeLast() }
    guard let last = name.last, name.count >= 3 else { return nil }
    switch last | 0x20 {
    case UInt8(ascii: "y"), UInt8(ascii: "n"), UInt8(ascii: "t"), UInt8(ascii: "d"),
      UInt8(ascii: "e"):
      break
    default: return nil
    }
    let plain = collapsed(name)
    guard plain.count <= longest else { return nil }
    if credentials.contains(plain) { return .credential }
    if plain == Array("cookie".utf8) { return .cookies }
    if plain == Array("setcookie".utf8) { return .setCookie }
    if credentialEnds.contains(where: { plain.suffix($0.count).elementsEqual($0) }) {
      return .credential
    }
    if doubtfulWords.contains(plain) { return .doubtful }
    for end in doubtfulEnds where plain.count > end.count {
      guard plain.suffix(end.count).elementsEqual(end) else { continue }
      // A word of its own: `sort_key`, `sortKey`, but not `monkey`.
      let start = name.endIndex - end.count
      let before = name[start - 1]
      if !Bytes.isAlphanumeric(before) || (Bytes.isUpper(name[start]) && !Bytes.isUpper(before)) {
        return .doubtful
      }
    }
    return nil
  }

  /// Whether a list of this name holds credentials: `api_keys`.
  static func isPlural(_ name: ArraySlice<UInt8>) -> Bool {
    guard name.last.map({ $0 | 0x20 }) == UInt8(ascii: "s"), name.count <= longest else {
      return false
    }
    return plurals.contains(collapsed(name))
  }

  /// Whether a value reads like nothing that people write: letters and digits mixed, and no blank.
  static func looksRandom(_ value: ArraySlice<UInt8>, from shortest: Int = 8) -> Bool {
    value.count >= shortest && value.contains { Bytes.isDigit($0) }
      && value.contains { Bytes.isAlphanumeric($0) && !Bytes.isDigit($0) }
      && !value.contains { $0 <= 0x20 || $0 == 0x7F }
  }

  /// Beginnings of the names of models, which LiteLLM's `/model/info` tells as a `key`.
  private static let modelFamilies = [
    "gpt-", "chatgpt-", "text-embedding-", "claude-", "gemini-", "whisper-", "dall-e-", "tts-",
    "llama-", "mistral-", "deepseek-", "grok-", "command-", "o1-", "o3-", "o4-",
  ].map { Array($0.utf8) }

  /// Whether a value is a model's name, with or without its provider's in front.
  private static func isModel(_ value: ArraySlice<UInt8>) -> Bool {
    guard value.count <= 64 else { return false }
    let name = value.split(separator: UInt8(ascii: "/")).last ?? value
    guard modelFamilies.contains(where: { name.starts(with: $0) }) else { return false }
    // Words and dates: nothing in it is as long as what would make it a secret.
    return value.split { !Bytes.isAlphanumeric($0) }.allSatisfy { $0.count <= 10 }
  }

  /// Whether a value under a doubtful name is more likely a secret than a word.
  static func looksSecret(_ value: ArraySlice<UInt8>) -> Bool {
    if isModel(value) { return false }
    var hasLetter = false
    var hasDigit = false
    for byte in value {
      if Bytes.isBlank(byte) { return false }
      if Bytes.isDigit(byte) {
        hasDigit = true
      } else if Bytes.isAlphanumeric(byte) {
        hasLetter = true
      }
    }
    return value.count >= 8 || (value.count >= 4 && hasLetter && hasDigit)
  }

  private static func collapsed(_ name: ArraySlice<UInt8>) -> [UInt8] {
    var plain: [UInt8] = []
    plain.reserveCapacity(name.count)
    for byte in name where Bytes.isAlphanumeric(byte) {
      plain.append(Bytes.isUpper(byte) ? byte | 0x20 : byte)
    }
    return plain
  }

  private static func words(_ words: [String]) -> Set<[UInt8]> { Set(words.map { Array($0.utf8) }) }
}
