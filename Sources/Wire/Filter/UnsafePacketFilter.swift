// Unsafe on purpose: libpcap's filter compiler, loaded when somebody asks for a filter, so that
// the executable starts and judges on machines without libpcap.

internal import CLibpcap
internal import Glibc

/// A tcpdump expression, applied to frames of a file.
@safe
final class PacketFilter {
  private typealias OpenDead = @convention(c) (Int32, Int32) -> OpaquePointer?
  private typealias Compile =
    @convention(c) (
      OpaquePointer?, UnsafeMutablePointer<bpf_program>?, UnsafePointer<CChar>?, Int32, UInt32
    ) -> Int32
  private typealias LastError = @convention(c) (OpaquePointer?) -> UnsafeMutablePointer<CChar>?
  private typealias Close = @convention(c) (OpaquePointer?) -> Void
  private typealias FreeCode = @convention(c) (UnsafeMutablePointer<bpf_program>?) -> Void
  private typealias Run =
    @convention(c) (
      UnsafePointer<bpf_program>?, UnsafePointer<pcap_pkthdr>?, UnsafePointer<UInt8>?
    ) -> Int32

  private let expression: String
  private let openDead: OpenDead
  private let compile: Compile
  private let lastError: LastError
  private let close: Close
  private let freeCode: FreeCode
  private let run: Run
  private var programs: [LinkType: CompiledProgram] = [:]

  /// Code for one link type, freed with its owner.
  @safe
  private final class CompiledProgram {
    var code: bpf_program
    private let free: FreeCode

    init(_ code: bpf_program, free: @escaping FreeCode) {
      unsafe self.code = code
      unsafe self.free = free
    }

    deinit { unsafe free(&code) }
  }

  /// - Throws: where libpcap isn't there, or the expression isn't one.
  init(_ expression: String) throws(CaptureError) {
    self.expression = expression
    var library: UnsafeMutableRawPointer?
    for name in ["libpcap.so.0.8", "libpcap.so.1", "libpcap.so"] where unsafe library == nil {
      unsafe library = dlopen(name, RTLD_NOW)
    }
    guard let library = unsafe library,
      let openDead = unsafe dlsym(library, "pcap_open_dead"),
      let compile = unsafe dlsym(library, "pcap_compile"),
      let lastError = unsafe dlsym(library, "pcap_geterr"),
      let close = unsafe dlsym(library, "pcap_close"),
      let freeCode = unsafe dlsym(library, "pcap_freecode"),
      let run = unsafe dlsym(library, "pcap_offline_filter")
    else {
      throw CaptureError(
        .badFilter, "a filter needs libpcap; install it (apt-get install libpcap0.8)",
        file: "--filter")
    }
    unsafe self.openDead = unsafeBitCast(openDead, to: OpenDead.self)
    unsafe self.compile = unsafeBitCast(compile, to: Compile.self)
    unsafe self.lastError = unsafeBitCast(lastError, to: LastError.self)
    unsafe self.close = unsafeBitCast(close, to: Close.self)
    unsafe self.freeCode = unsafeBitCast(freeCode, to: FreeCode.self)
    unsafe self.run = unsafeBitCast(run, to: Run.self)
    // A wrong expression is told before the first packet.
    _ = try program(for: .ethernet)
  }

  func matches(_ frame: Frame, in store: CaptureStore) throws(CaptureError) -> Bool {
    let program = try program(for: frame.linkType)
    var header = pcap_pkthdr()
    header.caplen = UInt32(clamping: frame.bytes.count)
    header.len = UInt32(clamping: max(frame.originalLength, frame.bytes.count))
    return store.withBytes(frame.bytes) { bytes in
      unsafe bytes.withUnsafeBufferPointer {
        unsafe run(&program.code, &header, $0.baseAddress) != 0
      }
    }
  }

  private func program(for linkType: LinkType) throws(CaptureError) -> CompiledProgram {
    if let known = programs[linkType] { return known }
    var code = unsafe bpf_program()
    let handle = unsafe openDead(Int32(clamping: linkType.rawValue), 262_144)
    defer { unsafe close(handle) }
    guard unsafe compile(handle, &code, expression, 1, UInt32.max) == 0 else {
      let reason = unsafe lastError(handle).map { unsafe String(cString: $0) } ?? "no reason given"
      throw CaptureError(
        .badFilter, "\"\(expression)\" is no filter for \(linkType.name): \(reason)",
        file: "--filter")
    }
    let program = unsafe CompiledProgram(code, free: freeCode)
    programs[linkType] = program
    return program
  }
}
