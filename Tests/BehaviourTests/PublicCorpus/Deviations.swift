internal import Foundation
internal import TestSupport

/// The reviewed list of differences between keywitness and tshark in which keywitness is right.
struct Deviations: Sendable {
  struct Entry: Hashable, Sendable {
    var file: String
    var exchange: String
    var what: String
  }

  private(set) var entries: [Entry] = []
  /// Codes that the head of the file explains.
  private(set) var explained: Set<String> = []
  /// Codes that a line names.
  private(set) var used: [String: Int] = [:]
  /// Lines that don't have the four columns.
  private(set) var malformed: [String] = []

  /// Lines `# CODE: why`, a line of column names, then one line a difference.
  init() throws {
    let text = try Folder.text(Executable.root + "/Tests/Deviations/public-corpus.tsv")
    for line in text.split(separator: "\n") where line != "file\texchange\twhat\twhy we are right" {
      if line.hasPrefix("# ") {
        let word = line.dropFirst(2).prefix { $0 != ":" }
        if word.allSatisfy({ $0.isUppercase || $0 == "-" || $0.isNumber }) {
          explained.insert(String(word))
        }
        continue
      }
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard columns.count == 4, !columns.contains("") else {
        malformed.append(String(line))
        continue
      }
      entries.append(Entry(file: columns[0], exchange: columns[1], what: columns[2]))
      used[String(columns[3].prefix { $0 != ":" && $0 != " " }), default: 0] += 1
    }
  }
}
