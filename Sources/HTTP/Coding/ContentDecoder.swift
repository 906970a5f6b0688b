public import Wire

/// Undoes the content codings of a message (RFC 9110, 8.4), within the bounds that a hostile
/// sender must not break: two codings, and ``DecodingBound`` for what comes of each.
public final class ContentDecoder {
  static let codingLimit = 2

  private enum Stage {
    case inflate(Inflate)
    /// `deflate` comes with and without zlib's wrapper: the first two bytes tell.
    case deflate([UInt8])
    case brotli(Brotli)
    case zstd(Zstd)
  }

  private var stages: [Stage] = []
  private var bound = DecodingBound()
  /// How much each stage gave: also what one gives to the next one is work.
  private var given: [Int] = []
  /// Which stages have come to the end of their stream.
  private var hasEnded: [Bool] = []
  /// What stopped the decoding.
  public private(set) var failure: Anomaly?
  /// What stopped the decoding, by all its names: a nesting that is too deep is one of the limits of
  /// decompression, and who looks for those must find it.
  public var anomalies: AnomalySet {
    guard let failure else { return [] }
    return failure == .tooManyEncodings
      ? [AnomalySet(failure), AnomalySet(.decompressionLimit)] : AnomalySet(failure)
  }
  /// Whether there is anything to undo.
  public var isIdentity: Bool { stages.isEmpty && failure == nil }

  /// - Parameter head: of the message, whose Content-Encoding counts.
  public init(for head: MessageHead) {
    let codings = head.values(of: "content-encoding").flatMap {
      $0.split(separator: 0x2C).map { $0.trimmingBlanks() }
    }.filter { !$0.isEmpty && !$0.equalsIgnoringCase("identity") }
    guard codings.count <= Self.codingLimit else {
      failure = .tooManyEncodings
      return
    }
    // They were applied in the order given, so the last one comes off first.
    for coding in codings.reversed() {
      if coding.equalsIgnoringCase("gzip") || coding.equalsIgnoringCase("x-gzip") {
        stages.append(.inflate(Inflate(.gzip)))
      } else if coding.equalsIgnoringCase("deflate") {
        stages.append(.deflate([]))
      } else if coding.equalsIgnoringCase("br") {
        stages.append(.brotli(Brotli()))
      } else if coding.equalsIgnoringCase("zstd") {
        stages.append(.zstd(Zstd()))
      } else {
        failure = .unsupportedEncoding
      }
    }
    hasEnded = stages.map { _ in false }
    given = stages.map { _ in 0 }
  }

  /// - Parameter sink: takes decoded bytes, in order.
  public func decode(_ bytes: ArraySlice<UInt8>, sink: (ArraySlice<UInt8>) -> Void) {
    guard failure == nil else { return }
    guard !stages.isEmpty else { return sink(bytes) }
    var bytes = bytes
    while !bytes.isEmpty, failure == nil {
      let step = bound.takeStep(of: &bytes)
      run(0, step, sink: sink)
    }
  }

  /// Tells that the content is over: a stream that isn't is named.
  public func finish() {
    if failure == nil, bound.taken > 0, hasEnded.contains(false) { failure = .decodeError }
  }

  private func run(
    _ index: Int, _ bytes: ArraySlice<UInt8>, sink: (ArraySlice<UInt8>) -> Void
  ) {
    guard index < stages.count else { return sink(bytes) }
    var bytes = bytes
    if case .deflate(let first) = stages[index] {
      let known = first + bytes
      guard known.count >= 2 else {
        stages[index] = .deflate(known)
        return
      }
      let isWrapped =
        known[0] & 0x0F == 8 && (Int(known[0]) << 8 | Int(known[1])) % 31 == 0
      stages[index] = .inflate(Inflate(isWrapped ? .zlib : .raw))
      bytes = known[...]
    }
    func next(_ piece: ArraySlice<UInt8>) -> Bool {
      given[index] &+= piece.count
      guard given[index] <= bound.allowed else {
        failure = .decompressionLimit
        return false
      }
      run(index + 1, piece, sink: sink)
      return failure == nil
    }
    let progress =
      switch stages[index] {
      case .inflate(let inflate): inflate.decode(bytes, sink: next)
      case .brotli(let brotli): brotli.decode(bytes, sink: next)
      case .zstd(let zstd): zstd.decode(bytes, sink: next)
      case .deflate: Inflate.Progress.more
      }
    switch progress {
    case .damaged: if failure == nil { failure = .decodeError }
    case .ended: hasEnded[index] = true
    case .more: hasEnded[index] = false
    }
  }
}
