internal import Glibc

/// Why a key log can't be read.
public struct KeyLogError: Error, Sendable, Equatable {
  /// What is wrong, in one line.
  public var message: String
  /// The file, as the user named it.
  public var file: String
}

/// A key log on disk, which its program may still be appending to: reads what is new since the last
/// look, and reads anew where the file was cut or replaced.
public struct KeyLogFile: Sendable {
  public let path: String
  private var file: GrowingFile
  private var lines = KeyLogLines()

  /// - Throws: where the file isn't there, isn't one, or can't be read.
  public init(path: String) throws(KeyLogError) {
    self.path = path
    file = GrowingFile(path)
    do throws(GrowingFile.Failure) {
      try file.check()
    } catch {
      let message =
        switch error {
        case .system(let number):
          "the key log \(path) can't be read: " + (unsafe String(cString: strerror(number)))
        case .notRegular:
          "the key log \(path) is not a regular file; write it to one and name that"
        }
      throw KeyLogError(message: message, file: path)
    }
  }

  /// Lines of the file that aren't of a key log.
  public var badLines: Int { lines.badLines }
  /// The number of the first of them, from 1.
  public var firstBadLine: Int? { lines.firstBadLine }

  /// Says that nobody appends any more: a last line counts without its line feed.
  public mutating func finish(into log: inout KeyLog) { lines.finish(&log) }

  /// Reads what is new.
  ///
  /// - Returns: whether there was any. `false` too where the file is gone or can't be read any more.
  public mutating func refresh(into log: inout KeyLog) -> Bool {
    var lines = lines
    defer { self.lines = lines }
    return file.readNew(restart: { lines = KeyLogLines() }, body: { lines.add($0, to: &log) })
  }
}
