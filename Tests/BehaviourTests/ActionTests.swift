import Foundation
import TestSupport
import Testing
import Yams

/// What CI systems and hooks run, run as they do.
@Suite("Actions and hooks do what their files say") struct ActionTests {
  private static let root = Executable.root

  /// A package as Scripts/package makes it, as far as the action needs it.
  private func package(_ folder: Folder) throws -> String {
    let result = try Executable.run(
      [
        "-c",
        """
        mkdir -p '\(folder.path)/top/bin' && ln -s '\(Executable.path)' '\(folder.path)/top/bin/keywitness'
        tar -C '\(folder.path)' -czf '\(folder.path)/package.tar.gz' top
        """,
      ], tool: "/bin/sh")
    try #require(result.code == 0, "\(result.errors)")
    return "\(folder.path)/package.tar.gz"
  }

  private func act(
    _ command: String, _ arguments: String, in folder: Folder, _ more: [String: String] = [:]
  ) throws -> Executable.Result {
    try Executable.run(
      [],
      environment: [
        "KEYWITNESS_COMMAND": command, "KEYWITNESS_ARGUMENTS": arguments,
        "KEYWITNESS_PACKAGE": try package(folder), "RUNNER_TEMP": folder.path,
        "GITHUB_OUTPUT": "\(folder.path)/output",
        "GITHUB_STEP_SUMMARY": "\(folder.path)/summary", "CI": "true",
      ].merging(more) { $1 }, tool: "\(Self.root)/Scripts/action")
  }

  @Test func theActionRunsASuiteAndKeepsItsReports() throws {
    let folder = try Folder()
    let result = try act("test", "'\(Self.root)/Captures'", in: folder)
    #expect(result.code == 0, "\(result.output)\(result.errors)")
    let output = String(decoding: try Folder.bytes("\(folder.path)/output"), as: UTF8.self)
    #expect(output.contains("exit-code=0\n"))
    let reports = "\(folder.path)/keywitness-reports"
    #expect(output.contains("reports=\(reports)\n"))
    let junit = String(
      decoding: try Folder.bytes("\(reports)/keywitness.xml"), as: UTF8.self)
    #expect(junit.contains("<testcase name=\"agent-broken\""))
    let summary = String(decoding: try Folder.bytes("\(folder.path)/summary"), as: UTF8.self)
    #expect(summary.contains("**PASS**"))
  }

  @Test func theActionFailsAsItsCommandDoes() throws {
    let folder = try Folder()
    let result = try act("check", "\(Self.root)/Captures/agent-broken.pcap", in: folder)
    #expect(result.code == 1 && result.output.contains("::error "))
    let replayed = try act(
      "replay", "\(Self.root)/Captures/agent-broken.pcap --stub --speed max", in: try Folder())
    #expect(replayed.code == 0, "\(replayed.errors)")
    let other = try act("sanitize", "x", in: try Folder())
    #expect(other.code == 2)
    let sum = ["KEYWITNESS_PACKAGE_SHA256": String(repeating: "0", count: 64)]
    #expect(try act("check", "x", in: try Folder(), sum).code == 3)
  }

  @Test func wordsOfArgumentsAreWordsAndNothingElse() throws {
    let folder = try Folder()
    let result = try act(
      "check", "\"$(touch \(folder.path)/pwned)\" '`id`; true'", in: folder)
    #expect(result.code == 3)
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/pwned"))
  }

  @Test(arguments: [
    "action.yml", ".pre-commit-hooks.yaml", ".github/workflows/keywitness.yml", ".gitlab-ci.yml",
  ]) func theFilesAreYAMLAndNameWhatIsThere(_ file: String) throws {
    let text = String(decoding: try Folder.bytes("\(Self.root)/\(file)"), as: UTF8.self)
    #expect(try Yams.load(yaml: text) != nil)
    for match in text.matches(of: /Scripts\/[a-z-]+/) {
      #expect(FileManager.default.isExecutableFile(atPath: "\(Self.root)/\(match.output)"))
    }
  }

  // MARK: Keys in what is committed

  private static let captures =
    ((try? FileManager.default.contentsOfDirectory(atPath: "\(root)/Captures")) ?? [])
    .filter { $0.hasSuffix(".pcap") || $0.hasSuffix(".pcapng") }.sorted()
    .filter { $0 != "empty.pcap" && $0 != "tls-shut.pcap" }

