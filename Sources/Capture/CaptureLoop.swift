internal import DequeModule
internal import Synchronization
public import Wire

/// Takes packets from a device and hands them on as a pcapng file, until it is stopped.
public final class CaptureLoop: Sendable {
  /// What may be asked while it runs.
  public struct Progress: Sendable {
    public var packets = 0
    /// As they were captured.
    public var bytes = 0
    public var statistics = LiveDevice.Statistics()
    /// Why it ended by itself; `nil` where it was stopped.
    public var failure: String?
  }

  /// When it ends by itself.
  public struct Limits: Sendable {
    public var packets: Int?
    /// Of the file, in bytes.
    public var bytes: Int?
    /// How long packets are held back, in nanoseconds, so that what belongs in front of them is
    /// there: secrets are written only when a handshake is over.
    public var delay: Int64 = 0

    public init() {}
  }

  private let writer: PcapngWriter
  private let limits: Limits
  private let isStopped = Atomic(false)
  private let progress = Mutex(Progress())
  /// Blocks beside packets that are still to be written.
  private let asides = Mutex<[UInt8]>([])

  /// How long it waits for packets before it looks whether it is stopped, in milliseconds.
  private static let patience: Int32 = 50
  /// So often nothing comes when the kernel's buffer is empty.
  private static let idleTurns = 2
  /// How often the numbers of dropped packets are written, in nanoseconds.
  private static let statisticsInterval: Int64 = 10_000_000_000

  public init(_ writer: PcapngWriter, limits: Limits) {
    self.writer = writer
    self.limits = limits
  }

  public var current: Progress { progress.withLock { $0 } }

  /// From any thread.
  public func stop() { isStopped.store(true, ordering: .releasing) }

  /// Puts whole blocks between the packets. From any thread.
  public func insert(_ blocks: [UInt8]) { asides.withLock { $0 += blocks } }

  /// Runs until it is stopped, the device ends or a limit is reached.
  ///
  /// - Parameters:
  ///   - clock: in nanoseconds since 1970.
  ///   - output: takes whole blocks; returns whether anybody wants more.
  public func run(
    _ device: LiveDevice, clock: () -> Int64, output: ([UInt8]) -> Bool
  ) {
    let header = writer.header
    let batch = LiveDevice.Batch(writer, limit: limits.packets ?? .max)
    var written = header.count
    var isWanted = output(header)
    var latestStatistics = clock()
    var held: Deque<(since: Int64, blocks: [UInt8])> = []
    var isFull: Bool { batch.packets >= batch.limit || written >= limits.bytes ?? .max }

    func handOn(_ blocks: [UInt8]) {
      guard !blocks.isEmpty, isWanted else { return }
      isWanted = output(blocks)
    }

    func handOnAsides() {
      let asides = takeAsides()
      written += asides.count
      handOn(asides)
    }

    func takeTurn() -> LiveDevice.Turn {
      batch.blocks.removeAll(keepingCapacity: true)
      let turn = device.turn(waiting: Self.patience, into: batch)
      let now = clock()
      if now &- latestStatistics > Self.statisticsInterval || now < latestStatistics {
        latestStatistics = now
        batch.blocks += statistics(device, now)
      }
      note(device, batch)
      handOnAsides()
      while let first = held.first, now &- first.since > limits.delay || now < first.since {
        handOn(first.blocks)
        held.removeFirst()
      }
      written += batch.blocks.count
      if limits.delay == 0 {
        handOn(batch.blocks)
      } else if !batch.blocks.isEmpty {
        held.append((now, batch.blocks))
      }
      return turn
    }

    var failure: String?
    while isWanted, !isFull, failure == nil, !isStopped.load(ordering: .acquiring) {
      if case .ended(let words) = takeTurn() { failure = words }
    }
    // What came before the end is still in the kernel's buffer; a flood goes on behind it.
    let end = clock()
    var idle = 0
    while isWanted, !isFull, failure == nil, batch.latest < end, idle < Self.idleTurns {
      switch takeTurn() {
      case .packets: idle = 0
      case .nothing: idle += 1
      case .ended(let words): failure = words
      }
    }
    // So are the secrets of the last packets.
    for _ in 0..<(held.isEmpty ? 0 : limits.delay / 10_000_000) {
      LiveDevice.pause(milliseconds: 10)
      handOnAsides()
    }
    handOnAsides()
    for (_, blocks) in held { handOn(blocks) }
    handOn(statistics(device, clock()))
    note(device, batch)
    if let failure { progress.withLock { $0.failure = failure } }
  }

  private func takeAsides() -> [UInt8] {
    asides.withLock { asides in
      defer { asides.removeAll() }
      return asides
    }
  }

  private func statistics(_ device: LiveDevice, _ time: Int64) -> [UInt8] {
    let counts = device.counts()
    return writer.statistics(
      received: counts.received, droppedByDevice: counts.droppedByDevice,
      droppedBySystem: counts.dropped, at: time)
  }

  private func note(_ device: LiveDevice, _ batch: LiveDevice.Batch) {
    let counts = device.counts()
    progress.withLock {
      $0.packets = batch.packets
      $0.bytes = batch.bytes
      $0.statistics = counts
    }
  }
}
