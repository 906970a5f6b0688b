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
      return size.sawCR ? nil : .odd(.badChunkSize)
    }
    if size.sawCR {
      state = .hunting(.afterGap)
      return .lost(.badChunkSize)
    }
    if byte == 0x0D {
      size.sawCR = true
    } else if size.isInExtension {
      size.extensionBytes &+= 1
      if size.extensionBytes == Self.chunkExtensionLimit {
        state = .chunkSize(size)
        return .odd(.chunkExtensionTooLong)
      }
    } else if let digit = CharacterClass.hexadecimal(byte) {
      guard size.value >> 60 == 0 else {
        state = .hunting(.afterGap)
        return .lost(.badChunkSize)
      }
      size.value = size.value << 4 | digit
      size.digits &+= 1
    } else if byte == 0x3B || CharacterClass.isBlank(byte), size.digits > 0 {
      size.isInExtension = true
      state = .chunkSize(size)
      // RFC 9112, 7.1.1: blanks there are only for old senders, and parsers differ on them.
      return byte == 0x3B ? nil : .odd(.badChunkSize)
    } else {
      state = .hunting(.afterGap)
      return .lost(.badChunkSize)
    }
    state = .chunkSize(size)
    return nil
  }

  mutating func readTrailers(
    _ bytes: borrowing Span<UInt8>, _ offset: inout Int
  ) -> Output? {
    while offset < bytes.count {
      let end = (bytes.firstOffset(of: 0x0A, from: offset) ?? bytes.count &- 1) &+ 1
      bytes.extracting(offset..<end).append(to: &carry)
      offset = end
      guard carry.last == 0x0A else {
        guard carry.count < 64 << 10 else {
          state = .hunting(.junk)
          return .lost(.headerTooLarge)
        }
        return nil
      }
      let line = carry.prefix { $0 != 0x0D && $0 != 0x0A }
      let isCredential = CredentialField.isNamed(by: line)
      let isLast = line.isEmpty
      carry.removeAll(keepingCapacity: true)
      if isLast { state = .length(0) }
      if isCredential { return .odd(.authInTrailer) }
      if isLast { return nil }
    }
    return nil
  }
}
