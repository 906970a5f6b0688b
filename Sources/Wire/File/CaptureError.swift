/// Why nothing further can be read from a capture: a code of the contract, and the place.
public struct CaptureError: Error, Sendable, Equatable {
  public enum Code: String, Sendable {
    case notFound = "capture.not-found"
    case unreadable = "capture.unreadable"
    case noCaptures = "capture.no-captures"
    case emptyFile = "capture.empty-file"
    case notACapture = "capture.not-a-capture"
    case unsupportedVersion = "capture.unsupported-version"
    case truncatedHeader = "capture.truncated-header"
    case badRecordLength = "capture.bad-record-length"
    case badBlockLength = "capture.bad-block-length"
    case badInterfaceID = "capture.bad-interface-id"
    case unsupportedLinkType = "capture.unsupported-linktype"
    case badCompression = "capture.bad-compression"
    case badFilter = "capture.bad-filter"
    case noSpool = "capture.no-spool"
  }

  public var code: Code
  /// What is wrong and what to do about it, in one line.
  public var message: String
  /// The file, as the user named it.
  public var file: String
  /// Where in the file, in bytes, if there is one place.
  public var offset: Int?

  public init(_ code: Code, _ message: String, file: String, offset: Int? = nil) {
    self.code = code
    self.message = message
    self.file = file
    self.offset = offset
  }
}
