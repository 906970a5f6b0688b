internal import Testing
internal import Wire

@testable internal import TLS

/// Secrets that are missing, late or wrong; records that are damaged, and bytes that are missing.
@Suite(.enabled(if: OpenSSL.path != nil, Comment(rawValue: OpenSSL.absence)), .serialized)
struct DamageTests {
  static let kinds = [
    ["-tls1_3", "-ciphersuites", "TLS_AES_128_GCM_SHA256"],
    ["-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"],
    ["-tls1_2", "-cipher", "ECDHE-RSA-CHACHA20-POLY1305"],
    ["-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA256", "-no_etm"],
  ]
  /// What the client says, each in a record of its own.
  static let lines = (0..<12).map { "\($0) " + String(repeating: "\($0)", count: 100 * $0) + "\n" }
  static let answer = "0123\n"

  private static let recordings = kinds.map { options in
    Result {
      try OpenSSL.record(
        clients: [options], turns: lines.map { .client($0) } + [.server(answer)])
    }
  }

  private func recording(_ kind: [String]) throws -> OpenSSL.Recording {
    let index = try #require(Self.kinds.firstIndex(of: kind))
    return try #require(try Self.recordings[index].get().first)
  }

  private static let whole = lines.joined()

  // MARK: Secrets

  @Test(arguments: kinds) func staysShutWithoutSecrets(_ kind: [String]) throws {
    let recording = try recording(kind)
    var witness = Witness([])
    for chunk in recording.chunks { witness.give(chunk.bytes, chunk.direction, mayWait: true) }
    #expect(witness.session.isWaitingForKeys)
    #expect(witness.session.shut == nil)
    witness.finish()
    #expect(witness.session.shut == .noSecrets)
    #expect(witness.text(.forward) + witness.text(.backward) == "")
    #expect(witness.shutBytes(.forward) > Self.whole.utf8.count)
    #expect(witness.oddities(.forward) == [])
    #expect(witness.count(.opened) == 0)
  }

  @Test(arguments: kinds) func goesOnWhenSecretsCome(_ kind: [String]) throws {
    let recording = try recording(kind)
    var witness = Witness([])
    for chunk in recording.chunks { witness.give(chunk.bytes, chunk.direction, mayWait: true) }
    let generation = witness.keys.generation
    // In two pieces, within a line.
    witness.grow(Array(recording.keyLog.prefix(100)))
    #expect(witness.text(.forward) == "")
    witness.grow(Array(recording.keyLog.dropFirst(100)))
    #expect(witness.keys.generation > generation)
    witness.finish()
    #expect(witness.text(.forward) == Self.whole)
    #expect(witness.text(.backward) == Self.answer)
    #expect(witness.shutBytes(.forward) == 0)
    #expect(witness.count(.lost) == 0)
    #expect(witness.session.shut == nil)
  }

  @Test(arguments: kinds) func opensWhatComesAfterLateSecrets(_ kind: [String]) throws {
    let recording = try recording(kind)
    var witness = Witness([])
    var said = 0
    for chunk in recording.chunks {
      if chunk.direction == .forward { said += 1 }
      if said == 8, chunk.direction == .forward { witness.grow(recording.keyLog) }
      witness.give(chunk.bytes, chunk.direction)
    }
    witness.finish()
    let text = witness.text(.forward)
    #expect(!text.isEmpty && text.count < Self.whole.count && Self.whole.hasSuffix(text))
    #expect(witness.shutBytes(.forward) > 0)
    #expect(witness.steps[0].count { $0 == .lost } == 1)
    #expect(witness.text(.backward) == Self.answer)
  }

  @Test func opensTheDirectionWhoseSecretsAreThere() throws {
    let recording = try recording(Self.kinds[0])
    var witness = Witness(
      recording,
      keyLog: recording.keyLog(
        without: "SERVER_HANDSHAKE_TRAFFIC_SECRET", "SERVER_TRAFFIC_SECRET_0"))
    witness.watch(recording.chunks)
    #expect(witness.text(.forward) == Self.whole)
    #expect(witness.text(.backward) == "")
    #expect(witness.oddities(.forward) == [])
    #expect(witness.oddities(.backward) == [.tlsPartialKeys])
    #expect(witness.session.shut(.forward) == nil)
    #expect(witness.session.shut(.backward) == .noSecrets)
    #expect(witness.session.isOpen(.forward) && !witness.session.isOpen(.backward))

    // The handshake's secrets alone: the handshake is read, what follows stays shut.
    var handshake = Witness(
      recording,
      keyLog: recording.keyLog(without: "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0"))
    handshake.watch(recording.chunks)
    #expect(handshake.text(.forward) == "")
    #expect(handshake.oddities(.forward) == [.tlsPartialKeys])
    #expect(handshake.session.shut == .noSecrets)
  }

