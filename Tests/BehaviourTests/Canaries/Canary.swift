import Foundation

/// A made-up secret that stands in one place of a capture and nowhere else: where it gets out, its
/// name says from where.
struct Canary: Sendable {
  /// The place in the capture.
  var place: String
  /// As it was sent.
  var text: String
  /// The part that nobody can guess: eight bytes of it in a row are a leak.
  var random: [UInt8]
  /// Which reports must not hold it.
  var reach = Reach.everywhere
  /// Whether only another place in the capture tells that it is a secret.
  var isToldElsewhere = false

  enum Reach: Sendable {
    case everywhere
    /// It was seen as a credential only after a line with it had been written, so only what is
    /// written at the end can know.
    case writtenAtTheEnd
  }

  /// - Parameter prefix: what services put in front of their keys.
  init(_ place: String, prefix: String = "", length: Int = 26, alphabet: String = Self.base62) {
    self.place = place
    let letters = Array(alphabet.utf8)
    // The same for the same place in every run (FNV-1a, then SplitMix64).
    var state: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in place.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
    random = (0..<length).map { _ in
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
      return letters[Int((mixed ^ mixed >> 31) % UInt64(letters.count))]
    }
    text = prefix + String(decoding: random, as: UTF8.self)
  }

  static let base62 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
  static let capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
}

/// How a secret is written where it turns up again.
enum Notation: CaseIterable, Sendable {
  case plain, base64, base64ShiftedByOne, base64ShiftedByTwo, base64URL, percent, percentInPart
  case jsonUnicode, jsonInJSON, hexadecimal

  func callAsFunction(_ text: String) -> String {
    switch self {
    case .plain: text
    case .base64: Self.encoded(text)
    case .base64ShiftedByOne: Self.encoded("x" + text + "tail")
    case .base64ShiftedByTwo: Self.encoded("ab" + text + "t")
    case .base64URL:
      Self.encoded("??>" + text + "?").replacing("+", with: "-").replacing("/", with: "_")
        .replacing("=", with: "")
    case .percent: text.utf8.map { "%" + Self.hex($0, 2) }.joined()
    case .percentInPart:
      text.utf8.enumerated().map { number, byte in
        number % 3 == 1 ? "%" + Self.hex(byte, 2) : String(UnicodeScalar(byte))
      }.joined()
    case .jsonUnicode: text.utf8.map { "\\u" + Self.hex($0, 4) }.joined()
    case .jsonInJSON: text.utf8.map { "\\\\u" + Self.hex($0, 4) }.joined()
    case .hexadecimal: text.utf8.map { Self.hex($0, 2) }.joined()
    }
  }

  static func encoded(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

  static func hex(_ byte: UInt8, _ width: Int) -> String {
    let digits = String(byte, radix: 16)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
