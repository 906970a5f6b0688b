import Foundation
import TestSupport
import Testing

@testable import Wire

@Suite struct CaptureSeriesTests {
  /// A folder that goes with the test.
  final class Folder {
    let path: String

    init(_ files: [String: [UInt8]]) throws {
      let url = FileManager.default.temporaryDirectory.appendingPathComponent(
        "keywitness-series-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      for (name, bytes) in files { try Data(bytes).write(to: url.appendingPathComponent(name)) }
      path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  /// A capture of one second from `second` on.
  func capture(from second: Int, linkType: Int = 1) -> [UInt8] {
    var script = CaptureScript()
    script.pcapHeader(linkType: linkType)
    script.record([1], seconds: second)
    script.record([2], seconds: second + 1)
    return script.bytes
  }

  func names(_ captures: [CaptureSeries.Capture]) -> [[String]] {
    captures.map { $0.files.map { String($0.split(separator: "/").last ?? "") } }
  }

  @Test func rotatedFilesAreOneCaptureInOrderOfTime() throws {
    let folder = try Folder([
      "a.pcap0": capture(from: 30), "a.pcap1": capture(from: 10), "a.pcap2": capture(from: 20),
    ])
    let captures = try CaptureSeries.captures([folder.path])
    #expect(names(captures) == [["a.pcap1", "a.pcap2", "a.pcap0"]])
    #expect(captures.first?.name == folder.path + "/a.pcap1")
  }

  @Test func filesThatOverlapInTimeAreNotOneSeries() throws {
    let folder = try Folder(["a1.pcap": capture(from: 10), "a2.pcap": capture(from: 10)])
    #expect(names(try CaptureSeries.captures([folder.path])) == [["a1.pcap"], ["a2.pcap"]])
  }

  @Test func filesOfOtherLinkTypesAreNotOneSeries() throws {
    let folder = try Folder([
      "a1.pcap": capture(from: 10), "a2.pcap": capture(from: 20, linkType: 113),
    ])
    #expect(names(try CaptureSeries.captures([folder.path])) == [["a1.pcap"], ["a2.pcap"]])
  }

  @Test func namesThatDifferInMoreThanDigitsAreCapturesOfTheirOwn() throws {
    let folder = try Folder(["a1.pcap": capture(from: 10), "b2.pcap": capture(from: 20)])
    #expect(names(try CaptureSeries.captures([folder.path])) == [["a1.pcap"], ["b2.pcap"]])
  }

  @Test func aDirectoryStandsForTheCapturesInItAlsoCompressedOnes() throws {
    let folder = try Folder([
      "a.pcap": capture(from: 1), "notes.txt": [1], "z.pcapng.gz": [1], "README": [1],
      "old.cap": [1],
    ])
    #expect(
      names(try CaptureSeries.captures([folder.path + "/"])) == [
        ["a.pcap"], ["old.cap"], ["z.pcapng.gz"],
      ])
  }

  @Test func aFileThatCantBeReadKeepsItsSeriesApart() throws {
    let folder = try Folder(["a1.pcap": capture(from: 1), "a2.pcap": [1, 2, 3]])
    #expect(names(try CaptureSeries.captures([folder.path])).count == 2)
  }

  @Test func aDashIsStandardInputAndNoSeries() throws {
    #expect(
      try CaptureSeries.captures(["-"]) == [CaptureSeries.Capture(name: "-", files: ["-"])])
  }

  @Test func whatIsntThereAndADirectoryWithoutCapturesAreErrors() throws {
    let missing = #expect(throws: CaptureError.self) {
      try CaptureSeries.captures(["/nonexistent/a.pcap"])
    }
    #expect(missing?.code == .notFound)
    #expect(missing?.file == "/nonexistent/a.pcap")
    let folder = try Folder(["notes.txt": [1]])
    let empty = #expect(throws: CaptureError.self) {
      try CaptureSeries.captures([folder.path])
    }
    #expect(empty?.code == .noCaptures)
  }

  @Test func aConnectionMaySpanTheFilesOfASeries() throws {
    var talk = Conversation()
    talk.client("GET / HTTP/1.1\r\n\r\n")
    talk.server("HTTP/1.1 204 No Content\r\n\r\n")
    talk.close()
    let packets = talk.packets()
    let folder = try Folder([
      "t1.pcap": CaptureBytes.pcap(Array(packets.prefix(4))),
      "t2.pcap": CaptureBytes.pcap(Array(packets.dropFirst(4))),
    ])
    let captures = try CaptureSeries.captures([folder.path])
    #expect(captures.count == 1)
    let walk = try Walk(files: captures.first?.files ?? [])
    #expect(walk.connections.count == 1)
    #expect(walk.server == "HTTP/1.1 204 No Content\r\n\r\n")
  }
}
