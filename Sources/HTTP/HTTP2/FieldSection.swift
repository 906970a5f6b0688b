/// The decoded fields of one header block, in the order of the wire: names and values in one run of
/// bytes, and an index into it.
public struct FieldSection: Sendable {
  /// Where a field's name and value stand in ``FieldSection/bytes``; empty where they are unknown.
  public struct Field: Sendable, Equatable {
    public var name: Range<Int32>
    public var value: Range<Int32>
    /// The name stands in an entry of the table that was never seen.
    public var isNameUnknown = false
    /// So does the value.
    public var isValueUnknown = false
  }

  /// Bounds against hostile input: of the size as RFC 7541, 4.1 counts it, in bytes.
  public static let sizeLimit = 1 << 20
  static let fieldLimit = HeadParser.fieldLimit

  public internal(set) var bytes: [UInt8] = []
  public internal(set) var fields: [Field] = []
  /// Bytes of all names and values, and 32 for each field (RFC 9113, 6.5.2).
  public internal(set) var size = 0
  /// How many fields beyond the bound were read for the table's sake, and left out.
  public internal(set) var omitted = 0
  /// What ended the block before its last field.
  public internal(set) var error: HPACKError?
  /// The block itself isn't whole: bytes of it are missing, or were too many to keep.
  public internal(set) var isBroken = false

  public init() {}

  public func name(of field: Field) -> ArraySlice<UInt8> {
    bytes[Int(field.name.lowerBound)..<Int(field.name.upperBound)]
  }

  public func value(of field: Field) -> ArraySlice<UInt8> {
    bytes[Int(field.value.lowerBound)..<Int(field.value.upperBound)]
  }

  /// Whether a field's name or value is unknown.
  public var hasUnknown: Bool { fields.contains { $0.isNameUnknown || $0.isValueUnknown } }

  /// Whether every field of the block is here.
  public var isComplete: Bool { error == nil && !isBroken && omitted == 0 && !hasUnknown }

  /// Bytes that are kept for the next section.
  static let keptCapacity = 4096

  mutating func removeAll() {
    // Each connection has one: what a large section took isn't kept for the next.
    bytes.removeAll(keepingCapacity: bytes.capacity <= Self.keptCapacity)
    fields.removeAll(keepingCapacity: fields.capacity <= 64)
    (size, omitted, error, isBroken) = (0, 0, nil, false)
  }
}
