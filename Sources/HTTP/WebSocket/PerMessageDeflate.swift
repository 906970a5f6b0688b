/// What the two sides of a WebSocket connection agreed on for compression (RFC 7692, 7.1): the
/// server's answer says it all.
public struct PerMessageDeflate: Sendable, Equatable {
  /// Whether each message of the server is compressed for itself.
  public var serverNoContextTakeover = false
  public var clientNoContextTakeover = false
  /// Of the server's messages, as a power of two: 8 to 15.
  public var serverMaxWindowBits = 15
  public var clientMaxWindowBits = 15

  /// With the defaults, which are what no parameter means.
  public init() {}

  /// - Parameter responseExtensions: the values of the response's Sec-WebSocket-Extensions fields.
  /// - Returns: `nil` where permessage-deflate isn't among them.
  public init?(responseExtensions: [ArraySlice<UInt8>]) {
    // No value that these parameters can have holds a comma or a semicolon (RFC 7692, 7.1.2).
    for element in responseExtensions.flatMap({ $0.split(separator: 0x2C) }) {
      let parts = element.split(separator: 0x3B).map { $0.trimmingBlanks() }
      guard let name = parts.first, name.equalsIgnoringCase("permessage-deflate") else { continue }
      for part in parts.dropFirst() { take(part) }
      return
    }
    return nil
  }

  private mutating func take(_ parameter: ArraySlice<UInt8>) {
    let parts = parameter.split(separator: 0x3D, maxSplits: 1).map { $0.trimmingBlanks() }
    guard let name = parts.first else { return }
    if name.equalsIgnoringCase("server_no_context_takeover") {
      serverNoContextTakeover = true
    } else if name.equalsIgnoringCase("client_no_context_takeover") {
      clientNoContextTakeover = true
    } else if let bits = parts.dropFirst().first.flatMap(Self.windowBits) {
      if name.equalsIgnoringCase("server_max_window_bits") { serverMaxWindowBits = bits }
      if name.equalsIgnoringCase("client_max_window_bits") { clientMaxWindowBits = bits }
    }
  }

  /// A value may stand in quotes (RFC 6455, 9.1).
  private static func windowBits(_ value: ArraySlice<UInt8>) -> Int? {
    var digits = value
    if digits.count >= 2, digits.first == 0x22, digits.last == 0x22 {
      digits = digits.dropFirst().dropLast()
    }
    guard (1...2).contains(digits.count), digits.allSatisfy(CharacterClass.isDigit) else {
      return nil
    }
    let bits = digits.reduce(0) { $0 &* 10 &+ Int($1 &- 0x30) }
    return (8...15).contains(bits) ? bits : nil
  }
}
