/// The records of one direction: what is known of their keys, and how far they were read.
struct RecordStream: Sendable {
  /// Under which keys records are, in the order of time.
  enum Epoch: Int, Sendable {
    case early
    case handshake
    /// All records of TLS 1.2 and older, too.
    case application
    /// TLS 1.3: the keys behind a KeyUpdate that wasn't seen.
    case updated
  }

  /// A secret that may be the right one instead.
  struct Rival: Sendable {
    var epoch: Epoch
    var cipher: RecordCipher
    /// In TLS 1.3.
    var trafficSecret: [UInt8]
  }

  /// How many records a hole may have swallowed: the next one is tried under so many numbers.
  static let slackLimit = 1024
  /// Records in a row that don't authenticate, before a direction is given up: of one of which
  /// nothing was ever opened, and of another one.
  static let badLimits = (never: 3, open: 8)
  /// Bytes that are searched behind a hole for the next record.
  static let huntLimit = 1 << 18
  /// Bytes that are passed over as handshake without their secret, and as early data that were
  /// refused, before the other secrets must be the wrong ones.
  static let unprovedLimits = (handshake: 1 << 16, early: 1 << 18)
  /// How many bytes may be decrypted in vain, and how many more for each byte that came: a hostile
  /// capture must not cost more than its length.
  static let trials = (first: 32 << 20, each: 4)

  /// Shared by all that have none.
  private static let noCiphers = [RecordCipher?](repeating: nil, count: 4)

  var carry = Carry()
  /// Bytes of records that were given up and are to be told.
  var givenUp = 0
  /// Bytes that still come of a record with a hole in it.
  var rest = 0
  /// Whether the next record must be searched.
  var isHunting = false
  var hunted = 0
  /// Whether anything came.
  var hasBegun = false
  var hasHole = false

  /// TLS 1.2 and older: whether the direction has changed its cipher spec.
  var isSealed = false
  var epoch: Epoch = .handshake
  /// By epoch.
  var ciphers = Self.noCiphers
  /// Where the key log has several secrets for an epoch, the other ones, until one opens a record.
  var rivals: [Rival] = []
  /// Of the application's keys in TLS 1.3, for the next ones.
  var trafficSecret: [UInt8] = []
  var sequence: UInt64 = 0
  /// How many records may be missing in front of the next one.
  var slack = 0
  /// Bytes of records that are handshake, or early data that were refused, if the other secrets are
  /// the right ones: told once one of those opens a record, or never does.
  var unproved = 0
  /// Those of them that are refused early data then.
  var unprovedEarly = 0
  var trialBudget = Self.trials.first
  var reader = HandshakeReader()

  /// Whether any record was opened.
  var isOpen = false
  /// Application data may be missing in front of what is opened next.
  var hasLost = false
  /// Records in a row that don't authenticate.
  var badRecords = 0
  /// Whether it was told of a record that nobody may send.
  var toldForeign = false
  /// Whether it was told that a secret is missing.
  var toldPartialKeys = false
  var shut: TLSSession.Shut?
  /// Nothing more is tried.
  var isDead = false
  var wait: TLSSession.Wait?
  /// The content type of the record that waits.
  var waitingType: UInt8 = 0

  /// Gives the direction up.
  mutating func die(_ reason: TLSSession.Shut) {
    isDead = true
    isHunting = false
    rest = 0
    shut = reason
    giveUpUnproved()
    giveUpCarry()
    ciphers = Self.noCiphers
    rivals = []
  }

  mutating func giveUpUnproved() {
    givenUp &+= unproved
    unproved = 0
    unprovedEarly = 0
  }

  mutating func giveUpCarry() {
    givenUp &+= carry.count
    carry.removeAll()
  }

  /// The next record is the first one under other keys.
  ///
  /// - Parameter isAnew: whether keys of that epoch that are known are of another handshake.
  mutating func begin(_ next: Epoch, isAnew: Bool = false) {
    for old in ciphers.indices where old != next.rawValue || isAnew { ciphers[old] = nil }
    if !rivals.isEmpty { rivals.removeAll { $0.epoch != next || isAnew } }
    epoch = next
    sequence = 0
    slack = 0
    reader.reset()
  }

  /// What opened a record of an epoch is the right one.
  mutating func settle(_ epoch: Epoch, on rival: Rival? = nil) {
    if let rival {
      ciphers[epoch.rawValue] = rival.cipher
      if epoch == .application { trafficSecret = rival.trafficSecret }
    }
    if !rivals.isEmpty { rivals.removeAll { $0.epoch == epoch } }
  }

  /// Whether so many bytes may be decrypted once more.
  mutating func mayTry(_ count: Int) -> Bool {
    trialBudget &-= count
    return trialBudget > 0
  }
}

extension TLSSession.Output {
  /// Adds a step; bytes of the same kind are told together.
  mutating func add(_ step: TLSSession.Step) {
    switch (step, steps.last) {
    case (.overhead(let more), .overhead(let before)):
      steps[steps.count &- 1] = .overhead(before &+ more)
    case (.shut(let more), .shut(let before)):
      steps[steps.count &- 1] = .shut(before &+ more)
    default: steps.append(step)
    }
  }
}
