/// What a key log holds of one connection, by the labels of NSS key logs.
struct Secrets: Sendable {
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

  /// How many different ones of a kind are kept: what opens records shows which one is right.
  static let limit = 4

  /// The latest ones.
  private var values = [[UInt8]?](repeating: nil, count: Label.allCases.count)
  /// Those before them, the latest first.
  private var older: [(label: Label, secret: [UInt8])] = []

  /// The latest one of a kind.
  subscript(_ label: Label) -> [UInt8]? { values[label.index] }

  /// All of a kind, the latest first.
  func all(_ label: Label) -> [[UInt8]] {
    guard let latest = values[label.index] else { return [] }
    return [latest] + older.filter { $0.label == label }.map(\.secret)
  }

  /// - Returns: whether it is a new one.
  mutating func add(_ secret: [UInt8], _ label: Label) -> Bool {
    guard !all(label).contains(secret) else { return false }
    if let before = values[label.index] {
      older.insert((label, before), at: 0)
      if older.count(where: { $0.label == label }) >= Self.limit,
        let oldest = older.lastIndex(where: { $0.label == label })
      {
        older.remove(at: oldest)
      }
    }
    values[label.index] = secret
    return true
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
