internal import Exchanges
internal import TestSupport
internal import Verdicts
internal import Wire

/// What a trial came to.
public struct TrialResult: Sendable {
  public var runs = 0
  /// Of those that judged: how many passed.
  public var passes = 0
  /// Each says which capture, which variant and what was wrong, in one line.
  public var faults: [String] = []

  public init() {}

  public mutating func add(_ other: TrialResult) {
    runs += other.runs
    passes += other.passes
    faults += other.faults
  }
}

public enum Trial {
  // MARK: The exchanges stay the same

  /// All transformations of one capture.
  public static func metamorphic(_ capture: CleanCapture, seed: UInt64) throws -> TrialResult {
    var result = TrialResult()
    let file = VariantFile()
    let expected = capture.truth.byConnection
    for (number, transformation) in Transformation.all.enumerated() {
      var dice = Dice(seed: seed &+ UInt64(number) &* 7919)
      try file.write(transformation(capture.packets, &dice))
      result.runs += 1
      let found = try Reading(file: file.path, key: capture.key, keyLogs: capture.keyLogs)
        .byConnection
      if let difference = difference(expected, found) {
        result.faults.append("\(capture.name), \(transformation.name): \(difference)")
      }
    }
    return result
  }

  /// Two captures in one file.
  public static func joined(
    _ first: CleanCapture, _ second: CleanCapture, seed: UInt64
  ) throws -> TrialResult {
    var result = TrialResult()
    let file = VariantFile()
    let expected = sorted(first.truth.exchanges + second.truth.exchanges)
    for interleaved in [false, true] {
      var dice = Dice(seed: seed)
      try file.write(
        Transformation.join(
          first.packets, second.packets, interleaved: interleaved, &dice))
      result.runs += 1
      // Each of the two has a key of its own: the verdict on it isn't what this is about.
      let found = sorted(
        try Reading(file: file.path, key: first.key, keyLogs: first.keyLogs + second.keyLogs)
          .exchanges)
      if let difference = difference(expected, found, comparesVerdicts: false) {
        result.faults.append(
          "\(first.name) with \(second.name)\(interleaved ? ", interleaved" : ""): \(difference)")
      }
    }
    return result
  }

  private static func sorted(_ exchanges: [Reading.Seen]) -> [Reading.Seen] {
    exchanges.enumerated().sorted { left, right in
      let (a, b) = (left.element, right.element)
      if a.client != b.client { return a.client < b.client }
      if a.request?.head != b.request?.head {
        return (a.request?.head ?? []).lexicographicallyPrecedes(b.request?.head ?? [])
      }
      if a.response?.head != b.response?.head {
        return (a.response?.head ?? []).lexicographicallyPrecedes(b.response?.head ?? [])
      }
      return left.offset < right.offset
    }.map(\.element)
  }

  static func difference(
    _ expected: [Reading.Seen], _ found: [Reading.Seen], comparesVerdicts: Bool = true
  ) -> String? {
    for (wanted, got) in zip(expected, found) {
      var (wanted, got) = (wanted, got)
      if !comparesVerdicts {
        for verdict in ["verdict"] {
          wanted.verdict = verdict
          got.verdict = verdict
        }
        got.isCopy = wanted.isCopy
      }
      if wanted != got { return "expected \(wanted.line), found \(got.line)" }
    }
    guard expected.count == found.count else {
      return "expected \(expected.count) exchanges, found \(found.count)"
    }
    return nil
  }

  // MARK: No false pass

  /// Drops each packet in turn, and `pairs` random pairs: what passes then was seen whole.
  public static func dropping(
    _ capture: CleanCapture, pairs: Int, seed: UInt64, every step: Int = 1
  ) throws -> TrialResult {
    var result = TrialResult()
    let file = VariantFile()
    let count = capture.packets.count
    for index in stride(from: 0, to: count, by: max(1, step)) {
      let reading = try drop([index], capture, file, &result)
      if let fault = survivors(without: index, capture, reading) {
        result.faults.append("\(capture.name) without packet \(index + 1): \(fault)")
      }
    }
    var dice = Dice(seed: seed)
    for _ in 0..<pairs where count > 1 {
      let first = Int.random(in: 0..<count, using: &dice)
      let second = Int.random(in: 0..<count, using: &dice)
      _ = try drop([first, second], capture, file, &result)
    }
    return result
  }

