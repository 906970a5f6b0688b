/// The key that a browser's realtime client sends as a WebSocket subprotocol, as a browser can set
/// no other header: `Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.KEY`.
public enum Subprotocols {
  private static let prefix = Array("openai-insecure-api-key.".utf8)

  /// Where the keys stand in the value of a Sec-WebSocket-Protocol field.
  public static func keys(in value: [UInt8]) -> [Range<Int>] {
    value.indices.split { value[$0] == UInt8(ascii: ",") }.compactMap { element in
      let word = Bytes.trimmed(value[element.startIndex..<element.endIndex])
      guard Bytes.lowercased(word).starts(with: prefix), word.count > prefix.count else {
        return nil
      }
      return (word.startIndex + prefix.count)..<word.endIndex
    }
  }
}
