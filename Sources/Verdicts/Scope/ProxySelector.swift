internal import Wire

/// Which servers count as the proxy: a value of `--proxy` or of the policy's `proxy`.
public struct ProxySelector: Sendable, CustomStringConvertible {
  /// As it was given.
  public var text: String
  /// In lower case; `nil` where only a port was given, or `any`.
  var host: String?
  public private(set) var port: UInt16?

  public var description: String { text }

  /// Every server.
  public static let any = ProxySelector()

  private init() { text = "any" }

  /// - Throws: where the value is none of `URL`, `HOST`, `HOST:PORT`, `:PORT`, `any`.
  public init(_ text: String) throws(ProxySelectorError) {
    self.text = text
    if text == "any" { return }
    var rest = text[...]
    var fallback: UInt16?
    if let scheme = rest.firstRange(of: "://") {
      switch rest[..<scheme.lowerBound].lowercased() {
      case "http", "ws": fallback = 80
      case "https", "wss": fallback = 443
      default: throw ProxySelectorError(text: text, problem: "not an http or https URL")
      }
      rest = rest[scheme.upperBound...]
      if let slash = rest.firstIndex(where: { $0 == "/" || $0 == "?" }) { rest = rest[..<slash] }
      if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
    }
    (host, port) = try Self.split(rest, text)
    if fallback != nil, host == nil {
      throw ProxySelectorError(text: text, problem: "a URL without a host")
    }
    port = port ?? fallback
    guard host != nil || port != nil else {
      throw ProxySelectorError(text: text, problem: "empty")
    }
  }

  private static func split(
    _ rest: Substring, _ text: String
  ) throws(ProxySelectorError) -> (String?, UInt16?) {
    var host = rest
    var port: Substring?
    if rest.hasPrefix("["), let close = rest.firstIndex(of: "]") {
      host = rest[rest.index(after: rest.startIndex)..<close]
      let behind = rest[rest.index(after: close)...]
      if behind.hasPrefix(":") { port = behind.dropFirst() }
    } else if let colon = rest.lastIndex(of: ":"), rest.firstIndex(of: ":") == colon {
      host = rest[..<colon]
      port = rest[rest.index(after: colon)...]
    }
    var number: UInt16?
    if let port {
      guard let parsed = UInt16(port), parsed > 0 else {
        throw ProxySelectorError(text: text, problem: "\"\(port)\" is no port")
      }
      number = parsed
    }
    return (host.isEmpty ? nil : host.lowercased(), number)
  }

  /// - Parameters:
  ///   - server: an address and port in the capture.
  ///   - names: what it was called: in Host headers, SNI, and the capture's own name records.
  func matches(_ server: Endpoint, names: Set<String>) -> Bool {
    if let port, port != server.port { return false }
    guard let host else { return true }
    return server.address.description == host || names.contains(host)
  }
}

/// Why a value names no proxy.
public struct ProxySelectorError: Error, Sendable, CustomStringConvertible {
  public var text: String
  public var problem: String

  public var description: String {
    "--proxy \(ShownText.quoted(text)): \(problem); give a URL, HOST, HOST:PORT, :PORT or any"
  }
}
