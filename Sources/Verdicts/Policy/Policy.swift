import Foundation

/// What a capture is judged against: which servers, which key, which requests, which rules.
///
/// Reading one (`PolicyReader`) looks at nothing but the text; keys are fetched later, by
/// `ExpectedKeySource.resolve`.
public struct Policy: Hashable, Sendable {
  /// The schema that this version reads.
  public static let currentSchema = "keywitness-policy/1"
  /// The name that `find` looks for.
  public static let fileName = "keywitness.yml"

  /// The file it was read from, as given; nil for a policy made of command-line options only.
  public let file: String?
  public let schema: String
  /// The servers that count as the proxy, in the forms of `--proxy`.
  public let proxies: [Marked<String>]
  public let expect: Marked<ExpectedKeySource>?
  public let requires: [RequiredRequest]
  public let exemptions: [Exemption]
  public let credential: CredentialRule
  public let rules: [Rule]

  public init(
    file: String? = nil, schema: String = Policy.currentSchema, proxies: [Marked<String>] = [],
    expect: Marked<ExpectedKeySource>? = nil, requires: [RequiredRequest] = [],
    exemptions: [Exemption] = [], credential: CredentialRule = CredentialRule(),
    rules: [Rule] = []
  ) {
    self.file = file
    self.schema = schema
    self.proxies = proxies
    self.expect = expect
    self.requires = requires
    self.exemptions = exemptions
    self.credential = credential
    self.rules = rules
  }

  /// Whether a rule asks what exchanges mean as calls of a model: then contents are decoded.
  public var readsCalls: Bool {
    rules.contains { $0.match.readsCall || $0.response?.readsCall == true }
  }

  /// The folder that a relative `file:` in this policy is relative to: the policy's own.
  public var folder: String {
    guard let file, let slash = file.lastIndex(of: "/") else { return "." }
    return slash == file.startIndex ? "/" : String(file[..<slash])
  }

  /// Path of the nearest `keywitness.yml` in a folder or above it; nil if there is none.
  ///
  /// - Parameter folder: absolute, or relative to the working folder.
  public static func find(startingAt folder: String) -> String? {
    let files = FileManager.default
    let start =
      folder.hasPrefix("/") ? folder : files.currentDirectoryPath + "/" + folder
    var parts: [Substring] = []
    for part in start.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    while true {
      let path = (parts + [fileName[...]]).reduce(into: "") { $0 += "/" + $1 }
      // "/." behind its path exists for a folder only; asking for the kind takes an unsafe pointer.
      if files.fileExists(atPath: path), !files.fileExists(atPath: path + "/.") { return path }
      guard parts.popLast() != nil else { return nil }
    }
  }
}
