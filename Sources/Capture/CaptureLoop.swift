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

    public init() {}
  }

  private let writer: PcapngWriter
  private let limits: Limits
  private let isStopped = Atomic(false)
  private let progress = Mutex(Progress())
  /// Remarks that are still to be written.
  private let remarks = Mutex<[String]>([])

  /// How long it waits for packets before it looks whether it is stopped, in milliseconds.
  private static let patience: Int32 = 50
  /// How often the numbers of dropped packets are written, in nanoseconds.
  private static let statisticsInterval: Int64 = 10_000_000_000

  public init(_ writer: PcapngWriter, limits: Limits) {
    self.writer = writer
    self.limits = limits
  }

  public var current: Progress { progress.withLock { $0 } }

  /// From any thread.
  public func stop() { isStopped.store(true, ordering: .releasing) }

  /// Puts a remark into the file. From any thread.
  public func note(_ remark: String) { remarks.withLock { $0.append(remark) } }

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
    var failure: String?
    while isWanted, !isStopped.load(ordering: .acquiring) {
      batch.blocks.removeAll(keepingCapacity: true)
      if case .ended(let words) = device.turn(waiting: Self.patience, into: batch) {
        failure = words
        break
      }
      let now = clock()
      if now &- latestStatistics > Self.statisticsInterval || now < latestStatistics {
        latestStatistics = now
        batch.blocks += statistics(device, now)
      }
      batch.blocks += remarks(at: now)
      note(device, batch)
      guard !batch.blocks.isEmpty else { continue }
      written += batch.blocks.count
      isWanted = output(batch.blocks)
      if batch.packets >= batch.limit || written >= limits.bytes ?? .max { break }
    }
    _ = output(remarks(at: clock()) + statistics(device, clock()))
    note(device, batch)
    if let failure { progress.withLock { $0.failure = failure } }
  }

  private func remarks(at time: Int64) -> [UInt8] {
    remarks.withLock { remarks in
      defer { remarks.removeAll() }
      return remarks.flatMap { writer.remark($0, at: time) }
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
