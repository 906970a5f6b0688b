internal import Wire

/// One direction's header compression (RFC 7541): header blocks in, fields out.
///
/// Where other decoders end the connection, this one goes on: after a block that can't be read, or
/// one that wasn't seen, the entries that the table held are unknown, and those that are added from
/// then on are known again.
public struct HPACKDecoder: Sendable {
  private var table: DynamicTable
  /// The largest size of the table that was ever allowed.
  private var allowed: Int

  /// - Parameters:
  ///   - tableSize: the size of the table, in bytes, until the sender says another.
  ///   - isMidstream: the table began before the capture: fields that refer to entries which were
  ///     never seen have unknown names and values.
  public init(tableSize: Int = 4096, isMidstream: Bool = false) {
    table = DynamicTable(capacity: tableSize, isMidstream: isMidstream)
    allowed = isMidstream ? .max : tableSize
  }

  /// Takes note of the other side's SETTINGS_HEADER_TABLE_SIZE, in bytes. Smaller ones take nothing
  /// back: when the sender heeds them isn't to be seen.
  public mutating func allow(tableSize: Int) {
    allowed = max(allowed, tableSize)
  }

  /// A block wasn't seen, or not to its end: what the table held before is unknown.
  public mutating func forgetTable() {
    table.forget()
  }

  /// The direction begins here: its table is empty.
  mutating func restart() {
    table = DynamicTable(capacity: 4096, isMidstream: false)
  }

  /// Whether an index may refer to an entry that was never seen.
  public var hasUnseenEntries: Bool { table.hasUnseen }

  /// Decodes one block and appends its fields to a section, those before an error too.
  public mutating func decode(
    _ block: borrowing Span<UInt8>, into section: inout FieldSection
  ) throws(HPACKError) {
    do throws(HPACKError) {
      try decodeFields(block, &section)
    } catch {
      section.error = error
      table.forget()
      throw error
    }
  }

  private mutating func decodeFields(
    _ block: borrowing Span<UInt8>, _ section: inout FieldSection
  ) throws(HPACKError) {
    var at = 0
    var hasField = false
    while at < block.count {
      let byte = block[at]
      if byte & 0xE0 == 0x20 {
        guard !hasField else { throw .sizeUpdatePosition }
        let size = try Self.integer(block, &at, bits: 5)
        guard size <= allowed else { throw .tableSizeExceeds }
        table.setCapacity(size)
        continue
      }
      hasField = true
      if byte & 0x80 != 0 {
        try indexedField(try Self.integer(block, &at, bits: 7), &section)
      } else if byte & 0x40 != 0 {
        try literalField(block, &at, bits: 6, isIndexed: true, &section)
      } else {
        try literalField(block, &at, bits: 4, isIndexed: false, &section)
      }
    }
  }

  // MARK: Fields

  private func indexedField(
    _ index: Int, _ section: inout FieldSection
  ) throws(HPACKError) {
    let start = Int32(section.bytes.count)
    let isKnown = try appendName(index, &section)
    let middle = Int32(section.bytes.count)
    if isKnown { appendValue(index, &section) }
    let field = FieldSection.Field(
      name: start..<middle, value: middle..<Int32(section.bytes.count),
      isNameUnknown: !isKnown || isNameUnknown(index), isValueUnknown: !isKnown)
    try Self.add(field, &section)
  }

  private mutating func literalField(
    _ block: borrowing Span<UInt8>, _ at: inout Int, bits: Int, isIndexed: Bool,
    _ section: inout FieldSection
  ) throws(HPACKError) {
    let index = try Self.integer(block, &at, bits: bits)
    let start = Int32(section.bytes.count)
    var isNameUnknown = false
    if index == 0 {
      try Self.string(block, &at, into: &section.bytes)
    } else {
      isNameUnknown = !(try appendName(index, &section)) || self.isNameUnknown(index)
    }
    let middle = Int32(section.bytes.count)
    try Self.string(block, &at, into: &section.bytes)
    let field = FieldSection.Field(
      name: start..<middle, value: middle..<Int32(section.bytes.count),
      isNameUnknown: isNameUnknown)
    if isIndexed { table.insert(field, of: section) }
    try Self.add(field, &section)
  }

