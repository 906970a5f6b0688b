internal import Reports

/// The page of a job: GitHub shows what is appended to the file it names.
enum GitHubSummary {
  static func append(_ markdown: String) throws(OutputError) {
    guard let path = ProcessGuard.environment["GITHUB_STEP_SUMMARY"], !path.isEmpty else { return }
    let summary = try ByteOutput(appendingTo: path)
    summary.write(markdown)
    try summary.finish()
  }
}
