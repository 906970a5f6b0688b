public import Wire

/// One connection's TLS, as a witness with a key log sees it (RFC 8446, RFC 5246): records in,
/// plaintext out. Does no I/O and keeps no plaintext.
///
/// The caller gives the bytes of each direction in order to
/// ``take(_:_:keys:mayWait:into:)``, names holes with ``skip(_:_:)``, and tells ends with
/// ``finish(_:)``. Whatever the bytes are, each one is accounted for in one of the steps.
public struct TLSSession: Sendable {
  /// What became of the bytes given, in order. The counts of all steps plus ``carried(_:)`` equal all
  /// bytes taken of that direction.
  public enum Step: Sendable, Equatable {
    /// `count` bytes of application data, the next ones in ``Output/plaintext``, and `overhead` bytes
    /// on the wire around them: header, nonce, padding, MAC. An empty record has a count of 0.
    case plaintext(count: Int, overhead: Int)
    /// So many bytes on the wire that carry no application data: handshake, alerts, tickets.
    case overhead(Int)
    /// So many bytes on the wire of application data, or of what may be, that stay shut.
    case shut(Int)
    /// Application data may be missing in front of the next bytes of plaintext: behind a hole, or in
    /// place of a record that stayed shut. How much isn't known.
    case lost
    /// ``Anomaly/tlsBadRecord``, ``Anomaly/tlsPartialKeys``: once a direction for each run of them,
    /// and once a direction for records that nobody may send.
    case odd(Anomaly)
    /// A close_notify (0) or a fatal alert (RFC 8446, 6): this direction sends nothing more that
    /// counts.
    case closed(alert: UInt8)
    /// The first record was opened: ``TLSSession/applicationProtocol`` is known as far as it ever
    /// will be. Once a session, in whichever direction it came first.
    case opened
  }

  /// Where a call puts what it found.
  public struct Output: Sendable {
    /// Application data, in order.
    public var plaintext: [UInt8] = []
    public var steps: [Step] = []

    public init() {}

    /// Empties it, and keeps its memory.
    public mutating func removeAll() {
      plaintext.removeAll(keepingCapacity: true)
      steps.removeAll(keepingCapacity: true)
    }
  }

  /// Why application data stays shut.
  public enum Shut: String, Sendable {
    /// The key log has no secret for this connection, or not the one for this direction.
    case noSecrets = "no-secrets"
    /// The connection is older than the capture: its hello wasn't seen.
    case beganBeforeCapture = "began-before-capture"
    /// A version, cipher suite or compression that can't be opened.
    case unsupportedSuite = "unsupported-suite"
    /// Records don't authenticate (a wrong secret, damage), or the bytes are no records.
    case badRecord = "bad-record"
    /// The records behind a hole could not be found again.
    case lostRecords = "lost-records"
    /// A part of the handshake that is needed wasn't seen.
    case incompleteHandshake = "incomplete-handshake"
  }

  /// What the next record of a direction can't be opened without.
  public enum Wait: Sendable, Equatable {
    /// A secret that the key log doesn't have yet.
    case keys
    /// Bytes of the other direction: its hello, or whether early data was accepted.
    case peer
  }

  /// Who sent the ClientHello.
  public internal(set) var clientDirection: Direction?
  /// The server's name in the ClientHello (RFC 6066, 3).
  public internal(set) var serverName: String?
  /// The protocol that was negotiated (RFC 7301): `h2`, `http/1.1`. In TLS 1.3 it is encrypted.
  public internal(set) var applicationProtocol: String?
  public internal(set) var version: TLSVersion?
  /// The cipher suite's number at IANA.
  public internal(set) var cipherSuite: UInt16?
  /// Bytes on the wire of early data that the server refused and passed over (RFC 8446, 4.2.10): what
  /// they ask for had no effect. They are told as overhead. Where their secret is missing, the
  /// client's handshake may be counted with them.
  public internal(set) var refusedEarlyBytes = 0

  let beganBeforeCapture: Bool
  /// What the last handshake has agreed on.
  var negotiation = Negotiation()
  /// By the direction's number.
  var streams = [RecordStream(), RecordStream()]
  var toldOpened = false
  /// A ServerHello that came in front of the ClientHello.
  var earlyAnswer: ServerHello?

  /// - Parameter beganBeforeCapture: whether the connection is older than the capture.
  public init(beganBeforeCapture: Bool) { self.beganBeforeCapture = beganBeforeCapture }

  /// The cipher suite's name at IANA, for those that HTTP clients use.
  public var cipherSuiteName: String? { cipherSuite.flatMap { CipherSuite.name(of: $0) } }

