internal import ArgumentParser
internal import Wire

/// What the frames are captured on.
enum Link: String, CaseIterable, ExpressibleByArgument {
  case ethernet
  /// The pseudo-device `any`, second version.
  case sll2

  var type: LinkType { self == .ethernet ? .ethernet : .linuxSLL2 }

  /// Headers of a client's frames, and of the server's to it.
  ///
  /// - Parameter number: the last byte of the client's address.
  func headers(client number: UInt8) -> (client: [UInt8], server: [UInt8]) {
    let server: [UInt8] = [2, 0x42, 0xAC, 0x12, 0, 2]
    let client: [UInt8] = [2, 0x42, 0xAC, 0x12, 1, number]
    switch self {
    case .ethernet: return (server + client + [8, 0], client + server + [8, 0])
    case .sll2:
      // Received from the client, sent by the host that captures.
      return (
        [8, 0, 0, 0, 0, 0, 0, 3, 0, 1, 0, 6] + client + [0, 0],
        [8, 0, 0, 0, 0, 0, 0, 3, 0, 1, 4, 6] + server + [0, 0]
      )
    }
  }
}
