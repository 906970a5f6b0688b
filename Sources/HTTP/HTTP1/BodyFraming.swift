public import Wire

/// How the end of a message's content is found (RFC 9112, 6.3).
public enum BodyFraming: Equatable, Sendable {
  case none
  /// Content-Length, in bytes.
  case length(Int)
  case chunked
  /// Until the sender closes.
  case untilClose
  /// The connection isn't HTTP/1 any more: CONNECT or Upgrade.
  case tunnel

  /// The framing of a request.
  public static func ofRequest(_ head: MessageHead) -> (framing: BodyFraming, AnomalySet) {
    var anomalies: AnomalySet = []
    let declared = declared(by: head, &anomalies)
    // CONNECT has no content (RFC 9110, 9.3.6), and for llhttp none whatever its fields say.
    if let declared, declared != .length(0), head.method?.elementsEqual("CONNECT".utf8) == true {
      anomalies.insert(.badContentLength)
    }
    switch declared {
    case .chunked?: return (.chunked, anomalies)
    case .length(let count)?: return (count == 0 ? .none : .length(count), anomalies)
    case .untilClose?: return (.untilClose, anomalies)
    default: return (.none, anomalies)
    }
  }

  /// The framing of a response to a request of a method, as far as one is known.
  public static func ofResponse(
    _ head: MessageHead, to method: ArraySlice<UInt8>?
  ) -> (framing: BodyFraming, AnomalySet) {
    var anomalies: AnomalySet = []
    let declared = declared(by: head, &anomalies)
    let framing = ofResponse(
      status: head.status ?? 0, declared: declared,
      isToConnect: method?.elementsEqual("CONNECT".utf8) ?? false,
      isToHEAD: method?.elementsEqual("HEAD".utf8) ?? false)
    return (framing, anomalies)
  }

  static func ofResponse(
    status: Int, declared: BodyFraming?, isToConnect: Bool, isToHEAD: Bool
  ) -> BodyFraming {
    if status == 101 { return .tunnel }
    if isToConnect, 200..<300 ~= status { return .tunnel }
    if isToHEAD { return .none }
    if 100..<200 ~= status || status == 204 || status == 304 { return .none }
    switch declared {
    case .length(0)?: return .none
    case let framing?: return framing
    case nil: return .untilClose
    }
  }

  /// What Transfer-Encoding and Content-Length say, Transfer-Encoding first.
  static func declared(
    by head: MessageHead, _ anomalies: inout AnomalySet
  ) -> BodyFraming? {
    var codings: [ArraySlice<UInt8>] = []
    var length: BodyFraming?
    for field in head.fields {
      if head.isNamed(field, "transfer-encoding") {
        // llhttp takes blanks behind the last coding, but no tab.
        if head.hasTab(behind: field) { anomalies.insert(.badTransferEncoding) }
        // Several lines are one list (RFC 9110, 5.3).
        codings += head.value(of: field).split(separator: 0x2C, omittingEmptySubsequences: false)
      } else if head.isNamed(field, "content-length") {
        length = contentLength(head.value(of: field), after: length, &anomalies)
      }
    }
    guard !codings.isEmpty else { return length }
    let coding = transferCoding(codings, &anomalies)
    if length != nil { anomalies.insert(.contentLengthAndTransferEncoding) }
    if head.isHTTP10 { anomalies.insert(.transferEncodingInHTTP10) }
    return coding
  }

  private static func transferCoding(
    _ codings: [ArraySlice<UInt8>], _ anomalies: inout AnomalySet
  ) -> BodyFraming {
    var result = BodyFraming.untilClose
    for part in codings {
      let name = part.trimmingBlanks()
      if name.equalsIgnoringCase("chunked") {
        // Chunked twice, or something behind it, has no meaning.
        if result == .chunked { anomalies.insert(.badTransferEncoding) }
        result = .chunked
      } else {
        if result == .chunked { anomalies.insert(.badTransferEncoding) }
        let known: [StaticString] = ["gzip", "x-gzip", "deflate", "compress", "x-compress"]
        let isKnown = known.contains { name.equalsIgnoringCase($0) }
        if !name.equalsIgnoringCase("identity") {
          anomalies.insert(isKnown ? .transferCoding : .badTransferEncoding)
        } else {
          anomalies.insert(.badTransferEncoding)
        }
        result = .untilClose
      }
    }
    if result != .chunked { anomalies.insert(.badTransferEncoding) }
    return result
  }

  private static func contentLength(
    _ value: ArraySlice<UInt8>, after earlier: BodyFraming?, _ anomalies: inout AnomalySet
  ) -> BodyFraming {
    var result = earlier
    for part in value.split(separator: 0x2C, omittingEmptySubsequences: false) {
      let digits = part.trimmingBlanks()
      guard !digits.isEmpty, digits.allSatisfy(CharacterClass.isDigit),
        let count = Int(String(decoding: digits, as: UTF8.self))
      else {
        anomalies.insert(.badContentLength)
        // Not a number: how long the content is can't be said; the rest of the stream is shown.
        if result == nil { result = .untilClose }
        continue
      }
      // h11 reads no more digits than these.
      if digits.count > 20 { anomalies.insert(.badContentLength) }
      if let result {
        anomalies.insert(
          result == .length(count) ? .duplicateContentLength : .badContentLength)
      } else {
        result = .length(count)
      }
    }
    return result ?? .untilClose
  }
}
