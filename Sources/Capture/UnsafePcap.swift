// Unsafe on purpose: libpcap's C interface. Loaded when somebody captures, so that the executable
// starts and judges on machines without libpcap.

internal import CLibpcap
internal import Glibc
public import Wire

/// Why no packet comes from a device.
public struct DeviceError: Error, Sendable {
  public enum Code: Sendable {
    case noLibrary, noSuchDevice, noRight, badFilter, other
  }

  public var code: Code
  /// In one line, with libpcap's own words.
  public var message: String
}

/// libpcap, loaded.
@safe
private struct PcapLibrary {
  private let library: UnsafeMutableRawPointer

  init() throws(DeviceError) {
    for name in ["libpcap.so.0.8", "libpcap.so.1", "libpcap.so"] {
      guard let library = unsafe dlopen(name, RTLD_NOW) else { continue }
      unsafe self.library = library
      return
    }
    throw DeviceError(
      code: .noLibrary, message: "capturing needs libpcap; install it (apt-get install libpcap0.8)")
  }

  func find<Function>(_ name: String, as type: Function.Type) throws(DeviceError) -> Function {
    guard let symbol = unsafe dlsym(library, name) else {
      throw DeviceError(code: .noLibrary, message: "this libpcap is too old: it has no \(name)")
    }
    return unsafe unsafeBitCast(symbol, to: type)
  }

  typealias Handle = OpaquePointer
  typealias SetNumber = @convention(c) (Handle?, CInt) -> CInt
  typealias GetNumber = @convention(c) (Handle?) -> CInt
  typealias GetText = @convention(c) (Handle?) -> UnsafeMutablePointer<CChar>?
  typealias Close = @convention(c) (Handle?) -> Void
  typealias Create = @convention(c) (UnsafePointer<CChar>?, UnsafeMutablePointer<CChar>?) -> Handle?
  typealias Dispatch =
    @convention(c) (Handle?, CInt, pcap_handler?, UnsafeMutablePointer<UInt8>?) -> CInt
  typealias SetNonblock = @convention(c) (Handle?, CInt, UnsafeMutablePointer<CChar>?) -> CInt
  typealias Statistics = @convention(c) (Handle?, UnsafeMutablePointer<pcap_stat>?) -> CInt
  typealias Compile =
    @convention(c) (
      Handle?, UnsafeMutablePointer<bpf_program>?, UnsafePointer<CChar>?, CInt, UInt32
    ) -> CInt
  typealias SetFilter = @convention(c) (Handle?, UnsafeMutablePointer<bpf_program>?) -> CInt
  typealias FreeCode = @convention(c) (UnsafeMutablePointer<bpf_program>?) -> Void
  typealias FindDevices =
    @convention(c) (
      UnsafeMutablePointer<UnsafeMutablePointer<pcap_if_t>?>?, UnsafeMutablePointer<CChar>?
    ) -> CInt
  typealias FreeDevices = @convention(c) (UnsafeMutablePointer<pcap_if_t>?) -> Void
}

/// A device that packets are captured on.
@safe
public final class LiveDevice {
  public struct Options: Sendable {
    /// `any` for all of them.
    public var name = "any"
    public var snapshotLength = 262_144
    /// Of the kernel's, in bytes.
    public var bufferSize = 64 << 20
    /// How long packets may wait in it, in milliseconds.
    public var delay = 10
    /// A tcpdump expression; empty for all packets.
    public var filter = ""

    public init() {}
  }

  public struct Statistics: Sendable, Equatable {
    /// That the filter let pass.
    public var received: UInt64 = 0
    /// For want of room in the buffer, and by the device.
    public var dropped: UInt64 = 0
    public var droppedByDevice: UInt64 = 0
  }

  /// What came of waiting.
  public enum Turn: Sendable, Equatable {
    case packets(Int)
    case nothing
    /// The device is gone, or the system says no.
    case ended(String)
  }

  public let linkType: LinkType
  private let handle: OpaquePointer
  private let descriptor: Int32
  /// Its number in the system; 0 where it has none, as `any`.
  private let index: UInt32
  /// How often in a row nothing came.
  private var quietTurns = 0
  private let isNanoseconds: Bool
  private let dispatch: PcapLibrary.Dispatch
  private let statistics: PcapLibrary.Statistics
  private let lastError: PcapLibrary.GetText
  private let close: PcapLibrary.Close