  /// Every exchange that the missing packet doesn't touch is there as it was; the one that it
  /// touches is marked.
  private static func survivors(
    without dropped: Int, _ capture: CleanCapture, _ reading: Reading
  ) -> String? {
    guard !capture.packets[dropped].payload.isEmpty else { return nil }
    var pool = reading.exchanges
    let frame = Int32(dropped + 1)
    let touched = capture.truth.exchanges.filter { $0.isCarried(by: frame) }
    // Of pipelined requests it may not be known any more whose answer is whose.
    var doubtful = touched
    for wanted in capture.truth.exchanges where doubtful.contains(where: wanted.isPipelined(with:))
    {
      doubtful.append(wanted)
    }
    for wanted in capture.truth.exchanges where !wanted.isCarried(by: frame) {
      if let same = pool.firstIndex(of: wanted) {
        pool.remove(at: same)
      } else if !doubtful.contains(wanted), !beginsInAFragment(wanted, capture),
        wanted.interim.isEmpty, !sharesTLS(wanted, capture.packets[dropped])
      {
        return "lost, though not touched: \(wanted.line)"
      }
    }
    guard reading.ledger.payload.holes > 0 else { return nil }
    for wanted in touched where pool.contains(wanted) {
      return "nothing is missing in \(wanted.line)"
    }
    return nil
  }

  /// What a lost record of TLS carried can't be seen: any message of its connection may have stood
  /// in it, and without the handshake nothing opens.
  private static func sharesTLS(_ wanted: Reading.Seen, _ packet: TCPPacket) -> Bool {
    let ports = [packet.sourcePort, packet.destinationPort]
    return wanted.isTLS && ports.contains(wanted.client) && ports.contains(wanted.server)
  }

  /// Behind a hole a request is recognised by its first word, if that stands in one segment.
  private static func beginsInAFragment(_ wanted: Reading.Seen, _ capture: CleanCapture) -> Bool {
    guard let first = wanted.request?.frames.first?.lowerBound else { return false }
    return capture.packets[Int(first) - 1].payload.count < 8
  }

  static func drop(
    _ dropped: Set<Int>, _ capture: CleanCapture, _ file: VariantFile, _ result: inout TrialResult
  ) throws -> Reading {
    let left = capture.packets.indices.filter { !dropped.contains($0) }.map { capture.packets[$0] }
    try file.write(Transformation.file(left))
    result.runs += 1
    let reading = try Reading(file: file.path, key: capture.key, keyLogs: capture.keyLogs)
    let what = "\(capture.name) without packets \(dropped.sorted().map { $0 + 1 })"
    if reading.ledger.unexplainedBytes != 0 {
      result.faults.append("\(what): \(reading.ledger.unexplainedBytes) bytes are unexplained")
    }
    guard reading.passes else { return reading }
    result.passes += 1
    // It may pass only if each request of the truth was seen with its whole head and its verdict.
    var pool = reading.exchanges
    for wanted in capture.truth.exchanges where wanted.request != nil {
      let seen = pool.firstIndex {
        $0.client == wanted.client && $0.request?.headState == "complete"
          && $0.request?.head == wanted.request?.head && $0.verdict == wanted.verdict
      }
      guard let seen else {
        result.faults.append("\(what): passes, without \(wanted.line)")
        return reading
      }
      pool.remove(at: seen)
    }
    return reading
  }

  // MARK: Cuts

