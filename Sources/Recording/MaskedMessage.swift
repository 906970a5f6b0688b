public import Redaction

/// A message with stand-ins of the same length in the place of every secret.
public enum MaskedMessage {
  /// - Parameters:
  ///   - bytes: a message as it goes over the wire (RFC 9112, 2.1).
  ///   - head: how many of them are its start line and fields.
  public static func mask(
    _ bytes: [UInt8], head: Int, _ redactor: inout Redactor
  ) -> [UInt8] {
    var masked: [UInt8] = []
    masked.reserveCapacity(bytes.count)
    var rest = bytes.prefix(head)
    while let end = endOfLine(rest) {
      let line = rest[..<end]
      masked += masked.isEmpty ? startLine(line, &redactor) : field(line, &redactor)
      rest = rest[end...]
    }
    masked += redactor.text(Array(bytes[rest.startIndex...]))
    // A stand-in of another length would move every byte behind it: nothing is shown instead.
    return masked.count == bytes.count ? masked : [UInt8](repeating: 0x2E, count: bytes.count)
  }

  /// Behind the line's end, and behind the lines that are folded into it (RFC 9112, 5.2): a key may
  /// stand on a line without its name.
  private static func endOfLine(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard var end = bytes.firstIndex(of: 0x0A).map({ $0 + 1 }) else { return nil }
    while end < bytes.endIndex, bytes[end] == 0x20 || bytes[end] == 0x09,
      let next = bytes[end...].firstIndex(of: 0x0A)
    {
      end = next + 1
    }
    return end
  }

  /// A request line has its target between its first and its last blank; in a status line anything
  /// may follow the code (RFC 9112, 3 and 4).
  private static func startLine(
    _ line: ArraySlice<UInt8>, _ redactor: inout Redactor
  ) -> [UInt8] {
    guard !line.starts(with: "HTTP/".utf8), let first = line.firstIndex(of: 0x20),
      let last = line.lastIndex(of: 0x20), first < last
    else { return redactor.text(Array(line)) }
    return redactor.text(Array(line[...first])) + redactor.target(Array(line[(first + 1)..<last]))
      + redactor.text(Array(line[last...]))
  }

  private static func field(_ line: ArraySlice<UInt8>, _ redactor: inout Redactor) -> [UInt8] {
    guard let colon = line.firstIndex(of: 0x3A) else { return redactor.text(Array(line)) }
    func isBlank(_ byte: UInt8) -> Bool {
      byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
    }
    let name = line[..<colon]
    var value = line[(colon + 1)...]
    while let byte = value.first, isBlank(byte) { value = value.dropFirst() }
    while let byte = value.last, isBlank(byte) { value = value.dropLast() }
    return redactor.text(Array(name)) + line[colon..<value.startIndex]
      + redactor.headerValue(name: Array(name), value: Array(value)) + line[value.endIndex...]
  }
}