  /// Takes a field whose bytes stand at the section's end.
  private static func add(
    _ field: FieldSection.Field, _ section: inout FieldSection
  ) throws(HPACKError) {
    section.size &+= 32 &+ field.name.count &+ field.value.count
    let isTooLarge = section.size > FieldSection.sizeLimit
    if !isTooLarge, section.fields.count < FieldSection.fieldLimit {
      section.fields.append(field)
      return
    }
    section.bytes.removeLast(section.bytes.count &- Int(field.name.lowerBound))
    section.omitted &+= 1
    // Only the table wants the rest, and no sender may have it filled for free.
    if isTooLarge { throw .sectionTooLarge }
  }

  // MARK: Entries

  /// - Returns: whether the entry was seen; of an unseen one nothing is appended.
  private func appendName(
    _ index: Int, _ section: inout FieldSection
  ) throws(HPACKError) -> Bool {
    guard index > 0 else { throw .invalidIndex }
    if index <= StaticTable.count {
      Self.append(StaticTable.shared[index].name, of: StaticTable.shared.bytes, &section)
      return true
    }
    switch table[index &- StaticTable.count &- 1] {
    case .known(let entry):
      Self.append(entry.name, of: table.bytes, &section)
      return true
    case .unseen: return false
    case .absent: throw .invalidIndex
    }
  }

  private func appendValue(_ index: Int, _ section: inout FieldSection) {
    if index <= StaticTable.count {
      Self.append(StaticTable.shared[index].value, of: StaticTable.shared.bytes, &section)
    } else if case .known(let entry) = table[index &- StaticTable.count &- 1] {
      Self.append(entry.value, of: table.bytes, &section)
    }
  }

  /// Whether an entry was added under a name that itself wasn't seen.
  private func isNameUnknown(_ index: Int) -> Bool {
    guard index > StaticTable.count else { return false }
    switch table[index &- StaticTable.count &- 1] {
    case .known(let entry): return entry.isNameUnknown
    case .unseen, .absent: return true
    }
  }

  private static func append(
    _ range: Range<Int32>, of bytes: [UInt8], _ section: inout FieldSection
  ) {
    section.bytes += bytes[Int(range.lowerBound)..<Int(range.upperBound)]
  }

  // MARK: Primitives

  /// A number with a prefix of so many bits (5.1), at most 32 bits long.
  static func integer(
    _ block: borrowing Span<UInt8>, _ at: inout Int, bits: Int
  ) throws(HPACKError) -> Int {
    guard at < block.count else { throw .truncated }
    let mask = 1 &<< bits &- 1
    var value = Int(block[at]) & mask
    at &+= 1
    guard value == mask else { return value }
    for shift in stride(from: 0, through: 28, by: 7) {
      guard at < block.count else { throw .truncated }
      let byte = Int(block[at])
      at &+= 1
      value &+= (byte & 0x7F) &<< shift
      guard value <= Int(UInt32.max) else { throw .integerOverflow }
      if byte & 0x80 == 0 { return value }
    }
    throw .integerOverflow
  }

  /// Appends a string (5.2).
  private static func string(
    _ block: borrowing Span<UInt8>, _ at: inout Int, into text: inout [UInt8]
  ) throws(HPACKError) {
    guard at < block.count else { throw .truncated }
    let isCoded = block[at] & 0x80 != 0
    let length = try integer(block, &at, bits: 7)
    guard length <= block.count &- at else { throw .truncated }
    let range = at..<(at &+ length)
    at &+= length
    if isCoded {
      try HuffmanCode.shared.decode(block, range, into: &text)
    } else {
      block.extracting(range).append(to: &text)
    }
  }
}