  /// Opens it.
  public init(_ options: Options) throws(DeviceError) {
    let library = try PcapLibrary()
    let setSnapshotLength = unsafe try library.find(
      "pcap_set_snaplen", as: PcapLibrary.SetNumber.self)
    let setTimeout = unsafe try library.find("pcap_set_timeout", as: PcapLibrary.SetNumber.self)
    let setBufferSize = unsafe try library.find(
      "pcap_set_buffer_size", as: PcapLibrary.SetNumber.self)
    let setPrecision = unsafe try library.find(
      "pcap_set_tstamp_precision", as: PcapLibrary.SetNumber.self)
    let setDataLink = unsafe try library.find("pcap_set_datalink", as: PcapLibrary.SetNumber.self)
    let activate = unsafe try library.find("pcap_activate", as: PcapLibrary.GetNumber.self)
    let dataLink = unsafe try library.find("pcap_datalink", as: PcapLibrary.GetNumber.self)
    let selectable = unsafe try library.find(
      "pcap_get_selectable_fd", as: PcapLibrary.GetNumber.self)
    let setNonblock = unsafe try library.find(
      "pcap_setnonblock", as: PcapLibrary.SetNonblock.self)
    let create = unsafe try library.find("pcap_create", as: PcapLibrary.Create.self)
    unsafe dispatch = try library.find("pcap_dispatch", as: PcapLibrary.Dispatch.self)
    unsafe statistics = try library.find("pcap_stats", as: PcapLibrary.Statistics.self)
    unsafe lastError = try library.find("pcap_geterr", as: PcapLibrary.GetText.self)
    unsafe close = try library.find("pcap_close", as: PcapLibrary.Close.self)
    var reason = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard let handle = unsafe create(options.name, &reason) else {
      throw DeviceError(code: .other, message: "\(options.name): \(Self.text(reason))")
    }
    unsafe self.handle = handle
    _ = unsafe setSnapshotLength(handle, CInt(clamping: options.snapshotLength))
    _ = unsafe setTimeout(handle, CInt(clamping: options.delay))
    _ = unsafe setBufferSize(handle, CInt(clamping: options.bufferSize))
    // PCAP_TSTAMP_PRECISION_NANO; a device that has none keeps microseconds.
    isNanoseconds = unsafe setPrecision(handle, 1) == 0
    let status = unsafe activate(handle)
    guard status >= 0 else {
      let words = unsafe lastError(handle).map { unsafe String(cString: $0) } ?? ""
      unsafe close(handle)
      throw Self.error(status, options.name, words)
    }
    // Whoever is started has no business with packets.
    _ = unsafe fcntl(selectable(handle), F_SETFD, FD_CLOEXEC)
    // DLT_LINUX_SLL2: which device, and which way, for each packet.
    if options.name == "any" { _ = unsafe setDataLink(handle, 276) }
    linkType = LinkType(rawValue: unsafe UInt32(clamping: dataLink(handle)))
    _ = unsafe setNonblock(handle, 1, &reason)
    descriptor = unsafe selectable(handle)
    index = unsafe if_nametoindex(options.name)
    try apply(options.filter, library)
  }

  deinit { unsafe close(handle) }

