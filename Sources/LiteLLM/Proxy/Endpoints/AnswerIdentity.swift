internal import Redaction

/// Ids that look random and aren't: the same seed and the same request give the same.
struct AnswerIdentity {
  private let digest: UInt64

  init(_ call: EndpointCall) {
    var hash = StableBits.emptyHash ^ call.seed
    hash = StableBits.hash(call.request.method.utf8, behind: hash)
    hash = StableBits.hash(call.request.target.utf8, behind: hash)
    digest = StableBits.hash(call.request.body, behind: hash)
  }

  /// 64 bits for a purpose.
  private func bits(_ purpose: UInt64) -> UInt64 {
    StableBits.mixed(digest &+ (purpose &+ 1) &* StableBits.step)
  }

  /// - Parameter count: of hexadecimal digits, 32 at most.
  func hex(_ purpose: UInt64, count: Int = 32) -> String {
    String(decoding: digits(purpose).prefix(count), as: UTF8.self)
  }

  /// 32 hexadecimal digits.
  private func digits(_ purpose: UInt64) -> [UInt8] {
    let words = (bits(purpose), bits(purpose ^ 0xFFFF_0000))
    return (0..<32).map {
      let word = $0 < 16 ? words.0 : words.1
      let digit = UInt8(truncatingIfNeeded: word >> UInt64(($0 & 15) * 4)) & 15
      return digit < 10 ? 0x30 &+ digit : 0x57 &+ digit
    }
  }

  /// A UUID's form (RFC 9562), version 4.
  var uuid: String {
    var text = digits(0)
    text[12] = UInt8(ascii: "4")
    text[16] = UInt8(ascii: "a")
    for place in [20, 16, 12, 8] { text.insert(UInt8(ascii: "-"), at: place) }
    return String(decoding: text, as: UTF8.self)
  }
}