  /// The key log of a recording, with other secrets.
  private static func wrong(_ recording: OpenSSL.Recording) -> String {
    String(decoding: recording.keyLog, as: UTF8.self).split(separator: "\n").map {
      $0.hasPrefix("#") ? String($0) : $0.dropLast(8) + "00000000"
    }.joined(separator: "\n")
  }

  @Test(arguments: kinds) func namesWrongSecrets(_ kind: [String]) throws {
    let recording = try recording(kind)
    var witness = Witness(recording, keyLog: Array(Self.wrong(recording).utf8))
    witness.watch(recording.chunks)
    #expect(witness.text(.forward) + witness.text(.backward) == "")
    #expect(witness.session.shut == .badRecord)
    #expect(witness.oddities(.forward) == [.tlsBadRecord])
    #expect(witness.oddities(.backward) == [.tlsBadRecord])
    #expect(witness.shutBytes(.forward) > Self.whole.utf8.count)
  }

  /// Wrong lines in front of the right ones, or behind them: what authenticates is right.
  @Test(arguments: kinds + [["-tls1", "-cipher", "AES128-SHA:@SECLEVEL=0"]])
  func findsTheRightSecretsAmongWrongOnes(_ kind: [String]) throws {
    let recording =
      try Self.kinds.contains(kind)
      ? recording(kind)
      : #require(
        try OpenSSL.record(
          server: ["-cipher", "ALL:@SECLEVEL=0"], clients: [kind],
          turns: Self.lines.map { .client($0) } + [.server(Self.answer)]
        ).first)
    let wrong = Array(Self.wrong(recording).utf8) + [0x0A]
    for keyLog in [wrong + recording.keyLog, recording.keyLog + wrong] {
      var witness = Witness(recording, keyLog: keyLog)
      witness.watch(recording.chunks)
      #expect(witness.text(.forward) == Self.whole)
      #expect(witness.text(.backward) == Self.answer)
      #expect(witness.session.shut == nil)
      #expect(witness.oddities(.forward) + witness.oddities(.backward) == [])
      // Nothing of the server was captured.
      var half = Witness(recording, keyLog: keyLog)
      half.watch(recording.chunks.filter { $0.direction == .forward })
      #expect(half.text(.forward) == (kind[0] == "-tls1_3" ? Self.whole : ""))
    }
  }

  // MARK: Damage

  @Test(arguments: kinds) func goesOnBehindADamagedRecord(_ kind: [String]) throws {
    let recording = try recording(kind)
    let stream = recording.bytes(.forward)
    var records = TLSBytes.records(of: stream)
    let victim = records.count - 6
    records[victim][40] ^= 1
    let witness = watch(recording, forward: [.bytes(Array(records.joined()))])
    #expect(witness.oddities(.forward) == [.tlsBadRecord])
    #expect(witness.count(.lost) == 1)
    #expect(witness.shutBytes(.forward) == records[victim].count)
    #expect(witness.session.shut == nil)
    let text = witness.text(.forward)
    #expect(text.count < Self.whole.count && text.count > Self.whole.count / 2)
    #expect(Self.isWithoutOneLine(text))
  }

  private static func isWithoutOneLine(_ text: String) -> Bool {
    lines.indices.contains { gone in
      lines.indices.filter { $0 != gone }.map { lines[$0] }.joined() == text
    }
  }

  private enum Part {
    case bytes([UInt8])
    case hole(Int)
  }

  /// All of the server's bytes up to its answer, then the client's in these parts, then the rest.
  private func watch(
    _ recording: OpenSSL.Recording, forward parts: [Part], backward: [Part]? = nil,
    keyLog: [UInt8]? = nil
  ) -> Witness {
    var witness = Witness(recording, keyLog: keyLog)
    func give(_ parts: [Part], _ direction: Direction) {
      for part in parts {
        switch part {
        case .bytes(let bytes): witness.give(bytes, direction, mayWait: true)
        case .hole(let length):
          // What waits for the other direction comes in front of the hole.
          if witness.session.waits(direction) != nil { witness.settle(direction) }
          witness.skip(length, direction)
        }
      }
    }
    let hello = TLSBytes.records(of: recording.bytes(.forward))[0]
    var parts = parts
    if case .bytes(let first)? = parts.first, first.starts(with: hello) {
      parts[0] = .bytes(Array(first.dropFirst(hello.count)))
      witness.give(hello, .forward, mayWait: true)
    }
    give(backward ?? [.bytes(recording.bytes(.backward))], .backward)
    give(parts, .forward)
    witness.finish()
    return witness
  }

  @Test(arguments: kinds) func bridgesHoles(_ kind: [String]) throws {
    let recording = try recording(kind)
    let stream = recording.bytes(.forward)
    let records = TLSBytes.records(of: stream)
    // From behind the handshake on.
    let start = records.prefix(records.count - 12).reduce(0) { $0 + $1.count }
    for (number, length) in [1, 3, 17, 200, 1500, 3000].enumerated() {
      for first in stride(from: start + number, to: stream.count - length, by: 97) {
        let last = first + length
        let witness = watch(
          recording,
          forward: [
            .bytes(Array(stream[..<first])), .hole(length), .bytes(Array(stream[last...])),
          ])
        let text = witness.text(.forward)
        #expect(Self.isWithoutSomeLines(text), "hole of \(length) at \(first)")
        #expect(witness.oddities(.forward) == [])
        // What doesn't touch the hole is there.
        let touched = Self.touched(records, first, last)
        let expected = touched.isEmpty ? 0 : 1
        let isAtEnd = touched.contains { $0 >= records.count - 2 }
        #expect(witness.count(.lost) == expected || isAtEnd, "hole of \(length) at \(first)")
        let isShut = touched.reduce(0) { $0 + records[$1].count } - length
        #expect(witness.shutBytes(.forward) == isShut, "hole of \(length) at \(first)")
      }
    }
  }

  private static func touched(_ records: [[UInt8]], _ first: Int, _ last: Int) -> [Int] {
    var at = 0
    var touched: [Int] = []
    for (index, record) in records.enumerated() {
      if at < last, at + record.count > first { touched.append(index) }
      at += record.count
    }
    return touched
  }

  private static func isWithoutSomeLines(_ text: String) -> Bool {
    for first in 0...lines.count {
      for last in first...lines.count
      where (lines[..<first] + lines[last...]).joined() == text { return true }
    }
    return false
  }

  /// The server's hello and certificate: TLS 1.3 is opened by trying, TLS 1.2 can't be.
  @Test(arguments: kinds) func bridgesHolesInTheHandshake(_ kind: [String]) throws {
    let recording = try recording(kind)
    let stream = recording.bytes(.backward)
    let hello = TLSBytes.records(of: stream)[0].count
    let forward = [Part.bytes(recording.bytes(.forward))]
    for (first, last) in [(0, 50), (0, hello), (20, hello + 30), (hello + 10, hello + 300)] {
      let witness = watch(
        recording, forward: forward,
        backward: [
          .bytes(Array(stream[..<first])), .hole(last - first), .bytes(Array(stream[last...])),
        ])
      let isOpen = kind[0] == "-tls1_3" || first >= hello
      #expect(witness.text(.forward) == (isOpen ? Self.whole : ""), "hole from \(first)")
      #expect(witness.text(.backward) == (isOpen ? Self.answer : ""), "hole from \(first)")
      #expect(witness.session.shut == (isOpen ? nil : .incompleteHandshake))
    }
  }

  /// Nothing of the server was captured.
  @Test(arguments: kinds) func opensOneSideAlone(_ kind: [String]) throws {
    let recording = try recording(kind)
    var witness = Witness(recording)
    witness.watch(recording.chunks.filter { $0.direction == .forward })
    let isOpen = kind[0] == "-tls1_3"
    #expect(witness.text(.forward) == (isOpen ? Self.whole : ""))
    #expect(witness.session.shut == (isOpen ? nil : .incompleteHandshake))
    #expect(witness.oddities(.forward) == [])
  }

  /// Nothing but secrets for the application's records, and those of another connection.
  @Test func doesNotTakeForHandshakeWhatWrongSecretsDoNotOpen() throws {
    let recording = try recording(Self.kinds[0])
    let wrong = String(
      decoding: recording.keyLog(
        without: "CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET"),
      as: UTF8.self
    ).split(separator: "\n").map { $0.dropLast(8) + "00000000" }.joined(separator: "\n")
    var witness = Witness(recording, keyLog: Array(wrong.utf8))
    witness.watch(recording.chunks)
    #expect(witness.session.shut(.forward) == .noSecrets)
    #expect(witness.session.shut(.backward) == .noSecrets)
    #expect(!witness.session.isOpen(.forward))
  }

  @Test(arguments: kinds) func namesAMissingClientHello(_ kind: [String]) throws {
    let recording = try recording(kind)
    let stream = recording.bytes(.forward)
    let witness = watch(recording, forward: [.hole(100), .bytes(Array(stream[100...]))])
    #expect(witness.text(.forward) + witness.text(.backward) == "")
    #expect(witness.session.shut == .incompleteHandshake)
  }

  // MARK: Other beginnings

  @Test(arguments: kinds) func namesConnectionsThatBeganBefore(_ kind: [String]) throws {
    let recording = try recording(kind)
    let records = TLSBytes.records(of: recording.bytes(.forward))
    for dropped in [0, 7] {
      var witness = Witness(recording.keyLog, beganBeforeCapture: true)
      let rest = Array(records.suffix(8).joined().dropFirst(dropped))
      witness.give(rest, .forward, mayWait: true)
      witness.give(
        Array(TLSBytes.records(of: recording.bytes(.backward)).suffix(1).joined()), .backward)
      witness.finish()
      #expect(witness.session.shut == .beganBeforeCapture)
      #expect(witness.shutBytes(.forward) == rest.count)
      #expect(witness.oddities(.forward) == [])
    }
    // The capture began in front of the hello all the same.
    var witness = Witness(recording.keyLog, beganBeforeCapture: true)
    witness.watch(recording.chunks)
    #expect(witness.text(.forward) == Self.whole)
  }

  @Test(arguments: ["GET / HTTP/1.1\r\n\r\n", "\u{80}.\u{1}\u{0}\u{2}", "\u{16}\u{3}\u{9}ab"])
  func namesWhatIsNoTLS(_ text: String) {
    var witness = Witness([])
    let bytes = Array(text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
    witness.give(bytes + bytes, .forward, mayWait: true)
    #expect(witness.session.shut == .badRecord)
    #expect(witness.oddities(.forward) == [.tlsBadRecord])
    #expect(witness.shutBytes(.forward) == 2 * bytes.count)
  }

  /// Whatever was changed in a conversation: nothing traps, and every byte is accounted for.
  @Test(arguments: kinds) func accountsForWhateverComes(_ kind: [String]) throws {
    let recording = try recording(kind)
    var random = Pseudorandom(seed: 7)
    for _ in 0..<300 {
      var witness = Witness(recording)
      for chunk in recording.chunks {
        var bytes = chunk.bytes
        switch random.next(10) {
        case 0: bytes[random.next(bytes.count)] ^= UInt8(1 << random.next(8))
        case 1: bytes.removeFirst(random.next(bytes.count))
        case 2: bytes += bytes.prefix(random.next(bytes.count))
        case 3: witness.skip(random.next(2000), chunk.direction)
        default: break
        }
        witness.give(bytes, chunk.direction, mayWait: random.next(2) == 0)
        if witness.session.waits(chunk.direction) != nil { witness.settle(chunk.direction) }
      }
      witness.finish()
      #expect(Self.whole.count >= witness.text(.forward).count)
    }
  }

  /// Each byte a header: behind a hole, every one could be a record.
  @Test(.timeLimit(.minutes(30))) func boundsTheSearch() throws {
    let recording = try recording(Self.kinds[0])
    var witness = Witness(recording)
    for chunk in recording.chunks { witness.give(chunk.bytes, chunk.direction) }
    let bait = Array(repeatElement([23, 3, 3, 0x40, 0x11] as [UInt8], count: 20_000).joined())
    for _ in 0..<100 {
      witness.skip(1_000_000, .backward)
      witness.give(bait, .backward)
    }
    #expect(witness.session.shut(.backward) == .lostRecords)
  }
}
