/// Something in the capture that isn't as it should be: a value with a stable name, not an error.
///
/// The names are those of the contract, `layer.name`. They stand on an exchange, or on the ledger
/// where they belong to none.
public enum Anomaly: String, CaseIterable, Sendable {
  case damagedRecord = "capture.damaged-record"
  case truncatedFile = "capture.truncated-file"
  case snaplenTruncated = "capture.snaplen-truncated"
  case captureDrops = "capture.capture-drops"
  case duplicate = "capture.duplicate"
  case unsupportedLinkType = "capture.unsupported-linktype"

  case badChecksum = "ip.bad-checksum"
  case fragmentOverlap = "ip.fragment-overlap"
  case fragmentIncomplete = "ip.fragment-incomplete"

  case gap = "tcp.gap"
  case overlapConflict = "tcp.overlap-conflict"
  case outOfOrder = "tcp.out-of-order"
  case retransmission = "tcp.retransmission"
  case midstream = "tcp.midstream"
  case portReuse = "tcp.port-reuse"
  case outOfWindow = "tcp.out-of-window"
  case keepalive = "tcp.keepalive"
  case zeroWindow = "tcp.zero-window"
  case urgentData = "tcp.urgent-data"
  case refused = "tcp.refused"

  case requestIncomplete = "http.request-incomplete"
  case responseIncomplete = "http.response-incomplete"
  case requestMissing = "http.request-missing"
  case responseMissing = "http.response-missing"
  case responseUnmatched = "http.response-unmatched"
  case notHTTP = "http.not-http"
  case badRequestLine = "http.bad-request-line"
  case badStatusLine = "http.bad-status-line"
  case badVersion = "http.bad-version"
  case badHeaderLine = "http.bad-header-line"
  case badHeaderName = "http.bad-header-name"
  case spaceBeforeColon = "http.space-before-colon"
  case obsFold = "http.obs-fold"
  case bareLF = "http.bare-lf"
  case bareCR = "http.bare-cr"
  case controlInHeader = "http.control-in-header"
  case nulInHeader = "http.nul-in-header"
  case headerTooLarge = "http.header-too-large"
  case tooManyHeaders = "http.too-many-headers"
  case requestLineTooLong = "http.request-line-too-long"
  case badContentLength = "http.bad-content-length"
  case duplicateContentLength = "http.duplicate-content-length"
  case contentLengthAndTransferEncoding = "http.cl-and-te"
  case badTransferEncoding = "http.bad-transfer-encoding"
  case transferCoding = "http.transfer-coding"
  case transferEncodingInHTTP10 = "http.te-in-http10"
  case badChunkSize = "http.bad-chunk-size"
  case badChunk = "http.bad-chunk"
  case chunkExtensionTooLong = "http.chunk-extension-too-long"
  case junkBeforeRequest = "http.junk-before-request"
  case trailingBytes = "http.trailing-bytes"
  case dataAfterClose = "http.data-after-close"
  case bodyOn204 = "http.body-on-204"
  case http09 = "http.http09"
  case missingHost = "http.missing-host"
  case duplicateHost = "http.duplicate-host"
  case unknownMethod = "http.unknown-method"
  case authInTrailer = "http.auth-in-trailer"
  case upgradeH2C = "http.upgrade-h2c"
  case unsupportedEncoding = "http.unsupported-encoding"
  case decodeError = "http.decode-error"
  case decompressionLimit = "http.decompression-limit"
  case tooManyEncodings = "http.too-many-encodings"
  case jsonTooDeep = "http.json-too-deep"

  case tlsShut = "tls.shut"
  case tlsPartialKeys = "tls.partial-keys"
  case tlsBadRecord = "tls.bad-record"
  case tlsBeganBeforeCapture = "tls.began-before-capture"

  case h2UnknownTable = "h2.unknown-table"
  case h2BadFrame = "h2.bad-frame"
  case h2Flood = "h2.flood"
  case h2BadHeaderBlock = "h2.bad-header-block"
  case h2Reset = "h2.reset"

  case wsBadFrame = "ws.bad-frame"
  case wsBadDeflate = "ws.bad-deflate"

  case sseDoneMissing = "sse.done-missing"
  case sseErrorEvent = "sse.error-event"
  case sseStalled = "sse.stalled"

  case credentialInTrailer = "credential.in-trailer"
  case credentialInQuery = "credential.in-query"
}

/// A set of anomalies in two words, cheap enough to travel with every message.
public struct AnomalySet: OptionSet, Sendable, Hashable {
  // Two words, because one of 128 bits would have all that holds it lie at multiples of 16, for which
  // memory is dear.
  @usableFromInline let low: UInt64
  @usableFromInline let high: UInt64

  @inlinable @inline(__always)
  public var rawValue: UInt128 { UInt128(high) << 64 | UInt128(low) }

  @inlinable @inline(__always)
  public init(rawValue: UInt128) {
    low = UInt64(truncatingIfNeeded: rawValue)
    high = UInt64(truncatingIfNeeded: rawValue >> 64)
  }

  @inlinable @inline(__always)
  public var isEmpty: Bool { low | high == 0 }

  public init(_ anomaly: Anomaly) {
    self.init(rawValue: Self.bits[anomaly] ?? 0)
  }

  public mutating func insert(_ anomaly: Anomaly) {
    formUnion(AnomalySet(anomaly))
  }

  @inlinable @inline(__always)
  public func contains(_ anomaly: Anomaly) -> Bool {
    // Nearly always there are none.
    !isEmpty && holds(anomaly)
  }

  @usableFromInline
  func holds(_ anomaly: Anomaly) -> Bool { !isDisjoint(with: AnomalySet(anomaly)) }

  /// Takes one out, in the order of the contract's list.
  @inlinable @inline(__always)
  public mutating func popFirst() -> Anomaly? {
    // Asked several times a segment, and nearly always empty.
    isEmpty ? nil : popLowest()
  }

  @usableFromInline
  mutating func popLowest() -> Anomaly? {
    let place = rawValue.trailingZeroBitCount
    guard Self.all.indices.contains(place) else { return nil }
    self = AnomalySet(rawValue: rawValue & (rawValue &- 1))
    return Self.all[place]
  }

  /// In the order of the contract's list, so that no output depends on a hash.
  public var anomalies: [Anomaly] {
    var rest = self
    var anomalies: [Anomaly] = []
    while let next = rest.popFirst() { anomalies.append(next) }
    return anomalies
  }

  private static let all = Anomaly.allCases
  private static let bits: [Anomaly: UInt128] = Dictionary(
    uniqueKeysWithValues: all.enumerated().map { ($1, UInt128(1) << $0) })
}

/// How often each anomaly occurred in a capture.
public struct AnomalyCounts: Sendable {
  private var counts: [Anomaly: Int] = [:]

  public init() {}

  public subscript(_ anomaly: Anomaly) -> Int {
    get { counts[anomaly] ?? 0 }
    set { counts[anomaly] = newValue }
  }

  public mutating func count(_ anomaly: Anomaly, times: Int = 1) {
    guard times > 0 else { return }
    counts[anomaly, default: 0] &+= times
  }

  public mutating func count(_ set: AnomalySet) {
    for anomaly in set.anomalies { count(anomaly) }
  }

  /// Those that occurred, in the order of the contract's list.
  public var occurred: [(anomaly: Anomaly, count: Int)] {
    Anomaly.allCases.compactMap { anomaly in
      counts[anomaly].map { (anomaly, $0) }
    }
  }
}
