import Foundation
import Testing

@testable import Verdicts

@Suite struct ExpectedKeyTests {
  // MARK: - The source

  @Test(arguments: [
    ("env:LITELLM_MASTER_KEY", ExpectedKeySource.variable("LITELLM_MASTER_KEY")),
    ("file:/run/secrets/key", .file(path: "/run/secrets/key")),
    ("file:.env#KEY", .dotenv(path: ".env", name: "KEY")),
    ("file:a#b/.env#KEY", .dotenv(path: "a#b/.env", name: "KEY")),
    ("sha256:" + String(repeating: "aF", count: 32), .digest([UInt8](repeating: 0xAF, count: 32))),
  ])
  func permittedForm(_ text: String, _ source: ExpectedKeySource) throws {
    #expect(try ExpectedKeySource.parse(text) == source)
  }

  @Test(arguments: [
    ("", ExpectedKeyError.Kind.notASource), ("evn:KEY", .notASource), ("$KEY", .notASource),
    ("os.environ/KEY", .notASource), ("./key.txt", .notASource), ("a b", .notASource),
    ("sk-1234", .looksLikeKey), ("hunter2", .looksLikeKey), ("sk-a:b", .looksLikeKey),
    ("env:", .badVariableName), ("env:1A", .badVariableName), ("env:sk-1234", .badVariableName),
    ("file:", .badPath), ("file:#KEY", .badPath), ("file:a\0b", .badPath),
    ("file:.env#", .badVariableName), ("file:.env#A B", .badVariableName),
    ("sha256:", .badDigest), ("sha256:abcd", .badDigest),
    ("sha256:" + String(repeating: "g", count: 64), .badDigest),
    ("sha256:" + String(repeating: "é", count: 32), .badDigest),
  ])
  func refusedForm(_ text: String, _ kind: ExpectedKeyError.Kind) {
    let error = #expect(throws: ExpectedKeyError.self) { try ExpectedKeySource.parse(text) }
    #expect(error?.kind == kind)
    #expect(error?.isUnreadableInput == false)
  }

  @Test(arguments: [
    "sk-secretsecret", "hunter2hunter2", "env:sk-secret-1", "sha256:sk-secret", "sk-secret:x",
  ])
  func refusalNeverRepeatsTheText(_ text: String) throws {
    let error = try #require(throws: ExpectedKeyError.self) { try ExpectedKeySource.parse(text) }
    let secret = text.split(separator: ":").last.map(String.init) ?? text
    #expect(secret == "x" || !error.description.contains(secret))
    #expect(!error.description.contains("secret-1") && !error.description.contains("sk-secret"))
  }

