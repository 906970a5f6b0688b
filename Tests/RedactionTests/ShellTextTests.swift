import Foundation
import Redaction
import Testing

@Suite struct ShellTextTests {
  @Test func words() {
    #expect(ShellText.quote("plain-1.2/x") == "plain-1.2/x")
    #expect(ShellText.quote("") == "''")
    #expect(ShellText.quote("it's $HOME `id`") == #"'it'\''s $HOME `id`'"#)
    #expect(ShellText.quote("\u{1B}[0m") == #""$(printf '\033')"'[0m'"#)
    #expect(ShellText.quote("a\0b") == nil)
    #expect(ShellText.quote("a\n::error::") == "'a\n''::error::'")
  }

  @Test func aShellGivesTheSameBytesBack() throws {
    var inputs: [[UInt8]] = [
      bytes("a\n\n"), bytes("\n"), bytes("'\n'"), bytes("-n"), bytes("!! $(id) \\ \"x\" ~ * ? #"),
      bytes("\u{202E}ü\u{85}"), [0xFF, 0x0A, 0xFE], Array(1...255), bytes("%s\\n"),
      bytes("\n\u{1}\n"),
    ]
    inputs.append(Array((1...255).reversed()))
    for input in inputs {
      let word = try #require(ShellText.quote(input))
      #expect(try Self.shell("printf %s \(word)") == input, "\(word)")
      #expect(!word.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    }
  }

  private static func shell(_ script: String) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", script]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Array(output)
  }
}