  /// Cuts the file at every byte, or at `places` of them: the output is a prefix, and says so.
  public static func cutting(
    _ capture: CleanCapture, places: Int, format: CaptureFormat = .pcapNanoseconds
  ) throws -> TrialResult {
    var result = TrialResult()
    let file = VariantFile()
    let whole = format.bytes(
      of: capture.packets.map {
        CapturedPacket(time: $0.time, linkType: 1, frame: Encapsulation.ethernet.frame($0))
      })
    let ends = recordEnds(capture, format)
    let step = max(1, whole.count / max(1, places))
    // The places around the record's ends are the ones that matter.
    var cuts = Set(stride(from: 0, to: whole.count, by: step))
    if step > 1 { for end in ends { cuts.formUnion([end - 1, end, end + 1]) } }
    for cut in cuts.sorted() where cut >= 0 && cut < whole.count {
      try file.write(Array(whole[..<cut]))
      result.runs += 1
      if let fault = try judge(capture, file.path, isAtRecordEnd: ends.contains(cut)) {
        result.faults.append("\(capture.name) as \(format), cut at byte \(cut): \(fault)")
      }
    }
    return result
  }

  /// Where a reader can't tell that anything is missing.
  private static func recordEnds(_ capture: CleanCapture, _ format: CaptureFormat) -> Set<Int> {
    var ends: Set<Int> = []
    var frames: [CapturedPacket] = []
    let header = format.bytes(of: [CapturedPacket(time: 0, linkType: 1, frame: [])]).count
    var end = header - (format == .pcapng ? 32 : 16)
    ends.insert(end)
    // The section header alone is a whole file, too.
    if format == .pcapng { ends.insert(28) }
    for packet in capture.packets {
      frames = [
        CapturedPacket(time: packet.time, linkType: 1, frame: Encapsulation.ethernet.frame(packet))
      ]
      end += format.bytes(of: frames).count - (header - (format == .pcapng ? 32 : 16))
      ends.insert(end)
    }
    return ends
  }

  private static func judge(
    _ capture: CleanCapture, _ path: String, isAtRecordEnd: Bool
  ) throws -> String? {
    let reading: Reading
    do {
      reading = try Reading(file: path, key: capture.key, keyLogs: capture.keyLogs)
    } catch {
      return nil
    }
    if !isAtRecordEnd, !reading.saysThatItIsCut { return "doesn't say that the file is cut" }
    if reading.ledger.unexplainedBytes != 0 { return "bytes are unexplained" }
    guard reading.exchanges.count <= capture.truth.exchanges.count else {
      return "\(reading.exchanges.count) exchanges of \(capture.truth.exchanges.count)"
    }
    for (seen, wanted) in zip(reading.exchanges, capture.truth.exchanges)
    where !isPrefix(seen, of: wanted) {
      return "\(seen.line) is no beginning of \(wanted.line)"
    }
    return nil
  }

  static func isPrefix(_ seen: Reading.Seen, of wanted: Reading.Seen) -> Bool {
    guard seen.client == wanted.client, seen.server == wanted.server else { return false }
    let isWhole = seen.request?.headState == "complete"
    // What comes later may put a request in doubt, but turns no verdict into another.
    if isWhole, seen.verdict != wanted.verdict, wanted.verdict != "unknown" { return false }
    return isPrefix(seen.request, of: wanted.request)
      && isPrefix(seen.response, of: wanted.response)
      && wanted.interim.starts(with: seen.interim)
  }

  private static func isPrefix(_ seen: Reading.Side?, of wanted: Reading.Side?) -> Bool {
    guard let seen else { return true }
    guard let wanted else { return false }
    if seen.headState == "complete" {
      guard seen.head == wanted.head, wanted.body.starts(with: seen.body) else { return false }
      return !seen.isWhole || seen.body == wanted.body || wanted.bodyState != "complete"
    }
    guard seen.body.isEmpty else { return false }
    return wanted.head.starts(with: seen.head) || isPartHTTP2(seen.head, of: wanted.head)
  }

  /// The fields of HTTP/2 come in any order behind a start line that is made of some of them.
  private static func isPartHTTP2(_ head: [UInt8], of whole: [UInt8]) -> Bool {
    let lines = head.split(separator: 0x0A)
    let known = whole.split(separator: 0x0A)
    guard let first = lines.first, String(decoding: first, as: UTF8.self).contains("HTTP/2") else {
      return false
    }
    return lines.dropFirst().allSatisfy { known.contains($0) }
  }
}
