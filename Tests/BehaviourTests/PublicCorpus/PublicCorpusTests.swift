internal import Foundation
internal import TestSupport
import Testing

/// 803 captures of other projects, held against tshark exchange by exchange. They lie outside of
/// the repository, and some need tshark itself: where either is absent, this is skipped.
///
/// An exchange agrees with tshark where method, target, status and both lengths of content do in
/// tshark's view of whole messages, which comes with the corpus. What only we see there must have
/// its heads in tshark's view of single segments (``TsharkHeads``), else it stands on the list
/// `Tests/Deviations/public-corpus.tsv` with the reason why we are right, like all else.
@Suite(
  "Public captures give the exchanges that tshark sees",
  .enabled(
    if: Executable.corpora != nil, "KEYWITNESS_CORPORA isn't set: the public captures are absent"),
  .enabled(if: TsharkHeads.path != nil, "tshark isn't installed")
)
struct PublicCorpusTests {
  /// All captures, gone through once.
  private static let survey = Task { try await comparisons() }

  private static let folder = "\(Executable.corpora ?? "")/corpora/public"

  private static func captures() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder).filter { name in
      let url = URL(fileURLWithPath: folder + "/" + name)
      return !name.hasSuffix(".tshark.ndjson")
        && (try? url.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile == true
    }.sorted()
  }

  private static func comparisons() async throws -> [CaptureComparison] {
    let files = try captures()
    let lanes = max(2, ProcessInfo.processInfo.activeProcessorCount)
    return try await withThrowingTaskGroup(of: [CaptureComparison].self) { group in
      for lane in 0..<lanes {
        group.addTask {
          try stride(from: lane, to: files.count, by: lanes).map {
            try CaptureComparison(file: files[$0], in: folder)
          }
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }.sorted { $0.file < $1.file }
    }
  }

  @Test func theCorpusIsThere() async throws {
    let all = try await Self.survey.value
    #expect(all.count == 803)
    #expect(all.count { $0.hasOracle } == 505)
  }

  /// Read to the end, or refused with a word; and every byte of payload accounted for.
  @Test func noCaptureIsTooMuch() async throws {
    for capture in try await Self.survey.value {
      #expect([0, 3, 5].contains(capture.code), "\(capture.file)")
      #expect(capture.unexplainedBytes ?? 0 == 0, "\(capture.file)")
    }
  }

  @Test func everyDifferenceIsExplained() async throws {
    let listed = Set(try Deviations().entries)
    for capture in try await Self.survey.value {
      for difference in capture.differences {
        let entry = Deviations.Entry(
          file: capture.file, exchange: difference.exchange, what: difference.what)
        let isExplained = listed.contains(entry)
        #expect(
          isExplained,
          "not explained:\n\(entry.file)\t\(entry.exchange)\t\(entry.what)")
      }
    }
  }

  @Test func everyExplanationIsNeeded() async throws {
    let found = Set(
      try await Self.survey.value.flatMap { capture in
        capture.differences.map {
          Deviations.Entry(file: capture.file, exchange: $0.exchange, what: $0.what)
        }
      })
    let list = try Deviations()
    for entry in list.entries {
      #expect(
        found.contains(entry),
        "doesn't occur any more:\n\(entry.file)\t\(entry.exchange)\t\(entry.what)")
    }
    #expect(list.malformed.isEmpty)
    #expect(Set(list.used.keys) == list.explained)
    #expect(list.entries.count == Set(list.entries).count)
  }

  @Test func explanationsStayTheException() async throws {
    let all = try await Self.survey.value
    let exchanges = all.reduce(0) { $0 + $1.exchanges }
    let differences = all.reduce(0) { $0 + $1.differences.count }
    let http2 = all.reduce(0) { $0 + $1.http2 }
    let byHeads = all.reduce(0) { $0 + $1.confirmedByHeads }
    print(
      "public corpus: \(all.count) captures, \(exchanges) exchanges compared, "
        + "\(differences) differences explained, \(byHeads) shown by tshark without reassembly "
        + "only, \(http2) of HTTP/2")
    #expect(exchanges > 2000)
    #expect(differences * 20 < exchanges)
  }
}
