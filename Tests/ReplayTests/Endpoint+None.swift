import Wire

extension Endpoint {
  static var none: Endpoint {
    guard let address = IPAddress(bytes: [127, 0, 0, 1]) else { fatalError("is an address") }
    return Endpoint(address: address, port: 1)
  }
}
