internal import LiteLLM
internal import Redaction
internal import Replay
internal import Reports
internal import Synchronization
internal import Verdicts

/// What a run has sent and what came of it, written down at once, so that a run that was killed can
/// be gone on with: nothing twice, nothing never.
final class ReplayJournal: Sendable {
  private static let schema = "keywitness-journal/1"
  /// The largest that is read, in bytes.
  private static let limit = 1 << 30

  /// What has to be the same for two runs to be one.
  struct Subject {
    var captureDigest: String
    var requests: Int
    /// What else decides which request has which place.
    var choice: String
  }

  private let output: Mutex<ByteOutput>

  /// - Parameter resuming: it goes on with what is there.
  init(_ path: String, _ subject: Subject, resuming: Bool) throws {
    do throws(OutputError) {
      // Not under a temporary name: a killed run's journal has to be there.
      let opened = try ByteOutput(appendingTo: path)
      // The line before may have been cut.
      if resuming {
        opened.write("\n")
        opened.flush()
      } else {
        var json = JSONWriter()
        json.beginObject()
        json.member("schema", Self.schema)
        json.member("capture_sha256", subject.captureDigest)
        json.member("requests", subject.requests)
        json.member("choice", subject.choice)
        json.endObject()
        json.endLine()
        opened.write(json.bytes)
        opened.flush()
      }
      output = Mutex(opened)
    } catch {
      throw Failure.unreadable("\(error)")
    }
  }

  @Sendable func sending(_ index: Int) {
    var json = JSONWriter()
    json.beginObject()
    json.member("sent", index)
    json.endObject()
    json.endLine()
    write(json.bytes)
  }

  @Sendable func ended(_ index: Int, _ result: ReplayResult) {
    // What wasn't sent is still to be sent.
    if case .notSent = result.outcome { return }
    var json = JSONWriter()
    json.beginObject()
    json.member("ended", index)
    json.member("outcome", result.outcome.name)
    if let status = result.status { json.member("status", status) }
    json.endObject()
    json.endLine()
    write(json.bytes)
  }

  private func write(_ bytes: [UInt8]) {
    output.withLock {
      $0.write(bytes)
      $0.flush()
    }
  }

  func finish() throws {
    let failure = output.withLock { output -> OutputError? in
      do throws(OutputError) {
        try output.finish()
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw Failure.unreadable("\(failure)") }
  }

  // MARK: Going on

  /// - Returns: what became of the requests of the run so far, by their place; one that was under way
  ///   when it ended isn't sent again, since it may have been done.
  static func read(
    _ path: String, _ subject: Subject
  ) throws -> [Int: (outcome: ReplayOutcome, status: Int?)] {
    let bytes: [UInt8]
    do throws(BoundedFile.Failure) {
      bytes = try BoundedFile.read(path, limit: limit)
    } catch {
      throw Failure.unreadable(
        "\(TerminalText.escape(path)): "
          + (error == .absent
            ? "no such journal; leave out --resume to begin one" : "can't be read"))
    }
    var outcomes: [Int: (outcome: ReplayOutcome, status: Int?)] = [:]
    var hasHeader = false
    // A line that was cut by the end of the run is none.
    for line in bytes.split(separator: 0x0A) {
      guard let record = JSONValue(json: Array(line)) else { continue }
      if let schema = record["schema"] {
        guard schema.string == Self.schema,
          record["capture_sha256"]?.string == subject.captureDigest,
          record["requests"] == .integer(subject.requests),
          record["choice"]?.string == subject.choice
        else {
          throw Failure.usage(
            "\(TerminalText.escape(path)) is the journal of another capture, or of another choice "
              + "of its requests")
        }
        hasHeader = true
      }
      if case .integer(let index)? = record["sent"], outcomes[index] == nil {
        outcomes[index] = (
          .failed("under way when the run before was ended; not sent again"), nil
        )
      }
      if case .integer(let index)? = record["ended"], let name = record["outcome"]?.string,
        let outcome = ReplayOutcome(name: name, details: ["by the run before"])
      {
        let status: Int? = if case .integer(let status)? = record["status"] { status } else { nil }
        outcomes[index] = (outcome, status)
      }
    }
    guard hasHeader else {
      throw Failure.usage("\(TerminalText.escape(path)) is no journal of a replay")
    }
    return outcomes
  }
}