  private static func text(_ words: [CChar]) -> String {
    String(decoding: words.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func error(_ status: CInt, _ name: String, _ words: String) -> DeviceError {
    switch status {
    case PCAP_ERROR_NO_SUCH_DEVICE:
      DeviceError(
        code: .noSuchDevice, message: "there is no device \(name); see keywitness capture -D")
    case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED:
      DeviceError(code: .noRight, message: words)
    case PCAP_ERROR_IFACE_NOT_UP:
      DeviceError(code: .other, message: "\(name) is down; ip link set \(name) up")
    default: DeviceError(code: .other, message: "\(name): \(words)")
    }
  }

  private func apply(_ filter: String, _ library: PcapLibrary) throws(DeviceError) {
    guard !filter.isEmpty else { return }
    let compile = unsafe try library.find("pcap_compile", as: PcapLibrary.Compile.self)
    let setFilter = unsafe try library.find("pcap_setfilter", as: PcapLibrary.SetFilter.self)
    let freeCode = unsafe try library.find("pcap_freecode", as: PcapLibrary.FreeCode.self)
    var code = unsafe bpf_program()
    let isCode = unsafe compile(handle, &code, filter, 1, UInt32.max) == 0
    defer { if isCode { unsafe freeCode(&code) } }
    guard isCode, unsafe setFilter(handle, &code) == 0 else {
      let words = unsafe lastError(handle).map { unsafe String(cString: $0) } ?? "no reason given"
      throw DeviceError(code: .badFilter, message: "\"\(filter)\" is no filter: \(words)")
    }
  }

  // MARK: Packets

  /// Packets as blocks of a file.
  public final class Batch {
    fileprivate let writer: PcapngWriter
    fileprivate var isNanoseconds = false
    /// Whole blocks.
    public var blocks: [UInt8] = []
    /// How many there were, and how many bytes of them were captured; since the beginning.
    public fileprivate(set) var packets = 0
    public fileprivate(set) var bytes = 0
    /// When the latest one came, in nanoseconds since 1970.
    public fileprivate(set) var latest: Int64 = .min
    /// More packets are passed over.
    public let limit: Int

    public init(_ writer: PcapngWriter, limit: Int) {
      self.writer = writer
      self.limit = limit
    }
  }

  /// So often nothing comes before somebody looks whether there still is a device.
  private static let quietLimit = 10

  /// Waits for packets, at most for a while, and takes what is there.
  ///
  /// - Parameter milliseconds: how long.
  public func turn(waiting milliseconds: Int32, into batch: Batch) -> Turn {
    if descriptor >= 0 {
      var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = unsafe poll(&request, 1, milliseconds)
      if ready == 0 || (ready < 0 && errno == EINTR) {
        quietTurns += 1
        guard quietTurns >= Self.quietLimit else { return .nothing }
        // The socket of a device that went down says nothing any more, not even when it is deleted:
        // libpcap looks when it is asked, and older ones don't.
        if isGone { return .ended("the device is gone") }
      }
    }
    quietTurns = 0
    batch.isNanoseconds = isNanoseconds
    let context = unsafe Unmanaged.passUnretained(batch).toOpaque()
    let count = unsafe dispatch(
      handle, 4096,
      { context, header, bytes in
        guard let context = unsafe context, let header = unsafe header?.pointee else { return }
        let batch = unsafe Unmanaged<Batch>.fromOpaque(context).takeUnretainedValue()
        guard batch.packets < batch.limit else { return }
        // libpcap counts the fraction in nanoseconds where it was asked to.
        let scale: Int64 = batch.isNanoseconds ? 1 : 1000
        let time = Int64(header.ts.tv_sec) &* 1_000_000_000 &+ Int64(header.ts.tv_usec) &* scale
        let packet = unsafe UnsafeRawBufferPointer(start: bytes, count: Int(header.caplen))
        unsafe batch.writer.append(
          packet, at: time, length: Int(header.len), to: &batch.blocks)
        batch.packets += 1
        batch.latest = time
        batch.bytes += Int(header.caplen)
      }, context.assumingMemoryBound(to: UInt8.self))
    if count >= 0 { return count == 0 ? .nothing : .packets(Int(count)) }
    let words = unsafe lastError(handle).map { unsafe String(cString: $0) } ?? "it ended"
    return .ended(words)
  }

  /// It may have another name by now; a new one of its name is another one.
  private var isGone: Bool {
    guard index != 0 else { return false }
    var name = [CChar](repeating: 0, count: Int(IF_NAMESIZE))
    return unsafe if_indextoname(index, &name) == nil && (errno == ENXIO || errno == ENODEV)
  }

  static func pause(milliseconds: Int32) { _ = poll(nil, 0, milliseconds) }

  public func counts() -> Statistics {
    var counts = pcap_stat()
    guard unsafe statistics(handle, &counts) == 0 else { return Statistics() }
    return Statistics(
      received: UInt64(counts.ps_recv), dropped: UInt64(counts.ps_drop),
      droppedByDevice: UInt64(counts.ps_ifdrop))
  }

  // MARK: Which there are

  /// What is known of a device.
  public struct Description: Sendable, Equatable {
    public var name: String
    /// What the system says of it; empty where it says nothing.
    public var text = ""
    public var addresses: [String] = []
    public var isUp = false
    public var isLoopback = false
  }

  /// All that can be captured on.
  public static func all() throws(DeviceError) -> [Description] {
    let library = try PcapLibrary()
    let find = unsafe try library.find("pcap_findalldevs", as: PcapLibrary.FindDevices.self)
    let free = unsafe try library.find("pcap_freealldevs", as: PcapLibrary.FreeDevices.self)
    var reason = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    var first: UnsafeMutablePointer<pcap_if_t>?
    guard unsafe find(&first, &reason) == 0 else {
      throw DeviceError(code: .other, message: text(reason))
    }
    defer { unsafe free(first) }
    var devices: [Description] = []
    var next = unsafe first
    while let device = unsafe next?.pointee {
      unsafe next = device.next
      var told = Description(name: unsafe device.name.map { unsafe String(cString: $0) } ?? "")
      told.text = unsafe device.description.map { unsafe String(cString: $0) } ?? ""
      told.isUp = unsafe device.flags & UInt32(PCAP_IF_UP) != 0
      told.isLoopback = unsafe device.flags & UInt32(PCAP_IF_LOOPBACK) != 0
      var address = unsafe device.addresses
      while let entry = unsafe address?.pointee {
        unsafe address = entry.next
        if let text = unsafe entry.addr.flatMap({ unsafe numeric($0) }) {
          told.addresses.append(text)
        }
      }
      devices.append(told)
    }
    return devices
  }

  private static func numeric(_ address: UnsafeMutablePointer<sockaddr>) -> String? {
    let family = unsafe Int32(address.pointee.sa_family)
    guard family == AF_INET || family == AF_INET6 else { return nil }
    let size = family == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
    var text = [CChar](repeating: 0, count: 64)
    guard
      unsafe getnameinfo(
        address, socklen_t(size), &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0
    else { return nil }
    return Self.text(text)
  }
}
