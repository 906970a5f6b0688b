internal import ArgumentParser
internal import Redaction
internal import Reports

/// A value of `--report`: a format, and where it goes.
struct ReportTarget: ExpressibleByArgument, Equatable {
  enum Format: String, CaseIterable { case text, ndjson, junit, markdown, github }

  var format: Format
  /// Standard output where there is none.
  var path: String?

  init(_ format: Format, path: String? = nil) {
    self.format = format
    self.path = path
  }

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard let format = Format(rawValue: String(parts[0])) else { return nil }
    self.format = format
    if parts.count == 2 {
      guard !parts[1].isEmpty else { return nil }
      path = String(parts[1])
    }
  }

  static var allValueStrings: [String] { Format.allCases.map(\.rawValue) }
}
