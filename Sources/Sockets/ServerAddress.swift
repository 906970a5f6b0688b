public import NIOCore
public import Wire

/// A server that requests are sent to, and nowhere else.
public struct ServerAddress: Sendable {
  public struct Refusal: Error, Sendable {
    public var message: String
    /// Whether the target may be right, and isn't there.
    public var isUnreachable = false
  }

  public let isTLS: Bool
  /// As in the URL.
  public let host: String
  public let port: Int
  /// In front of each path; without a slash at its end.
  public let prefix: String
  /// What is connected to.
  public let address: SocketAddress

  /// - Parameters:
  ///   - url: `http://127.0.0.1:4000`, with a path where the proxy has one.
  ///   - allowed: names and addresses that may be sent to, beside the loopback's; `nil` for any.
  public init(_ url: String, allowing allowed: [String]?) throws(Refusal) {
    let rest: Substring
    if url.hasPrefix("http://") {
      (isTLS, rest) = (false, url.dropFirst(7))
    } else if url.hasPrefix("https://") {
      (isTLS, rest) = (true, url.dropFirst(8))
    } else {
      throw Refusal(message: "--to \(url) is no URL; give http://HOST:PORT or https://HOST")
    }
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard !authority.contains("@") else {
      throw Refusal(message: "--to: a URL with a user or a key in it isn't taken; use --auth")
    }
    let path = rest.dropFirst(authority.count)
    guard !path.contains("?"), !path.contains("#") else {
      throw Refusal(message: "--to: a query or a fragment belongs to no proxy's address")
    }
    prefix = path.hasSuffix("/") ? String(path.dropLast()) : String(path)
    (host, port) = try Self.split(authority, isTLS: isTLS)
    do {
      address = try SocketAddress.makeAddressResolvingHost(host, port: port)
    } catch {
      throw Refusal(message: "\(host) can't be resolved", isUnreachable: true)
    }
    try Self.check(address, host, allowed)
  }

  /// Whether it is this server.
  public func isHost(_ endpoint: Endpoint) -> Bool {
    address.ipAddress == "\(endpoint.address)" && port == Int(endpoint.port)
  }

  /// As it goes into the Host field.
  public var authority: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return port == (isTLS ? 443 : 80) ? name : "\(name):\(port)"
  }

  /// The name that TLS asks for (RFC 6066, 3); an address is none.
  public var serverName: String? {
    (try? SocketAddress(ipAddress: host, port: 0)) == nil ? host : nil
  }

  private static func split(
    _ authority: Substring, isTLS: Bool
  ) throws(Refusal) -> (String, Int) {
    var host = authority
    var port = isTLS ? 443 : 80
    if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
      host = authority[..<colon]
      guard let number = Int(authority[authority.index(after: colon)...]), 1...65_535 ~= number
      else { throw Refusal(message: "--to: \(authority) has no port between 1 and 65535") }
      port = number
    }
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    guard !host.isEmpty else { throw Refusal(message: "--to: there is no host in it") }
    return (String(host), port)
  }

  /// The address that is connected to decides, not the name.
  private static func check(
    _ address: SocketAddress, _ host: String, _ allowed: [String]?
  ) throws(Refusal) {
    let text = address.ipAddress ?? ""
    // As the system writes addresses; a mapped one is what it maps (RFC 4291, 2.5.5.2).
    let plain = text.hasPrefix("::ffff:") ? String(text.dropFirst(7)) : text
    let isLinkLocal =
      plain.hasPrefix("169.254.") || ["fe8", "fe9", "fea", "feb"].contains { plain.hasPrefix($0) }
    guard !isLinkLocal, plain != "fd00:ec2::254" else {
      throw Refusal(
        message: "\(host) is \(text): link-local and metadata addresses are never sent to")
    }
    let isLoopback = plain.hasPrefix("127.") || plain == "::1"
    guard let allowed else { return }
    guard isLoopback || allowed.contains(host) || allowed.contains(text) else {
      throw Refusal(
        message: "\(host) isn't this machine; if you mean it, add --allow-host \(host)")
    }
  }
}
