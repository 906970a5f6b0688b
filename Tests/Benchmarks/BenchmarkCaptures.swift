internal import ArgumentParser
internal import Foundation

/// Captures to measure on, and what libpcap needs for them: see Scripts/bench.
@main
struct BenchmarkCaptures: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark-captures",
    abstract: "Makes captures to measure on, and counts their packets with libpcap's loop.",
    subcommands: [Make.self, Count.self])

  struct Make: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes a capture, and what is in it to OUT.truth.json.",
      discussion: """
        The same options make the same bytes. What is under way when the size is reached still comes \
        to its end.

        Example: 256 MB of an agent's traffic, out of order and sent again here and there
          benchmark-captures make llm out.pcap --size 256M --disorder 2 --retransmit 1
        """)

    @Argument(help: "What is asked: llm, small, bulk.")
    var mix: Mix

    @Argument(help: "The file.")
    var out: String

    @Option(help: "Bytes, as 256M; K, M and G are powers of 1024.")
    var size: FileSize

    @Option(help: "Percent of the segments that change places.")
    var disorder = 0.0

    @Option(help: "Percent of the segments that come again.")
    var retransmit = 0.0

    @Option(help: "pcap or pcapng.")
    var format = CaptureFileWriter.Format.pcap

    @Option(help: "ethernet or sll2.")
    var link = Link.ethernet

    @Option(help: "Connections that are open at once.")
    var connections = 64

    @Option(help: "Seed of all that is random.")
    var seed: UInt64 = 1

    func validate() throws {
      guard connections > 0 else { throw ValidationError("--connections must be one or more") }
    }

    func run() throws {
      var writer = try CaptureFileWriter(out, format, link)
      var traffic = Interleaving(
        mix, link, Disorder(swapped: disorder, repeated: retransmit), seed: seed)
      let truth = try traffic.write(to: &writer, size: size.bytes, connections: connections)
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      // Written last: with it, the capture is whole.
      try (encoder.encode(truth) + [10]).write(to: URL(fileURLWithPath: out + ".truth.json"))
    }
  }

  struct Count: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Counts a capture's packets with libpcap, which reads them and does nothing else.",
      discussion: """
        The seconds are libpcap's own: this executable starts more slowly than one in C that does the \
        same.
        """)

    @Argument(help: "The file.")
    var file: String

    func run() throws {
      let began = ContinuousClock.now
      let count = try PacketCount(file)
      let seconds = began.duration(to: .now) / .seconds(1)
      print("\(count.packets) packets, \(count.bytes) bytes, \(seconds) s")
    }
  }
}
