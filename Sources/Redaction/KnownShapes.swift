/// Keys that show by their form what they are, wherever they stand.
///
/// A shape begins where no letter or digit precedes it, and needs a plausible length, so that `sk-` or
/// `sk-learn` in prose stay:
///
/// | shape | then |
/// |---|---|
/// | `sk-` (OpenAI, Anthropic, LiteLLM, OpenRouter…) | 16 or more of A–Z a–z 0–9 `_` `-`, with one run of 6 that mixes digits or capitals into letters, or of 16 |
/// | `AIza` | 30 or more of the same |
/// | `gsk_` `hf_` `r8_` `xai-` `pplx-` `nvapi-` `glpat-` `sk_live_` `sk_test_` `rk_live_` | 16 or more of the same |
/// | `ghp_` `gho_` `ghu_` `ghs_` `ghr_` `github_pat_` | 16 or more of the same |
/// | `xoxa-` and the other letters of Slack, `xapp-` | 10 or more of the same, with a digit |
/// | `AKIA` `ASIA` | 16 of A–Z 0–9, and nothing more |
/// | `eyJ` (a JWT, RFC 7519) | 7 or more, `.`, 8 or more, `.`, and up to three further parts |
///
/// At the end of a text less is enough, because the text may be cut there.
enum KnownShapes {
  private struct Shape: Sendable {
    var prefix: [UInt8]
    var shortest: Int
    var rule: Rule
  }

  private enum Rule: Sendable {
    case length
    case mixed
    case digit
    case capitals
    case jwt
  }

  private static let shapes: [Shape] = [
    shape("sk-", 16, .mixed), shape("AIza", 30, .length), shape("gsk_", 16, .length),
    shape("hf_", 16, .length), shape("r8_", 16, .mixed), shape("xai-", 16, .mixed),
    shape("pplx-", 16, .mixed), shape("nvapi-", 16, .mixed), shape("glpat-", 16, .length),
    shape("sk_live_", 16, .length), shape("sk_test_", 16, .length),
    shape("rk_live_", 16, .length), shape("ghp_", 16, .length), shape("gho_", 16, .length),
    shape("ghu_", 16, .length), shape("ghs_", 16, .length), shape("ghr_", 16, .length),
    shape("github_pat_", 16, .length), shape("xoxa-", 10, .digit), shape("xoxb-", 10, .digit),
    shape("xoxe-", 10, .digit), shape("xoxo-", 10, .digit), shape("xoxp-", 10, .digit),
    shape("xoxr-", 10, .digit), shape("xoxs-", 10, .digit), shape("xapp-", 10, .digit),
    shape("AKIA", 16, .capitals), shape("ASIA", 16, .capitals), shape("eyJ", 7, .jwt),
  ]

  /// The shapes that begin with a byte: nearly all words begin none.
  private static let shapesByFirst: [[Shape]] = (0..<256).map { byte in
    shapes.filter { Int($0.prefix[0]) == byte }
  }

  /// Bytes behind the beginning of a key that was cut.
  private static let shortestCut = 7
  /// How the parts of a JWT that are JSON begin.
  private static let jwt = Array("eyJ".utf8)

  /// The places of keys in `bytes`, one pass from left to right.
  static func matches(in bytes: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var index = 0
    let count = bytes.count
    while index < count {
      guard Bytes.isToken(bytes[index]) else {
        index += 1
        continue
      }
      var run = Run(startingAt: index, in: bytes)
      var start = index
      index = run.end
      while start < run.end {
        if let match = match(at: start, &run, bytes) {
          found.append(match)
          // A JWT goes on in the runs after its dots.
          index = max(index, match.upperBound)
          break
        }
        // To the next place with no letter or digit before it.
        start += 1
        while start < run.end, Bytes.isAlphanumeric(bytes[start - 1]) { start += 1 }
      }
    }
    return found
  }

  /// A longest run of token characters, and what has to be known about it to judge a shape in constant
  /// time at each of its places.
  private struct Run {
    var end: Int
    /// Where the last digit stands, or -1.
    var lastDigit = -1
    /// Where the last segment between `-` and `_` begins that no language writes, or -1.
    var lastMixed = -1
    /// Whether the parts of a JWT were looked for behind this run, and not found.
    var isNoJWT = false

    init(startingAt start: Int, in bytes: [UInt8]) {
      end = start
      var segment = start
      var hasLetter = false
      var hasDigit = false
      var hasInnerCapital = false
      while true {
        let byte = end < bytes.count ? bytes[end] : 0
        if Bytes.isAlphanumeric(byte) {
          if Bytes.isDigit(byte) {
            hasDigit = true
            lastDigit = end
          } else {
            if Bytes.isUpper(byte), end > segment, Bytes.isLower(bytes[end - 1]) {
              hasInnerCapital = true
            }
            hasLetter = true
          }
          end += 1
          continue
        }
        let length = end - segment
        if length >= 16 || (length >= 6 && hasLetter && (hasDigit || hasInnerCapital)) {
          lastMixed = segment
        }
        guard Bytes.isToken(byte) else { return }
        end += 1
        segment = end
        (hasLetter, hasDigit, hasInnerCapital) = (false, false, false)
      }
    }
  }

  private static func match(at start: Int, _ run: inout Run, _ bytes: [UInt8]) -> Range<Int>? {
    for shape in shapesByFirst[Int(bytes[start])]
    where Bytes.has(shape.prefix, at: start, in: bytes) {
      let tail = start + shape.prefix.count
      let length = run.end - tail
      // What ends with the text may have been cut there: half a key is a secret too.
      let isCut = run.end == bytes.count
      guard length >= (isCut ? min(shape.shortest, shortestCut) : shape.shortest) else { continue }
      switch shape.rule {
      case .length: return start..<run.end
      case .mixed: if run.lastMixed >= tail { return start..<run.end }
      case .digit: if run.lastDigit >= tail { return start..<run.end }
      case .capitals:
        if length == 16 || (isCut && length < 16),
          bytes[tail..<run.end].allSatisfy({ Bytes.isUpper($0) || Bytes.isDigit($0) })
        {
          return start..<run.end
        }
      case .jwt:
        // Once a run: `eyJ-eyJ-eyJ-…` must not read what follows again and again.
        if run.isNoJWT { continue }
        if let end = endOfJWT(after: run.end, bytes) { return start..<end }
        if let end = part(after: run.end, bytes), end == bytes.count,
          Bytes.has(jwt, at: run.end + 1, in: bytes)
        {
          return start..<end
        }
        run.isNoJWT = true
      }
    }
    return nil
  }

  private static func endOfJWT(after header: Int, _ bytes: [UInt8]) -> Int? {
    guard let payload = part(after: header, bytes), payload - header - 1 >= 8,
      var end = part(after: payload, bytes)
    else { return nil }
    // Five parts at most: an encrypted one (RFC 7516, 3.1).
    for _ in 0..<2 {
      guard let next = part(after: end, bytes), next > end + 1 else { break }
      end = next
    }
    return end
  }

  /// The end of the run after the dot at `index`. A run is looked at by five beginnings at most.
  private static func part(after index: Int, _ bytes: [UInt8]) -> Int? {
    guard index < bytes.count, bytes[index] == 0x2E else { return nil }
    var end = index + 1
    while end < bytes.count, Bytes.isToken(bytes[end]) { end += 1 }
    return end
  }

  private static func shape(_ prefix: String, _ shortest: Int, _ rule: Rule) -> Shape {
    Shape(prefix: Array(prefix.utf8), shortest: shortest, rule: rule)
  }
}
