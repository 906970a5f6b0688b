internal import Wire

// What RFC 9113, 8.2 asks of the fields of HTTP/2.

extension MessageHead {
  /// Fields that RFC 9110 allows once, and that decide who asks for what.
  private enum Single: UInt8 {
    case authorization = 1
    case proxyAuthorization = 2
    case contentType = 4
    case host = 8
  }

  mutating func checkFields(_ kind: Kind) {
    var seen: UInt8 = 0
    var contentLength: ArraySlice<UInt8>?
    for field in fields where !field.isUnknown {
      let (name, value) = (name(of: field), value(of: field))
      checkBytes(of: name, value, isPseudo: name.first == 0x3A)
      switch name.count {
      case 2 where name.elementsEqual("te".utf8):
        if !value.equalsIgnoringCase("trailers") { anomalies.insert(.h2BadHeaderBlock) }
      case 4 where name.elementsEqual("host".utf8):
        if seen & Single.host.rawValue != 0 { anomalies.insert(.duplicateHost) }
        note(.host, &seen)
      case 7 where name.elementsEqual("upgrade".utf8),
        10 where name.elementsEqual("connection".utf8),
        10 where name.elementsEqual("keep-alive".utf8),
        16 where name.elementsEqual("proxy-connection".utf8):
        anomalies.insert(.h2BadHeaderBlock)
      case 12 where name.elementsEqual("content-type".utf8): note(.contentType, &seen)
      case 13 where name.elementsEqual("authorization".utf8): note(.authorization, &seen)
      case 14 where name.elementsEqual("content-length".utf8):
        check(contentLength: value, after: contentLength, kind)
        contentLength = contentLength ?? value
      case 17 where name.elementsEqual("transfer-encoding".utf8):
        anomalies.formUnion([AnomalySet(.badTransferEncoding), AnomalySet(.h2BadHeaderBlock)])
      case 19 where name.elementsEqual("proxy-authorization".utf8):
        note(.proxyAuthorization, &seen)
      default: break
      }
    }
  }

  /// RFC 9110, 5.3: no more than one of these.
  private mutating func note(_ single: Single, _ seen: inout UInt8) {
    if seen & single.rawValue != 0 { anomalies.insert(.h2BadHeaderBlock) }
    seen |= single.rawValue
  }

  /// 8.2.1: what names and values are made of.
  private mutating func checkBytes(
    of name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>, isPseudo: Bool
  ) {
    let word = isPseudo ? name.dropFirst() : name
    if word.isEmpty || !word.allSatisfy(CharacterClass.isToken) {
      anomalies.formUnion([AnomalySet(.badHeaderName), AnomalySet(.h2BadHeaderBlock)])
    }
    if word.contains(where: { $0 &- 0x41 < 26 }) { anomalies.insert(.h2BadHeaderBlock) }
    for byte in value where byte < 0x20 && byte != 0x09 || byte == 0x7F {
      switch byte {
      case 0: anomalies.formUnion([AnomalySet(.nulInHeader), AnomalySet(.h2BadHeaderBlock)])
      case 0x0A, 0x0D:
        anomalies.formUnion([AnomalySet(.controlInHeader), AnomalySet(.h2BadHeaderBlock)])
      default: anomalies.insert(.controlInHeader)
      }
    }
    if let first = value.first, let last = value.last,
      CharacterClass.isBlank(first) || CharacterClass.isBlank(last)
    {
      anomalies.insert(.h2BadHeaderBlock)
    }
  }

  /// 8.1.1; it says nothing about the content of a message when it stands behind it.
  private mutating func check(
    contentLength value: ArraySlice<UInt8>, after earlier: ArraySlice<UInt8>?, _ kind: Kind
  ) {
    let isNumber =
      !value.isEmpty && value.count <= 18 && value.allSatisfy(CharacterClass.isDigit)
    if !isNumber || kind == .trailers || earlier.map({ !$0.elementsEqual(value) }) ?? false {
      anomalies.formUnion([AnomalySet(.badContentLength), AnomalySet(.h2BadHeaderBlock)])
    } else if earlier != nil {
      anomalies.insert(.duplicateContentLength)
    }
  }

  /// What an HTTP/2 head says of the length of its content, in bytes, where it says it rightly.
  var declaredLength: Int? {
    guard !anomalies.contains(.badContentLength),
      let value = values(of: "content-length").first,
      !value.isEmpty, value.allSatisfy(CharacterClass.isDigit)
    else { return nil }
    return Int(decimal: value)
  }
}
