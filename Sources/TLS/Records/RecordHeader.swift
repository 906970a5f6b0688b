internal import Wire

/// The five bytes in front of a record (RFC 8446, 5.1): content type, version, length.
struct RecordHeader: Sendable {
  static let length = 5
  /// The longest record that TLS 1.2 allows, with its header; those of TLS 1.3 are shorter.
  static let recordLimit = 5 &+ (1 << 14) &+ 2048

  var type: UInt8
  var version: UInt16
  /// Of what follows the header, in bytes.
  var count: Int

  /// - Returns: `nil` where no record can begin so. There must be five bytes.
  @inline(__always)
  init?(_ bytes: borrowing Span<UInt8>, at offset: Int) {
    type = bytes[offset]
    version = bytes.big16(offset &+ 1)
    count = Int(bytes.big16(offset &+ 3))
    guard 20...24 ~= type, version >> 8 == 3, version & 0xFF <= 4,
      count <= Self.recordLimit &- Self.length
    else { return nil }
  }

  /// Of the whole record, in bytes.
  @inline(__always)
  var recordLength: Int { Self.length &+ count }
}

/// Content types of records (RFC 8446, 5.1).
enum ContentType {
  static let changeCipherSpec: UInt8 = 20
  static let alert: UInt8 = 21
  static let handshake: UInt8 = 22
  static let applicationData: UInt8 = 23
}
