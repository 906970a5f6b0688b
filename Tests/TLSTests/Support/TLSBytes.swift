/// Records by hand.
enum TLSBytes {
  /// Cuts a stream into its records.
  static func records(of stream: [UInt8]) -> [[UInt8]] {
    var records: [[UInt8]] = []
    var at = 0
    while at + 5 <= stream.count {
      let end = min(stream.count, at + 5 + Int(stream[at + 3]) << 8 + Int(stream[at + 4]))
      records.append(Array(stream[at..<end]))
      at = end
    }
    return records
  }
}
