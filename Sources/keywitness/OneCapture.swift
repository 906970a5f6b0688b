internal import Exchanges
internal import Redaction
internal import TLS
internal import Wire

/// A capture that is read several times, from its beginning to its end each time.
struct OneCapture {
  let name: String
  private let files: [String]
  private let keyLogs: [KeyLogFile]

  /// - Parameter path: of a file, or of a folder with one rotated series; no pipe.
  init(_ path: String, keyLogs: KeyLogOptions) throws {
    self.keyLogs = try keyLogs.files()
    let captures: [CaptureSeries.Capture]
    do throws(CaptureError) {
      captures = try CaptureSeries.captures([path])
    } catch {
      throw Failure.unreadable(error.line)
    }
    guard captures.count == 1, let capture = captures.first else {
      throw Failure.usage("\(TerminalText.escape(path)) holds several captures; name one")
    }
    name = capture.name
    files = capture.files
  }

  /// A file by itself, whatever else there is beside it.
  init(file: String, keyLogs: [KeyLogFile]) {
    name = file
    files = [file]
    self.keyLogs = keyLogs
  }

  func walk(into sink: inout some ExchangeSink) throws -> CaptureLedger {
    do throws(CaptureError) {
      var reconstructor = try Reconstructor(files: files, keyLogs: keyLogs)
      return reconstructor.run(into: &sink)
    } catch {
      throw Failure.unreadable(error.line)
    }
  }
}
