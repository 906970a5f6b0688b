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

  private let writer = PcapngWriter(
    linkType: .raw, application: "keywitness", interface: "keywitness")
  private let plain: Output?
  private let masked: Output?
  private var redactor: Redactor
  private var connections = 0
  private var latest: Int64 = 0
  private var latestMasked: Int64 = 0
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
      self,
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

  func write(masked packets: [[UInt8]], at time: Int64) {
    guard let masked else { return }
    latestMasked = max(latestMasked, time)
    let time = latestMasked
    for packet in packets { masked(writer.packet(packet, at: time)) }
  }

  /// - Parameter head: how many of the bytes are a request's head.
  func mask(_ bytes: [UInt8], head: Int) -> [UInt8] {
    MaskedMessage.mask(bytes, head: head, &redactor)
  }
}
