internal import Reports

/// A file that appears whole or not at all.
enum WholeFile {
  static func write(_ bytes: [UInt8], to path: String) throws {
    do throws(OutputError) {
      let output = try ByteOutput(path: path)
      output.write(bytes)
      try output.finish()
    } catch {
      throw Failure.unreadable("\(error)")
    }
  }
}
