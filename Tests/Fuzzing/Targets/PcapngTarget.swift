/// The reader of pcapng files.
enum PcapngTarget: FuzzTarget {
  static func run(_ input: [UInt8]) { CaptureFiles.run(input) }

  static func seeds(of capture: [UInt8]) -> [[UInt8]] {
    CaptureFiles.seeds(of: capture, isPcapng: true)
  }
}
