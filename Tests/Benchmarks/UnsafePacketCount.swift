// Unsafe on purpose: libpcap works on pointers.

internal import ArgumentParser
internal import CLibpcap

/// What libpcap's own loop sees of a file: its packets are counted, and nothing else.
@safe
struct PacketCount {
  private(set) var packets = 0
  private(set) var bytes = 0

  init(_ path: String) throws {
    var reason = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard let file = unsafe pcap_open_offline(path, &reason) else {
      throw ValidationError(
        String(decoding: reason.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
    }
    defer { unsafe pcap_close(file) }
    let result = unsafe withUnsafeMutablePointer(to: &self) {
      unsafe pcap_loop(
        file, -1,
        { count, header, _ in
          guard
            let count = unsafe UnsafeMutableRawPointer(count)?
              .assumingMemoryBound(to: PacketCount.self), let header = unsafe header
          else { return }
          unsafe count.pointee.packets &+= 1
          unsafe count.pointee.bytes &+= Int(header.pointee.caplen)
        }, UnsafeMutableRawPointer($0).assumingMemoryBound(to: UInt8.self))
    }
    guard result == 0 else {
      throw ValidationError(unsafe String(cString: pcap_geterr(file)))
    }
  }
}
