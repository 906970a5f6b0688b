/// What a key log holds of one connection, by the labels of NSS key logs.
struct Secrets: Sendable, Equatable {
  enum Label: String, CaseIterable, Sendable {
    /// TLS 1.2 and older: the master secret, 48 bytes.
    case master = "CLIENT_RANDOM"
    /// TLS 1.2 and older: the premaster secret, by the client's random.
    case premaster = "PMS_CLIENT_RANDOM"
    case clientEarly = "CLIENT_EARLY_TRAFFIC_SECRET"
    case clientHandshake = "CLIENT_HANDSHAKE_TRAFFIC_SECRET"
    case serverHandshake = "SERVER_HANDSHAKE_TRAFFIC_SECRET"
    case clientApplication = "CLIENT_TRAFFIC_SECRET_0"
    case serverApplication = "SERVER_TRAFFIC_SECRET_0"

    /// Whether a secret of so many bytes can be one of this kind.
    func allows(_ length: Int) -> Bool {
      switch self {
      case .master: length == 48
      case .premaster: 1...512 ~= length
      // The length of SHA-256 or SHA-384.
      default: length == 32 || length == 48
      }
    }
  }

  private var values = [[UInt8]?](repeating: nil, count: Label.allCases.count)

  subscript(_ label: Label) -> [UInt8]? {
    get { values[label.index] }
    set { values[label.index] = newValue }
  }
}

extension Secrets.Label {
  var index: Int {
    switch self {
    case .master: 0
    case .premaster: 1
    case .clientEarly: 2
    case .clientHandshake: 3
    case .serverHandshake: 4
    case .clientApplication: 5
    case .serverApplication: 6
    }
  }
}
