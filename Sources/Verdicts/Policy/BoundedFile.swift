import Foundation

/// Reads small files whole, and refuses to read more than a given number of bytes.
///
/// Bounded because a path from a policy may name a device that never ends.
public enum BoundedFile {
  /// Why a file couldn't be read.
  public enum Failure: Error {
    case absent
    case unreadable
    case tooLarge
  }

  /// All bytes of the file, pipe or device at `path`.
  ///
  /// - Parameter limit: the most bytes it may hold.
  public static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw FileManager.default.fileExists(atPath: path) ? .unreadable : .absent
    }
    defer { try? file.close() }
    var bytes: [UInt8] = []
    while bytes.count <= limit {
      let chunk: Data?
      do {
        chunk = try file.read(upToCount: limit + 1 - bytes.count)
      } catch {
        throw .unreadable
      }
      guard let chunk, !chunk.isEmpty else { return bytes }
      bytes.append(contentsOf: chunk)
    }
    throw .tooLarge
  }
}
