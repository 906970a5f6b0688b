internal import Exchanges
internal import HTTP
internal import Redaction

/// A content that is no text, such as `audio/mpeg`: its type and size are shown, not its bytes.
enum BinaryContent {
  /// Whether an eighth of it can't stand in a text: control characters, and what isn't UTF-8.
  static func isLikely(_ content: [UInt8]) -> Bool {
    var odd = 0
    // U+FFFD stands for each byte that isn't UTF-8.
    for scalar in String(decoding: content, as: UTF8.self).unicodeScalars {
      switch scalar.value {
      case 0x09, 0x0A, 0x0D, 0x1B: break
      case 0x00...0x1F, 0x7F...0x9F, 0xFFFD: odd += 1
      default: break
      }
    }
    return odd > content.count / 8
  }

  /// As the sender says.
  static func type(of message: Message, _ redactor: inout Redactor) -> String {
    guard let type = message.header("content-type").value else { return "no text" }
    return TerminalText.escape(redactor.text(Array(type.prefix { $0 != 0x3B }))).clipped(to: 60)
  }
}
