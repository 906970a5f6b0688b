import Foundation
import TestSupport
import Testing

/// Secrets that come from the command line, the environment and files, and those that are in memory
/// when the process dies.
@Suite("Canaries: arguments, policies and crashes") struct CanaryProcessTests {
  static let shapeless = Canary("an argument without a shape")
  static let shaped = Canary("an argument with a shape", prefix: "sk-")
  static let search = CanarySearch([shapeless, shaped])

  private func holdsNoSecret(
    _ run: CanaryRun, at location: SourceLocation = #_sourceLocation
  ) {
    for (name, bytes) in run.written {
      for find in Self.search.finds(in: bytes, atTheEnd: true) {
        Issue.record("\(name): \(find)", sourceLocation: location)
      }
    }
  }

  // MARK: Arguments

  static let mistyped: [[String]] = [shapeless.text, shaped.text].flatMap { key in
    [
      ["check", "--expect-key", key], ["check", "--expect-key=\(key)"],
      ["check", "--expect-key", "env:\(key)"], ["check", "--expect-key", "$\(key)"],
      ["check", "--expect-key", "file:.env#\(key)"], ["check", "--expect-key", "sha256:\(key)"],
      ["check", "--expect-key", "Bearer \(key)"], ["check", "--expect-keys=\(key)"],
      ["check", "--api-key=\(key)"], ["check", "--key=\(key)", "x.pcap"],
      ["check", "--proxy", "http://u:\(key)@x.example"],
      ["check", "--proxy", "http://\(key)@x.example"], ["list", "--where", "key=\(key)"],
      ["list", "--where", "status=\(key)"], ["list", "--where", "verdict=\(key) and ("],
      ["check", "--report", "junit:\(key)"], ["check", "--color", key], ["show", "x.pcap", key],
    ]
  }

  @Test(arguments: mistyped) func mistypedArgumentIsNotRepeated(_ arguments: [String]) throws {
    let names = arguments.contains { $0.hasSuffix(".pcap") } ? [] : ["in.pcap"]
    let run = try CanaryRun(
      arguments + names,
      files: [".env": [], "in.pcap": CaptureBytes.pcap([]), "x.pcap": CaptureBytes.pcap([])])
    // The password of a proxy's URL is passed over.
    #expect([2, 3].contains(run.code) || arguments.contains("--proxy"))
    holdsNoSecret(run)
  }

  // MARK: Policies

  static let policies: [String] = [shapeless.text, shaped.text].flatMap { key in
    [
      "expect: \(key)\n", "expect:\n  - \(key)\n", "expect: [env:A, \(key)]\n",
      "apikey: \(key)\n", "api_key: \"\(key)\"\nexpect: x\n",
      "proxy: http://u:\(key)@x.example\n", "proxy: [http://\(key)@x.example, ]]\n",
      "credential: {header: [\(key)], scheme: \(key)}\n",
      "require: [GET /model/info?api_key=\(key)]\nrequre: \(key)\n",
      "rules:\n  - id: a\n    credential: {expect: \(key)}\n",
      "rules:\n  - id: a\n    match: {path: \"/x?token=\(key)\"\n",
      "# \(key)\nexpect: \(key) \t: : x\n",
    ]
  }

  @Test(arguments: policies) func policysLineIsQuotedWithoutItsKey(_ policy: String) throws {
    let run = try CanaryRun(
      ["check", "--policy", "p.yml", "in.pcap"],
      files: ["p.yml": Array(policy.utf8), "in.pcap": CaptureBytes.pcap([])])
    #expect([2, 5].contains(run.code))
    holdsNoSecret(run)
  }

  /// The key comes from the outside, and only this tells that what the capture holds is one.
  @Test(arguments: [
    (["--expect-key", "env:CANARY"], ""), (["--expect-key", "file:key"], ""),
    (["--expect-key", "file:.env#CANARY"], ""), (["--policy", "p.yml"], "expect: env:CANARY"),
    (["--policy", "p.yml"], "expect: file:key"),
    (["--policy", "p.yml"], "expect: file:.env#CANARY"),
    (
      ["--policy", "p.yml"],
      "rules: [{id: a, match: {path: /v1/*}, credential: {expect: env:CANARY}}]"
    ),
  ])
  func givenKeyIsASecretFromTheStart(_ options: [String], _ policy: String) throws {
    let capture = CanaryCapture.mentioning(Self.shapeless)
    let key = Self.shapeless.text
    for command in [
      ["check", "--report", "ndjson"], ["check"], ["show", "--show-bodies"], ["list"],
    ] {
      let run = try CanaryRun(
        command + options + ["--color", "always", "--proxy", "any", "in.pcap"],
        environment: ["CANARY": key],
        files: [
          "in.pcap": CaptureBytes.pcap(capture.packets), "key": Array("\(key)\n".utf8),
          ".env": Array("A=b\nexport CANARY=\"\(key)\"\n".utf8), "p.yml": Array(policy.utf8),
        ])
      #expect([0, 1, 4].contains(run.code))
      #expect(run.output.count > 100)
      holdsNoSecret(run)
    }
  }

  /// A message about something else may quote it, too.
  @Test func messagesKnowTheKeysOfTheRun() throws {
    let key = "Wolfram-Lantern"
    let run = try CanaryRun(
      ["list", "--where", "path=/\(key) and statis=1", "--expect-key", "env:CANARY", "in.pcap"],
      environment: ["CANARY": key], files: ["in.pcap": CaptureBytes.pcap([])])
    #expect(run.code == 2)
    #expect(!String(decoding: run.errors, as: UTF8.self).contains(key))
  }

  // MARK: Crashes

  @Test(arguments: [SIGSEGV, SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGBUS, SIGKILL])
  func crashShowsNoMemory(_ signal: Int32) throws {
    var dialogue = Dialogue()
    for key in [Self.shapeless.text, Self.shaped.text] {
      dialogue.ask(
        "POST", "/chat/completions", fields: ["Authorization: Bearer \(key)"],
        body: "\(key) \(key)")
    }
    let run = try CanaryRun(
      ["check", "--report", "text", "--report", "ndjson=n", "--report", "junit=j", "-"],
      input: CaptureBytes.pcap(dialogue.packets),
      environment: ["SWIFT_BACKTRACE": "enable=yes,color=no,output-to=.,limit=none"],
      endedBy: signal)
    // A file that was shortened under its mapping is bad input, everything else a fault.
    #expect(run.code == (signal == SIGBUS ? 3 : -signal))
    let errors = String(decoding: run.errors, as: UTF8.self)
    if signal != SIGKILL {
      // Of a static executable the runtime says that it has no reporter.
      let lines = errors.split(separator: "\n").filter { !$0.hasPrefix("swift runtime: ") }
      #expect(lines.count == 1)
      #expect(lines.first?.hasPrefix("keywitness: ") == true)
    }
    holdsNoSecret(run)
    #expect(Self.search.finds(in: run.commandLine, atTheEnd: true) == [])
    // Nothing but what was begun: no core, no crash report.
    #expect(run.modes.keys.allSatisfy { $0.hasSuffix(".partial") }, "\(run.modes)")
    #expect(run.modes.values.allSatisfy { $0 == 0o600 })
  }
}
