/// Bytes put aside in a temporary file without a name, which goes with its last owner.
public final class TemporarySpool {
  private let descriptor: Descriptor
  private var end = 0

  /// `nil` where no temporary file can be made.
  public init?() {
    guard case .success(let descriptor) = Descriptor.temporary() else { return nil }
    self.descriptor = descriptor
  }

  /// - Returns: where the bytes are; `nil` where the disk is full.
  public func append(_ bytes: [UInt8]) -> ByteRange? {
    guard descriptor.write(bytes[...], at: end) else { return nil }
    defer { end &+= bytes.count }
    return ByteRange(offset: end, count: bytes.count)
  }

  /// The bytes of a range that ``append(_:)`` gave.
  public func bytes(_ range: ByteRange) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: range.count)
    return descriptor.read(into: &bytes, at: range.offset) ? bytes : nil
  }
}
