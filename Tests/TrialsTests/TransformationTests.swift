import Foundation
import TestSupport
import Testing

@testable import Trials

/// Clean captures for the trials: the project's own, and the corpora's where they are at hand.
enum Clean {
  static let folders: [String] =
    ["\(Executable.root)/Captures"]
    + (Executable.corpora.map {
      ["\($0)/captures", "\($0)/corpora/synthetic", "\($0)/corpora/semantics/pcap"]
    } ?? [])

  /// Those with most exchanges, below a size that the debug build reads at once.
  static let captures = CleanCapture.find(in: folders, limit: 50)

  /// The first of them that passes.
  static func passing() throws -> CleanCapture {
    try #require(captures.first { $0.truth.passes })
  }
}

@Suite struct TransformationTests {
  @Test func thereAreEnoughOfThem() {
    #expect(Transformation.all.count >= 10)
    #expect(Set(Transformation.all.map(\.name)).count == Transformation.all.count)
    #expect(Clean.captures.count >= (Executable.corpora == nil ? 8 : 50))
  }

  @Test func packetsAreWhatTheyWereWhenTheyAreReadAgain() throws {
    let capture = try Clean.passing()
    let file = VariantFile()
    for encapsulation in [Encapsulation.ethernet, .vlan, .linuxCooked, .linuxCooked2, .null, .raw] {
      try file.write(Transformation.file(capture.packets, in: encapsulation))
      let packets = try CapturedPacket.packets(of: file.path).compactMap { TCPPacket($0) }
      #expect(packets == capture.packets, "\(encapsulation)")
    }
  }

  @Test(arguments: Transformation.all) func theExchangesStayTheSame(
    _ transformation: Transformation
  )
    throws
  {
    let file = VariantFile()
    for (number, capture) in Clean.captures.prefix(12).enumerated() {
      var dice = Dice(seed: UInt64(number))
      try file.write(transformation(capture.packets, &dice))
      let found = try Reading(file: file.path, key: capture.key, keyLogs: capture.keyLogs)
        .byConnection
      let difference = Trial.difference(capture.truth.byConnection, found)
      #expect(difference == nil, "\(capture.name)")
    }
  }

  @Test func twoCapturesInOneFile() throws {
    let captures = Clean.captures.prefix(12)
    for (first, second) in zip(captures, captures.dropFirst()) {
      #expect(try Trial.joined(first, second, seed: 7).faults == [])
    }
  }

  /// A trial that finds nothing must be able to find something.
  @Test func aChangeToTheTrafficIsADifference() throws {
    let capture = try Clean.passing()
    let file = VariantFile()
    var packets = capture.packets
    let index = try #require(packets.firstIndex { !$0.payload.isEmpty })
    packets[index].payload[1] ^= 1
    try file.write(Transformation.file(packets))
    let changed = try Reading(file: file.path, key: capture.key, keyLogs: capture.keyLogs)
      .byConnection
    #expect(Trial.difference(capture.truth.byConnection, changed) != nil)
    packets.removeSubrange(index...)
    try file.write(Transformation.file(packets))
    let shorter = try Reading(file: file.path, key: capture.key, keyLogs: capture.keyLogs)
      .byConnection
    #expect(Trial.difference(capture.truth.byConnection, shorter) != nil)
  }
}