  @Test(arguments: captures) func whatSanitizeWroteIsCleanAndWhatItReadIsNot(
    _ capture: String
  ) throws {
    let path = "\(Self.root)/Captures/\(capture)"
    let clean = try Folder().path + "/clean.pcapng"
    let log = "\(path.prefix { $0 != "." }).keylog"
    let keys = FileManager.default.fileExists(atPath: log) ? ["--keylog", log] : []
    let environment = ["KEY": "sk-keywitness-demo-0123456789", "KEYWITNESS_SALT": "salt"]
    for options in [[], ["--expect-key", "env:KEY"]] {
      let written = try Executable.run(
        ["sanitize", path, clean] + options + keys, environment: environment)
      #expect(written.code == 0, "\(written.errors)")
      let found = try Executable.run(["sanitize", "--check", clean])
      #expect(found.code == 0, "\(found.errors)")
    }
    let before = try Executable.run(["sanitize", "--check", path] + keys)
    let hasKey = !capture.contains("agent-broken")
    #expect(before.code == (hasKey ? 1 : 0), "\(before.errors)")
  }

  private func check(_ script: (inout Conversation) -> Void) throws -> Executable.Result {
    var talk = Conversation(clientPort: 41_000)
    script(&talk)
    talk.close()
    let file = try TemporaryFile(CaptureBytes.pcap(talk.packets()))
    return try Executable.run(["sanitize", "--check", file.path])
  }

  private static let secret = "sk-made-up-8842-Qz7Lm2Xv9Kt3"

  @Test func keysAreFoundWhereverTheyStand() throws {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    let trailer = try check {
      $0.client(
        "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
          + "X-Api-Key: \(Self.secret)\r\n\r\n")
      $0.server(answer)
    }
    #expect(trailer.code == 1 && trailer.errors.contains("connection 1"), "\(trailer.output)")
    let mislabelled = try check {
      let body = "{\"api_key\":\"\(Self.secret)\"}"
      $0.client(
        "POST /a HTTP/1.1\r\nHost: h\r\nContent-Encoding: gzip\r\nContent-Length: "
          + "\(body.utf8.count)\r\n\r\n\(body)")
      $0.server(answer)
    }
    #expect(mislabelled.code == 1 && mislabelled.errors.contains("can't be looked into"))
    let foreign = try check {
      $0.client("GET /a HTTP/1.1\r\nHost: h\r\n\r\n")
      $0.server(answer)
      $0.client("\u{1}AUTH \(Self.secret)\n")
    }
    #expect(foreign.code == 1, "\(foreign.output)\(foreign.errors)")
    let clean = try check {
      $0.client("GET /a HTTP/1.1\r\nHost: h\r\n\r\n")
      $0.server(answer)
    }
    #expect(clean.code == 0, "\(clean.errors)")
    let empty = "\(Self.root)/Captures/empty.pcap"
    #expect(try Executable.run(["sanitize", "--check", empty]).code == 5)
  }

  @Test func madeUpKeysMayBeSaidToBeSo() throws {
    let look = ["sanitize", "--check", "\(Self.root)/Captures/openai-stream.pcap"]
    #expect(try Executable.run(look).code == 1)
    let key = ["KEY": "sk-keywitness-demo-0123456789"]
    let result = try Executable.run(look + ["--made-up", "env:KEY"], environment: key)
    #expect(result.code == 0 && result.output.hasPrefix("clean: 1 exchange"), "\(result.errors)")
  }

  @Test(.enabled(if: Tool.isThere("/usr/bin/git"), "git isn't installed"))
  func theHookStopsACommitThatHasAKey() throws {
    let result = try Script.run(
      #"""
      git init -q . && git config user.email a@example.com && git config user.name a
      ln -s "$ROOT/Scripts/pre-commit" .git/hooks/pre-commit
      export KEYWITNESS="$KW"
      cp "$ROOT/Captures/agent-fixed.pcap" one.pcap
      git add one.pcap && git commit -q -m one; echo "with a key: $?"
      "$KW" sanitize one.pcap clean.pcapng >/dev/null
      git rm -q --cached one.pcap && git add clean.pcapng
      # What is staged counts, not what lies there.
      cp "$ROOT/Captures/agent-fixed.pcap" clean.pcapng
      git commit -q -m two; echo "clean: $?"
      """#, environment: ["ROOT": Self.root, "HOME": "/nonexistent"])
    #expect(result.output.contains("with a key: 1"), "\(result.output)\(result.errors)")
    #expect(result.output.contains("clean: 0"), "\(result.output)\(result.errors)")
    #expect(result.errors.contains("one.pcap is not to be committed"))
  }
}