  /// Why something is shut; `nil` while all is open or it isn't known yet. Where the directions
  /// differ, the client's reason.
  public var shut: Shut? {
    let client = clientDirection ?? .forward
    return shut(client) ?? shut(client.opposite)
  }

  /// Why a direction is shut. Never `nil` where encrypted records were taken of a direction and none
  /// was opened, but for early data that were refused.
  public func shut(_ direction: Direction) -> Shut? { streams[Int(direction.rawValue)].shut }

  /// Whether any encrypted record of this direction ever authenticated: application data, or
  /// handshake alone. Not that all of its records did, which is what ``shut(_:)`` tells of. What is
  /// only taken for handshake, and early data that were refused, don't count.
  public func isOpen(_ direction: Direction) -> Bool { streams[Int(direction.rawValue)].isOpen }

  /// What the next record of a direction waits for, since the last ``take(_:_:keys:mayWait:into:)``
  /// of that direction stopped in front of it.
  public func waits(_ direction: Direction) -> Wait? { streams[Int(direction.rawValue)].wait }

  /// Whether a direction waits for a secret.
  public var isWaitingForKeys: Bool { waits(.forward) == .keys || waits(.backward) == .keys }

  /// Whether a direction that waits would get any further now: to be asked when the key log has
  /// grown (``KeyLog/generation``), and when bytes of the other direction were taken. Costs next to
  /// nothing.
  public func canGoOn(_ direction: Direction, keys: KeyLog) -> Bool {
    let index = Int(direction.rawValue)
    guard streams[index].wait != nil else { return false }
    return obstacle(to: streams[index].waitingType, index, keys) == nil
  }

  /// Bytes that were taken and not told yet: of a record that isn't whole, and those that are
  /// ``withheld(_:)``.
  public func carried(_ direction: Direction) -> Int {
    let stream = streams[Int(direction.rawValue)]
    return stream.carry.count &+ stream.givenUp &+ stream.unproved
  }

  /// Those of the bytes ``carried(_:)`` that are whole records which no secret opens. They are
  /// overhead, that is handshake or refused early data, once a later record opens; until then it
  /// isn't known whether the secrets for that are the right ones. At most 320 KB.
  public func withheld(_ direction: Direction) -> Int {
    streams[Int(direction.rawValue)].unproved
  }

  /// Takes the next bytes of one direction.
  ///
  /// - Parameter mayWait: whether to stop in front of a record that can't be opened *yet*; otherwise
  ///   such a record stays shut for ever.
  /// - Returns: how many of the bytes were taken: all, unless the direction ``waits(_:)``. The others
  ///   are to be given again, with what follows them. There may be none, and yet something to go on
  ///   with.
  public mutating func take(
    _ bytes: borrowing Span<UInt8>, _ direction: Direction, keys: KeyLog, mayWait: Bool,
    into output: inout Output
  ) -> Int {
    let index = Int(direction.rawValue)
    streams[index].wait = nil
    streams[index].trialBudget = min(
      RecordStream.trials.first,
      streams[index].trialBudget &+ RecordStream.trials.each &* bytes.count)
    var at = 0
    while true {
      tellGivenUp(index, &output)
      if streams[index].isDead || streams[index].rest > 0 {
        let isDead = streams[index].isDead
        let count = isDead ? bytes.count &- at : min(streams[index].rest, bytes.count &- at)
        guard count > 0 else { return at }
        if !isDead { streams[index].rest &-= count }
        output.add(.shut(count))
        at &+= count
      } else if streams[index].isHunting {
        guard hunt(bytes, &at, index, keys, mayWait, &output) else { return at }
      } else {
        guard nextRecord(bytes, &at, index, keys, mayWait, &output) else { return at }
      }
    }
  }

  /// Says that `length` bytes are missing in front of what is taken next. Bytes that wait must be
  /// taken before.
  public mutating func skip(_ length: Int, _ direction: Direction) {
    let index = Int(direction.rawValue)
    guard !streams[index].isDead else { return }
    streams[index].wait = nil
    streams[index].hasHole = true
    streams[index].hasBegun = true
    lose(max(1, length), index)
  }

  /// Says that a direction is over. Bytes that wait must be taken before.
  ///
  /// - Returns: the bytes that are ``carried(_:)``, which stay shut.
  public mutating func finish(_ direction: Direction) -> Int {
    let index = Int(direction.rawValue)
    defer {
      streams[index].givenUp = 0
      streams[index].unproved = 0
      streams[index].unprovedEarly = 0
      streams[index].carry.removeAll()
    }
    return carried(direction)
  }
}