  @Test func plainKeyIsRefusedWithTheReason() throws {
    let error = try #require(throws: ExpectedKeyError.self) {
      try ExpectedKeySource.parse("sk-1234")
    }
    #expect(error.description.contains("ps, shell history and CI logs would show it"))
    #expect(error.description.contains("env:NAME, file:PATH, file:.env#NAME or sha256:HEX"))
  }

  // MARK: - Variables

  @Test func variable() throws {
    let key = try resolve("env:KEY", ["KEY": "sk-1"])
    #expect(key.plainBytes == Array("sk-1".utf8))
  }

  @Test func variableThatIsNotSet() {
    let error = failure("env:KEY")
    #expect(error?.kind == .variableNotSet)
    #expect(error?.help == [])
  }

  @Test(arguments: ["SUDO_USER", "SUDO_UID"])
  func variableThatSudoStripped(_ mark: String) {
    let error = failure("env:KEY", [mark: "1000"])
    #expect(error?.help.last == "sudo --preserve-env=KEY keywitness …")
  }

  @Test func emptyVariable() {
    #expect(failure("env:KEY", ["KEY": ""])?.kind == .variableEmpty)
  }

  // MARK: - Files

  @Test(arguments: [
    ("sk-1", "sk-1"), ("sk-1\n", "sk-1"), ("sk-1\r\n", "sk-1"), ("sk-1\n\n", "sk-1\n"),
    ("sk-1\r", "sk-1\r"), ("sk-1 \n", "sk-1 "),
  ])
  func oneLastNewlineOfAFileIsDropped(_ content: String, _ key: String) throws {
    try withFile(Array(content.utf8)) { folder, name in
      let source = try ExpectedKeySource.parse("file:\(name)")
      let found = try source.resolve(environment: [:], baseDirectory: folder)
      #expect(found.plainBytes == Array(key.utf8))
    }
  }

  @Test(arguments: [
    ([], ExpectedKeyError.Kind.fileEmpty), ([0x0A], .fileEmpty), ([0x0D, 0x0A], .fileEmpty),
    ([0x61, 0x00, 0x62], .fileHoldsNUL),
    ([UInt8](repeating: 0x61, count: ExpectedKeySource.largestFile + 1), .fileTooLarge),
  ])
  func fileWithoutKey(_ content: [UInt8], _ kind: ExpectedKeyError.Kind) throws {
    try withFile(content) { folder, name in
      let source = try ExpectedKeySource.parse("file:\(name)")
      let error = #expect(throws: ExpectedKeyError.self) {
        try source.resolve(environment: [:], baseDirectory: folder)
      }
      #expect(error?.kind == kind)
      #expect(error?.isUnreadableInput == false)
    }
  }

  @Test func fileAtTheLimitIsRead() throws {
    let content = [UInt8](repeating: 0x61, count: ExpectedKeySource.largestFile)
    try withFile(content) { folder, name in
      let source = try ExpectedKeySource.parse("file:\(folder)/\(name)")
      let key = try source.resolve(environment: [:], baseDirectory: "/nowhere")
      #expect(key.matches(content))
    }
  }

  @Test func endlessDeviceIsTooLarge() {
    #expect(failure("file:/dev/zero")?.kind == .fileTooLarge)
  }

  @Test func absentFileAndFolderAreUnreadableInputs() {
    #expect(failure("file:/nonexistent/key")?.kind == .fileAbsent)
    #expect(failure("file:/nonexistent/key")?.isUnreadableInput == true)
    #expect(failure("file:/tmp")?.kind == .fileUnreadable)
    #expect(failure("file:/tmp")?.isUnreadableInput == true)
  }

  @Test func tildeIsTheHomeFolder() throws {
    try withFile(Array("sk-1".utf8)) { folder, name in
      let source = try ExpectedKeySource.parse("file:~/\(name)")
      let key = try source.resolve(environment: ["HOME": folder], baseDirectory: "/nowhere")
      #expect(key.plainBytes == Array("sk-1".utf8))
    }
  }

  // MARK: - .env files

  @Test(arguments: [
    ("KEY=sk-1", "sk-1"),
    ("KEY = sk-1  ", "sk-1"),
    ("export KEY=sk-1\r\n", "sk-1"),
    ("  export\tKEY=sk-1", "sk-1"),
    ("KEY=sk-1 # the key", "sk-1"),
    ("KEY=sk-1#2", "sk-1#2"),
    ("KEY=\"sk-1\" # quoted", "sk-1"),
    ("KEY='sk-1'\n", "sk-1"),
    ("KEY='s\\k'", "s\\k"),
    ("KEY='a\\'b'", "a'b"),
    ("KEY=\"a\\\"b\\\\c\\n\"", "a\"b\\c\n"),
    ("KEY='${OTHER}'", "${OTHER}"),
    ("KEY=first\nKEY=last\n", "last"),
    ("# KEY=no\nOTHER=x\nKEY=yes", "yes"),
    ("CERT=\"-----\nKEY=inside\n-----\"\nKEY=outside", "outside"),
    ("BROKEN=\"open\nKEY=sk-1", "sk-1"),
    ("nonsense\n=x\nKEY=sk-1", "sk-1"),
    ("\u{FEFF}KEY=sk-1", "sk-1"),
    ("KEY=sk-1=\n", "sk-1="),
  ])
  func dotenvValue(_ content: String, _ key: String) {
    #expect(DotenvFile(Array(content.utf8)).value(of: "KEY") == .text(Array(key.utf8)))
  }

  @Test(arguments: [
    ("KEY=\"open", "a quote is not closed", 1),
    ("\nKEY='a' b", "there is text behind the closing quote", 2),
    ("KEY=\"${OTHER}\"", "it refers to another variable", 1),
    ("KEY=sk-${OTHER}", "it refers to another variable", 1),
  ])
  func dotenvValueThatCannotBeTaken(_ content: String, _ reason: String, _ line: Int) {
    let value = DotenvFile(Array(content.utf8)).value(of: "KEY")
    #expect(value == .unusable(reason: reason, line: line))
  }

  @Test func dotenvTextBehindAQuoteIsNoNewLine() {
    #expect(DotenvFile(Array("A='x' KEY=sk-1".utf8)).value(of: "KEY") == nil)
  }

  @Test func dotenvErrors() throws {
    try withFile(Array("KEYS=a\nEMPTY=\n".utf8)) { folder, name in
      func kind(_ variable: String) -> ExpectedKeyError? {
        #expect(throws: ExpectedKeyError.self) {
          try ExpectedKeySource.parse("file:\(name)#\(variable)")
            .resolve(environment: [:], baseDirectory: folder)
        }
      }
      #expect(kind("KEY")?.kind == .nameNotInFile)
      #expect(kind("KEY")?.help == ["did you mean \"KEYS\"?"])
      #expect(kind("EMPTY")?.kind == .nameEmptyInFile)
    }
  }

  // MARK: - The key

  @Test func plainKeyMatchesItselfOnly() {
    let key = ExpectedKey.plain(Array("sk-1234".utf8))
    #expect(key.matches(Array("sk-1234".utf8)))
    #expect(!key.matches(Array("sk-1235".utf8)))
    #expect(!key.matches(Array("tk-1234".utf8)))
    #expect(!key.matches(Array("sk-123".utf8)))
    #expect(!key.matches([]))
    #expect(!ExpectedKey.plain([]).matches([]))
  }

  @Test func digestMatchesItsKeyOnly() throws {
    // printf %s sk-1234 | sha256sum
    let digest = "88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b"
    let key = try resolve("sha256:\(digest)", [:])
    #expect(key.matches(Array("sk-1234".utf8)))
    #expect(!key.matches(Array("sk-1235".utf8)))
    #expect(key.plainBytes == nil)
    #expect(!ExpectedKey.sha256([]).matches([]))
  }

  @Test func keyNeverShowsItself() {
    let key = ExpectedKey.plain(Array("hunter2".utf8))
    var dumped = ""
    dump(key, to: &dumped)
    dump([key], to: &dumped)
    let optional: ExpectedKey? = key
    dumped += "\(key) \(String(reflecting: key)) \(String(describing: optional)) \([key])"
    #expect(!dumped.contains("hunter2") && !dumped.contains("104"))
    #expect("\(key)" == "<key>")
    #expect(Mirror(reflecting: key).children.isEmpty)
  }

  @Test func digestSourceDoesNotShowTheHash() throws {
    let source = try ExpectedKeySource.parse("sha256:" + String(repeating: "ab", count: 32))
    #expect(source.description == "sha256:<hash>")
  }

  @Test(arguments: [
    ("sk-1", []), ("sk 1", [ExpectedKey.Note.innerWhitespace]), (" sk-1", [.outerWhitespace]),
    ("sk-1\n", [.outerWhitespace]), ("Bearer sk-1", [.schemeIncluded, .innerWhitespace]),
  ])
  func notes(_ key: String, _ notes: [ExpectedKey.Note]) {
    #expect(ExpectedKey.plain(Array(key.utf8)).notes == notes)
  }

  // MARK: -

  private func resolve(
    _ text: String, _ environment: [String: String]
  ) throws -> ExpectedKey {
    try ExpectedKeySource.parse(text).resolve(environment: environment, baseDirectory: "/nowhere")
  }

  private func failure(
    _ text: String, _ environment: [String: String] = [:]
  ) -> ExpectedKeyError? {
    #expect(throws: ExpectedKeyError.self) { try resolve(text, environment) }
  }

  private func withFile(
    _ content: [UInt8], _ body: (_ folder: String, _ name: String) throws -> Void
  ) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(content).write(to: folder.appendingPathComponent("key"))
    try body(folder.path, "key")
  }
}
