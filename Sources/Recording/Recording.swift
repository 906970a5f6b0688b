public import Redaction
public import Wire

/// Traffic that passes through this process, written down as packets: a capture without any right,
/// device or kernel.
///
/// Two readers may want it: a file for people, in which every key is a stand-in of the same length,
/// and the judge of this run, which needs the real ones. Lives on one event loop; no lock.
public final class Recording {
  /// Takes the next bytes of a pcapng file.
  public typealias Output = ([UInt8]) -> Void

  /// Who gets the traffic of a server as a pcapng file; called on its event loop.
  public struct Taps: Sendable {
    /// Gets it as it was.
    public var plain: (@Sendable ([UInt8]) -> Void)?
    /// Gets it with stand-ins in the place of keys.
    public var masked: (@Sendable ([UInt8]) -> Void)?

    public init(
      plain: (@Sendable ([UInt8]) -> Void)? = nil, masked: (@Sendable ([UInt8]) -> Void)? = nil
    ) {
      self.plain = plain
      self.masked = masked
    }
  }

  private let writer = PcapngWriter(
    linkType: .raw, application: "keywitness", interface: "keywitness")
  private let plain: Output?
  private let masked: Output?
  private var redactor: Redactor
  private var connections = 0
  private var latest: Int64 = 0
  /// Masked packets that wait for earlier ones which aren't masked yet, in order of time.
  private var waiting: [(time: Int64, bytes: [UInt8])] = []
  private var waitingBytes = 0
  private var latestMasked: Int64 = 0
  /// When the earliest bytes came that a connection still holds, by its number.
  private var held: [Int: Int64] = [:]
  private let clock: () -> Int64

  /// - Parameters:
  ///   - plain: gets the packets as they were.
  ///   - masked: gets them with stand-ins in the place of keys.
  ///   - redactor: knows the keys that are expected. What it shows doesn't matter.
  ///   - clock: in nanoseconds since 1970.
  public init(
    plain: Output?, masked: Output?, redactor: Redactor, clock: @escaping () -> Int64
  ) {
    self.plain = plain
    self.masked = masked
    // Not a copy: whoever shows keys on a terminal hasn't asked for them in a file.
    self.redactor = Redactor(keys: redactor.keys)
    self.redactor.standIns = .ofSameLength
    self.clock = clock
    for output in [plain, masked] { output?(writer.header) }
  }

  /// A connection that was opened just now.
  public func open(client: Endpoint, server: Endpoint) -> RecordedConnection {
    connections += 1
    return RecordedConnection(
      self, number: connections,
      TCPConversation(client: client, server: server, number: connections))
  }

  var isMasking: Bool { masked != nil }
  var isPlain: Bool { plain != nil }

  /// Never earlier than the packet before: readers take a file for ordered.
  func now() -> Int64 {
    latest = max(latest, clock())
    return latest
  }

  func write(plain packets: [[UInt8]], at time: Int64) {
    guard let plain else { return }
    for packet in packets { plain(writer.packet(packet, at: time)) }
  }

  /// So much may wait, in bytes; beyond that, packets are written as they come.
  private static let waitingLimit = 64 << 20

  /// A connection holds bytes that came at a time, or none.
  func hold(since time: Int64?, by connection: Int) {
    guard isMasking, held[connection] != time else { return }
    held[connection] = time
    flush()
  }

  func write(masked packets: [[UInt8]], at time: Int64) {
    guard isMasking else { return }
    var place = waiting.endIndex
    while place > 0, waiting[place - 1].time > time { place -= 1 }
    for packet in packets {
      waiting.insert((time, packet), at: place)
      waitingBytes += packet.count
      place += 1
    }
    flush()
  }

  /// Writes what no held byte can be earlier than.
  private func flush() {
    guard let masked, !waiting.isEmpty else { return }
    let limit = waitingBytes > Self.waitingLimit ? Int64.max : held.values.min() ?? .max
    var count = 0
    while count < waiting.count, waiting[count].time <= limit {
      let (time, packet) = waiting[count]
      // Readers take a file for ordered.
      latestMasked = max(latestMasked, time)
      masked(writer.packet(packet, at: latestMasked))
      waitingBytes -= packet.count
      count += 1
    }
    waiting.removeFirst(count)
  }

  /// - Parameter head: how many of the bytes are a message's head.
  func mask(_ bytes: [UInt8], head: Int) -> [UInt8] {
    MaskedMessage.mask(bytes, head: head, &redactor)
  }
}
