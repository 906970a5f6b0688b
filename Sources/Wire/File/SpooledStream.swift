/// An input without a known length, a pipe or a compressed file, kept in a spool as it comes.
final class SpooledStream {
  let spool: Spool
  private let descriptor: Descriptor
  private let name: String
  private var buffer = [UInt8](repeating: 0, count: 1 << 18)
  private var gzip: Inflate?
  /// Whether what was unpacked so far ends with a member.
  private var endsWell = false
  private var sniffed: [UInt8]? = []

  init(_ descriptor: Descriptor, name: String, spool: Spool) {
    self.descriptor = descriptor
    self.name = name
    self.spool = spool
  }

  /// Reads once, and waits for it where the input is a pipe.
  ///
  /// - Returns: `false` at the end of the input.
  func advance() throws(CaptureError) -> Bool {
    let count: Int
    switch descriptor.read(into: &buffer, limit: buffer.count) {
    case .success(let read): count = read
    case .failure(let error):
      throw CaptureError(.unreadable, "can't be read: \(error.text)", file: name)
    }
    // The first bytes say whether the stream is compressed; they may come one by one.
    if var first = sniffed {
      first += buffer[..<count]
      guard count == 0 || first.count >= 2 else {
        sniffed = first
        return true
      }
      sniffed = nil
      if Gzip.begins(first) { gzip = Inflate(.gzip, ignoringTrailer: true) }
      guard !first.isEmpty else { return false }
      try take(first[...], atEnd: count == 0)
      return true
    }
    guard count > 0 else {
      if gzip != nil, !endsWell { throw damaged("ends in the middle") }
      return false
    }
    try take(buffer[..<count], atEnd: false)
    return true
  }

  private func take(_ bytes: ArraySlice<UInt8>, atEnd: Bool) throws(CaptureError) {
    guard let gzip else { return try append(bytes) }
    var failure: CaptureError?
    let progress = gzip.decode(bytes) { piece in
      do throws(CaptureError) {
        try append(piece)
        return true
      } catch {
        failure = error
        return false
      }
    }
    if let failure { throw failure }
    if progress == .damaged { throw damaged("is damaged") }
    endsWell = progress == .ended
  }

  private func append(_ bytes: ArraySlice<UInt8>) throws(CaptureError) {
    guard spool.append(bytes) else {
      throw CaptureError(
        .noSpool, "the temporary folder is full after \(spool.count) bytes; set TMPDIR", file: name)
    }
  }

  private func damaged(_ how: String) -> CaptureError {
    CaptureError(
      .badCompression, "the gzip data \(how) after \(spool.count) unpacked bytes", file: name,
      offset: spool.count)
  }
}
