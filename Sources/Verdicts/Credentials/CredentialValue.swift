internal import Redaction

/// The value of a credential header, taken apart as LiteLLM does it: which scheme, which key, and
/// what is wrong with them.
struct CredentialValue {
  /// What the form alone says; `ok` where only the key is left to be looked at.
  var form: Verdict
  var scheme: String?
  var key: [UInt8]?

  /// - Parameters:
  ///   - value: trimmed of outer blanks.
  ///   - scheme: what the policy wants in front of the key.
  init(_ value: ArraySlice<UInt8>, scheme wanted: CredentialScheme) {
    switch wanted {
    case _ where value.isEmpty: self.init(form: .empty)
    case .bearer: self.init(bearer: value)
    case .none: self.init(bare: value)
    }
  }

  private init(form: Verdict) { self.form = form }

  private static let schemes: Set<String> = [
    "bearer", "basic", "token", "digest", "key", "apikey", "api-key", "negotiate", "ntlm",
    "oauth", "jwt", "aws4-hmac-sha256", "hmac",
  ]

  private init(bearer value: ArraySlice<UInt8>) {
    let blank = value.firstIndex { $0 == 0x20 || $0 == 0x09 } ?? value.endIndex
    let word = String(decoding: value[..<blank], as: UTF8.self)
    let isScheme = Self.schemes.contains(word.lowercased())
    guard blank < value.endIndex else {
      // One word: a scheme alone, or a key without one.
      form = isScheme ? .schemeOnly : .noScheme
      if isScheme { scheme = word } else { key = Array(value) }
      if !isScheme, UnfilledValue(value) != nil { form = .ok }
      return
    }
    let isBearer = word == "Bearer" || word == "bearer"
    guard isScheme || isBearer else {
      // Words without a scheme: a stringified object, or somebody's prose.
      form = UnfilledValue(value) != nil ? .ok : .noScheme
      key = Array(value)
      if Self.looksLikeScheme(word) {
        form = .wrongScheme
        scheme = word
        key = Array(value[value.index(after: blank)...])
      }
      return
    }
    scheme = word
    let rest = value[value.index(after: blank)...]
    key = Array(rest)
    if !isBearer {
      form = .wrongScheme
    } else if value[blank] != 0x20 {
      // LiteLLM splits at a space: behind a tab it finds no key.
      form = .malformed
    } else if Self.beginsWithBearer(rest) {
      form = .doubledScheme
      key = Array(rest.drop { $0 != 0x20 && $0 != 0x09 }.drop { $0 == 0x20 || $0 == 0x09 })
    } else {
      form = .ok
    }
  }

  private init(bare value: ArraySlice<UInt8>) {
    key = Array(value)
    form = Self.beginsWithBearer(value) ? .wrongScheme : .ok
    if form == .wrongScheme { scheme = "Bearer" }
  }

  /// A word of letters in front of something else, as `Token` in `Token sk-…`.
  private static func looksLikeScheme(_ word: String) -> Bool {
    word.utf8.count <= 20 && word.utf8.first.map { $0 >= 0x41 && $0 <= 0x7A } ?? false
      && word.utf8.allSatisfy {
        $0 >= 0x41 && $0 <= 0x5A || $0 >= 0x61 && $0 <= 0x7A || $0 == 0x2D
          || $0 >= 0x30 && $0 <= 0x39
      } && !word.hasPrefix("sk-")
  }

  private static func beginsWithBearer(_ value: ArraySlice<UInt8>) -> Bool {
    let word = value.prefix { $0 != 0x20 && $0 != 0x09 }
    return String(decoding: word, as: UTF8.self).lowercased() == "bearer"
  }

  /// Whether a key holds what no key holds: quotes, blanks, control characters, lists, letters
  /// outside of ASCII.
  static func isMalformed(_ key: [UInt8]) -> Bool {
    key.contains { byte in
      byte <= 0x20 || byte >= 0x7F || byte == 0x22 || byte == 0x27 || byte == 0x60
        || byte == 0x2C || byte == 0x3B
    }
  }
}
