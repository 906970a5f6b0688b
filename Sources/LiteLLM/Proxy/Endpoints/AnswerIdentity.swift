/// Ids that look random and aren't: the same seed and the same request give the same.
struct AnswerIdentity {
  private let digest: UInt64

  init(_ call: EndpointCall) {
    // FNV-1a: nothing depends on nobody finding two requests with one id.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ call.seed
    func add(_ bytes: some Sequence<UInt8>) {
      for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }
    add(call.request.method.utf8)
    add(call.request.target.utf8)
    add(call.request.body)
    digest = hash
  }

  /// 64 bits for a purpose, by SplitMix64.
  private func bits(_ purpose: UInt64) -> UInt64 {
    var z = digest &+ (purpose &+ 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// - Parameter count: of hexadecimal digits, 32 at most.
  func hex(_ purpose: UInt64, count: Int = 32) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let words = [bits(purpose), bits(purpose ^ 0xFFFF_0000)]
    let text = (0..<32).map { digits[Int(words[$0 / 16] >> UInt64(($0 % 16) * 4) & 15)] }
    return String(decoding: text.prefix(count), as: UTF8.self)
  }

  /// A UUID's form (RFC 9562), version 4.
  var uuid: String {
    let text = Array(hex(0))
    return String(text[0..<8]) + "-" + String(text[8..<12]) + "-4" + String(text[13..<16]) + "-a"
      + String(text[17..<20]) + "-" + String(text[20..<32])
  }
}
