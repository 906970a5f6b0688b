/// A text in the pieces in which a model says it.
enum TextPieces {
  /// Words, each with the blank behind it.
  static func words(_ text: String) -> [String] {
    var pieces: [String] = []
    var piece = ""
    for character in text {
      piece.append(character)
      if character == " " {
        pieces.append(piece)
        piece = ""
      }
    }
    return piece.isEmpty ? pieces : pieces + [piece]
  }

  /// Three characters each, as LiteLLM's `mock_response` streams.
  static func threes(_ text: String) -> [String] {
    var pieces: [String] = []
    var rest = text[...]
    while !rest.isEmpty {
      pieces.append(String(rest.prefix(3)))
      rest = rest.dropFirst(3)
    }
    return pieces
  }
}
