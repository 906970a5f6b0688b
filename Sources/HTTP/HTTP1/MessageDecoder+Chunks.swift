internal import Wire

// The chunked transfer coding (RFC 9112, 7.1).

extension MessageDecoder {
  mutating func readChunkFraming(
    _ bytes: borrowing Span<UInt8>, _ offset: inout Int
  ) -> Output? {
    while offset < bytes.count {
      let byte = bytes[offset]
      switch state {
      case .chunkEnd(let sawCR):
        offset &+= 1
        if byte == 0x0D, !sawCR {
          state = .chunkEnd(sawCR: true)
        } else if byte == 0x0A {
          state = .chunkSize(ChunkSize())
          if !sawCR { return .odd(.badChunk) }
        } else {
          state = .hunting(.afterGap)
          return .lost(.badChunk)
        }
      case .chunkSize(var size):
        offset &+= 1
        if let output = take(byte, into: &size) { return output }
      default:
        return nil
      }
    }
    return nil
  }

  private mutating func take(_ byte: UInt8, into size: inout ChunkSize) -> Output? {
    if byte == 0x0A {
      guard size.digits > 0, let count = Int(exactly: size.value) else {
        state = .hunting(.afterGap)
        return .lost(.badChunkSize)
      }
      state = count == 0 ? .trailers : .chunk(count)
      return size.sawCR && size.isWellFormed || size.isOdd ? nil : .odd(.badChunkSize)
    }
    if size.sawCR {
      state = .hunting(.afterGap)
      return .lost(.badChunkSize)
    }
    var isOdd = false
    if byte == 0x0D {
      size.sawCR = true
    } else if let part = size.part {
      size.part = part.next(byte)
      isOdd = size.part == nil
      size.part = size.part ?? .unreadable
      size.extensionBytes &+= 1
      if size.extensionBytes == Self.chunkExtensionLimit { oddities.insert(.chunkExtensionTooLong) }
    } else if let digit = CharacterClass.hexadecimal(byte) {
      guard size.value >> 60 == 0 else {
        state = .hunting(.afterGap)
        return .lost(.badChunkSize)
      }
      size.value = size.value << 4 | digit
      size.digits &+= 1
      // More of them h11 doesn't read.
      isOdd = size.digits > 20
    } else if byte == 0x3B || CharacterClass.isBlank(byte), size.digits > 0 {
      // RFC 9112, 7.1.1: blanks there are only for old senders, and parsers differ on them.
      isOdd = byte != 0x3B
      size.part = isOdd ? .unreadable : .start
    } else {
      state = .hunting(.afterGap)
      return .lost(.badChunkSize)
    }
    if isOdd, !size.isOdd {
      size.isOdd = true
      oddities.insert(.badChunkSize)
    }
    state = .chunkSize(size)
    return oddities.popFirst().map { .odd($0) }
  }

  mutating func readTrailers(
    _ bytes: borrowing Span<UInt8>, _ offset: inout Int
  ) -> Output? {
    while offset < bytes.count {
      let end = (bytes.firstOffset(of: 0x0A, from: offset) ?? bytes.count &- 1) &+ 1
      bytes.extracting(offset..<end).append(to: &carry)
      offset = end
      guard carry.count < 64 << 10 else {
        state = .hunting(.junk)
        carry.removeAll()
        return .lost(.headerTooLarge)
      }
      guard carry.last == 0x0A else { return nil }
      let line = carry.dropLast(carry.count > 1 && carry[carry.count &- 2] == 0x0D ? 2 : 1)
      if CredentialField.isNamed(by: line) { oddities.insert(.authInTrailer) }
      oddities.formUnion(HeadParser.anomalies(ofTrailer: carry))
      if line.isEmpty { state = .length(0) }
      carry.removeAll(keepingCapacity: true)
      if let anomaly = oddities.popFirst() { return .odd(anomaly) }
      if case .length = state { return nil }
    }
    return nil
  }
}

/// Where in the extensions of a chunk size line a byte stands (RFC 9112, 7.1.1), as strictly as
/// llhttp reads them; h11 takes everything.
enum ExtensionPart: Sendable {
  /// Behind a semicolon.
  case start
  case name
  /// Behind an equals sign.
  case valueStart
  case value
  case quoted
  case escaped
  case quoteEnd
  case unreadable

  /// - Returns: `nil` where the byte may not stand.
  func next(_ byte: UInt8) -> ExtensionPart? {
    switch self {
    case .unreadable:
      return .unreadable
    case .start:
      return CharacterClass.isToken(byte) ? .name : nil
    case .name:
      return byte == 0x3D ? .valueStart : byte == 0x3B ? .start : self.ifToken(byte)
    case .valueStart:
      return byte == 0x22 ? .quoted : CharacterClass.isToken(byte) ? .value : nil
    case .value:
      return byte == 0x3B ? .start : self.ifToken(byte)
    case .quoted:
      if byte == 0x22 { return .quoteEnd }
      if byte == 0x5C { return .escaped }
      return Self.isText(byte) ? .quoted : nil
    case .escaped:
      return Self.isText(byte) ? .quoted : nil
    case .quoteEnd:
      return byte == 0x3B ? .start : nil
    }
  }

  private func ifToken(_ byte: UInt8) -> ExtensionPart? {
    CharacterClass.isToken(byte) ? self : nil
  }

  private static func isText(_ byte: UInt8) -> Bool {
    byte == 0x09 || byte >= 0x20 && byte != 0x7F
  }
}

extension MessageDecoder.ChunkSize {
  /// Whether the line may end here.
  var isWellFormed: Bool {
    switch part {
    case nil, .name, .value, .quoteEnd, .unreadable: true
    case .start, .valueStart, .quoted, .escaped: false
    }
  }
}
