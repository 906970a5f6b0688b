/// What makes a header block unreadable (RFC 7541): a connection error to every decoder that holds
/// on to its table.
public enum HPACKError: String, Error, Sendable, CaseIterable {
  /// The code's end symbol inside a string (5.2).
  case huffmanEOS = "huffman_eos"
  /// A string's last byte is filled with something else than the first bits of the end symbol, or
  /// filled up further than it has to be (5.2).
  case huffmanPadding = "huffman_padding"
  /// An index that no entry has (2.3.3, 6.1).
  case invalidIndex = "invalid_index"
  /// A number of more than 32 bits (5.1).
  case integerOverflow = "integer_overflow"
  /// The block ends inside a field.
  case truncated
  /// A table size above the largest one that was ever allowed (6.3).
  case tableSizeExceeds = "table_size_exceeds"
  /// A table size behind a field (4.2).
  case sizeUpdatePosition = "size_update_position"
  /// The section's size is above our bound.
  case sectionTooLarge = "section_too_large"
}
