internal import CLibFuzzer
internal import Glibc
internal import TestSupport

/// `Fuzzing [option of libFuzzer…]` runs the target that the environment variable FUZZ_TARGET names;
/// `Fuzzing seeds FOLDER [CAPTURE…]` writes its first inputs into a folder. Scripts/fuzz calls it.
///
/// By the environment, because libFuzzer starts itself anew with options of its own.
@main
enum Fuzzing {
  /// libFuzzer's callback is a C function, which can't carry the target along.
  nonisolated(unsafe) private static var target: (any FuzzTarget.Type)?

  static func main() {
    let arguments = CommandLine.arguments
    let name = unsafe getenv("FUZZ_TARGET").map { unsafe String(cString: $0) } ?? ""
    guard let target = type(named: name) else {
      fail("no such target; the files in Tests/Fuzzing/Targets are those there are")
    }
    unsafe Self.target = target
    if arguments.count > 2, arguments[1] == "seeds" {
      do {
        try writeSeeds(of: target, into: arguments[2], from: Array(arguments.dropFirst(3)))
      } catch {
        fail("\(error)")
      }
    } else {
      runDriver()
    }
  }

  /// By the type's name: so a new target needs nothing but its file.
  private static func type(named name: String) -> (any FuzzTarget.Type)? {
    let module = "Fuzzing"
    for kind in ["O", "V", "C"] {
      let mangled = "\(module.utf8.count)\(module)\(name.utf8.count)\(name)\(kind)"
      if let found = _typeByName(mangled) as? any FuzzTarget.Type { return found }
    }
    return nil
  }

  private static func runDriver() {
    var count = CommandLine.argc
    var list = unsafe Optional(CommandLine.unsafeArgv)
    let code = unsafe LLVMFuzzerRunDriver(&count, &list) { bytes, size in
      let input = unsafe [UInt8](UnsafeBufferPointer(start: bytes, count: size))
      unsafe Fuzzing.target?.run(input)
      return 0
    }
    exit(code)
  }

  private static func writeSeeds(
    of target: any FuzzTarget.Type, into folder: String, from captures: [String]
  ) throws {
    var seeds = target.seeds
    for capture in captures { seeds += target.seeds(of: try Folder.bytes(capture)) }
    for (number, seed) in seeds.enumerated() where !seed.isEmpty {
      let path = "\(folder)/seed-\(number)"
      let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
      guard file >= 0 else { fail("\(path) can't be written") }
      _ = unsafe seed.withUnsafeBytes { unsafe write(file, $0.baseAddress, $0.count) }
      close(file)
    }
    print("\(seeds.count) seeds")
  }

  private static func fail(_ message: String) -> Never {
    let line = Array("fuzzing: \(message)\n".utf8)
    _ = unsafe line.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
    exit(2)
  }
}
