import Foundation
import TestSupport

/// Looks for canaries in what a command wrote, in any form: eight bytes of a secret's random part in
/// a row, as they are, in base64 at any place in its groups of four, or behind escapes.
struct CanarySearch {
  struct Find: Hashable, CustomStringConvertible {
    var place: String
    var form: String
    var around: String

    var description: String { "\(place), \(form): …\(around)…" }
  }

  private let canaries: [Canary]
  private var owners: [UInt64: Int] = [:]
  /// Which hashes of eight bytes occur at all: nearly all windows are passed over by it.
  private var sieve = [Bool](repeating: false, count: 1 << 18)

  init(_ canaries: [Canary]) {
    self.canaries = canaries
    for (number, canary) in canaries.enumerated() {
      add(canary.random, number)
      for shift in 0..<3 {
        let text = Data([UInt8](repeating: 0, count: shift) + canary.random).base64EncodedString()
        // The outer characters hold bits of the neighbours too.
        let core = Array(text.utf8.dropFirst(shift == 0 ? 0 : 4).dropLast(4))
        add(core, number)
        add(core.map { $0 == 0x2B ? 0x2D : $0 == 0x2F ? 0x5F : $0 }, number)
      }
    }
  }

  private mutating func add(_ bytes: [UInt8], _ number: Int) {
    guard bytes.count >= 8 else { return }
    for start in 0...(bytes.count - 8) {
      let window = bytes[start..<(start + 8)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      if owners[window] == nil { owners[window] = number }
      sieve[Self.slot(window)] = true
    }
  }

  private static func slot(_ window: UInt64) -> Int {
    Int(truncatingIfNeeded: (window &* 0x9E37_79B9_7F4A_7C15) >> 46)
  }

  /// What `bytes` hold that they shouldn't.
  ///
  /// - Parameters:
  ///   - atTheEnd: whether they were written when the whole capture had been seen.
  ///   - isWhole: whether nothing is missing or out of order that tells of a secret elsewhere.
  func finds(in bytes: [UInt8], atTheEnd: Bool, isWhole: Bool = true) -> Set<Find> {
    var found: Set<Find> = []
    for (form, view) in Self.views(of: bytes) {
      search(
        view, form,
        { canary in
          (atTheEnd || canary.reach == .everywhere) && (isWhole || !canary.isToldElsewhere)
        }, &found)
    }
    return found
  }

  private func search(
    _ view: [UInt8], _ form: String, _ isMeant: (Canary) -> Bool, _ found: inout Set<Find>
  ) {
    var places: Set<Int> = []
    var window: UInt64 = 0
    for index in view.indices {
      window = window << 8 | UInt64(view[index])
      guard index >= 7, sieve[Self.slot(window)], let owner = owners[window] else { continue }
      guard isMeant(canaries[owner]), places.insert(owner).inserted else { continue }
      let around = view[max(0, index - 60)..<min(view.count, index + 20)]
      found.insert(
        Find(
          place: canaries[owner].place, form: form,
          around: String(decoding: around, as: UTF8.self).debugDescription))
    }
  }

  /// The bytes as they are, and as they read when what was done to them is undone.
  static func views(of bytes: [UInt8]) -> [(form: String, bytes: [UInt8])] {
    var views = [("as it is", bytes)]
    func add(_ form: String, _ view: [UInt8]?) {
      if let view { views.append((form, view)) }
    }
    add("percent-escaped", unescaped(bytes, percent))
    let json = unescaped(bytes, backslash)
    add("escaped with backslashes", json)
    add("escaped twice", json.flatMap { unescaped($0, backslash) })
    add("escaped with backslashes and percent", json.flatMap { unescaped($0, percent) })
    add("in hexadecimal", hexadecimal(bytes))
    add("in events", events(bytes))
    add("in events of JSON", json.flatMap(events))
    add("in markup", unescaped(bytes, markup))
    return views
  }

  private typealias Escape = ([UInt8], Int) -> (byte: UInt8?, length: Int)?

  private static func unescaped(_ bytes: [UInt8], _ escape: Escape) -> [UInt8]? {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    var index = 0
    var isChanged = false
    while index < bytes.count {
      // Every escape begins with one of these.
      let byte = bytes[index]
      if byte == 0x25 || byte == 0x5C || byte == 0x26 || byte == 0x3C,
        let found = escape(bytes, index)
      {
        if let byte = found.byte { output.append(byte) }
        index += found.length
        isChanged = true
      } else {
        output.append(byte)
        index += 1
      }
    }
    return isChanged ? output : nil
  }

  private static func value(_ bytes: [UInt8], _ start: Int, _ count: Int, radix: Int) -> UInt8? {
    guard start + count <= bytes.count else { return nil }
    let text = String(decoding: bytes[start..<(start + count)], as: UTF8.self)
    return UInt8(text, radix: radix)
  }

  private static func percent(_ bytes: [UInt8], _ index: Int) -> (byte: UInt8?, length: Int)? {
    guard bytes[index] == 0x25 else { return nil }
    return value(bytes, index + 1, 2, radix: 16).map { ($0, 3) }
  }

  /// Of JSON and of shells.
  private static func backslash(_ bytes: [UInt8], _ index: Int) -> (byte: UInt8?, length: Int)? {
    guard bytes[index] == 0x5C, index + 1 < bytes.count else { return nil }
    switch bytes[index + 1] {
    case UInt8(ascii: "u"): return value(bytes, index + 2, 4, radix: 16).map { ($0, 6) }
    case UInt8(ascii: "x"): return value(bytes, index + 2, 2, radix: 16).map { ($0, 4) }
    case 0x30...0x33: return value(bytes, index + 1, 3, radix: 8).map { ($0, 4) }
    default: return (nil, 1)
    }
  }

  /// Of XML, and Markdown's comments.
  private static func markup(_ bytes: [UInt8], _ index: Int) -> (byte: UInt8?, length: Int)? {
    if bytes[index] == 0x5C { return (nil, 1) }
    for (text, byte) in [("&amp;", UInt8(0x26)), ("&quot;", 0x22), ("&#39;", 0x27)]
    where bytes[index...].prefix(text.utf8.count).elementsEqual(text.utf8) {
      return (byte, text.utf8.count)
    }
    let comment = "<!-- -->"
    if bytes[index...].prefix(8).elementsEqual(comment.utf8) { return (nil, 8) }
    return nil
  }

  /// Runs of hexadecimal digits, undone.
  private static func hexadecimal(_ bytes: [UInt8]) -> [UInt8]? {
    var output: [UInt8] = []
    var run: [UInt8] = []
    func digit(_ byte: UInt8) -> UInt8? {
      switch byte {
      case 0x30...0x39: byte - 0x30
      case 0x41...0x46: byte - 0x37
      case 0x61...0x66: byte - 0x57
      default: nil
      }
    }
    for byte in bytes + [0] {
      if let value = digit(byte) {
        run.append(value)
        continue
      }
      if run.count >= 16 {
        for start in 0..<2 {
          for index in stride(from: start, to: run.count - 1, by: 2) {
            output.append(run[index] << 4 | run[index + 1])
          }
          output.append(0)
        }
      }
      run.removeAll(keepingCapacity: true)
    }
    return output.isEmpty ? nil : output
  }

  /// The texts of events, as a client puts them together.
  private static func events(_ bytes: [UInt8]) -> [UInt8]? {
    var output: [UInt8] = []
    for line in bytes.split(separator: 0x0A) {
      guard let data = line.firstRange(of: Array("data: {".utf8)) else { continue }
      for name in ["\"content\":\"", "\"text\":\""] {
        guard let start = line[data.lowerBound...].firstRange(of: Array(name.utf8)) else {
          continue
        }
        output += line[start.upperBound...].prefix { $0 != 0x22 }
      }
    }
    return output.isEmpty ? nil : output
  }
}

/// One run of the executable, with everything that it left behind.
struct CanaryRun {
  var code: Int32
  /// `standard output`, `standard error`, and the files in its folders, by their names.
  var written: [(name: String, bytes: [UInt8])]

  var output: [UInt8] { written[0].bytes }
  var errors: [UInt8] { written[1].bytes }

  /// - Parameters:
  ///   - files: what lies in the working folder beforehand, and isn't looked at.
  ///   - umask: none, so that the modes of files are the executable's own.
  ///   - signal: what ends it, once it has written something and waits for more input.
  init(
    _ arguments: [String], input: [UInt8]? = nil, environment: [String: String] = [:],
    files: [String: [UInt8]] = [:], endedBy signal: Int32? = nil
  ) throws {
    let folder = try Folder()
    let work = folder.path + "/work"
    let temporary = folder.path + "/tmp"
    for path in [work, temporary] {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    for (name, bytes) in files {
      try Data(bytes).write(to: URL(fileURLWithPath: work + "/" + name))
    }
    let standard = try ["in", "out", "err"].map { name in
      try folder.file(name, bytes: name == "in" ? input ?? [] : [])
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments =
      ["-c", #"umask 0; ulimit -c unlimited; exec "$0" "$@""#, Executable.path] + arguments
    process.environment = [
      "PATH": "/usr/bin:/bin", "TMPDIR": temporary, "HOME": work,
    ].merging(environment) { $1 }
    process.currentDirectoryURL = URL(fileURLWithPath: work)
    let pipe = Pipe()
    process.standardInput = signal == nil ? FileHandle(forReadingAtPath: standard[0]) : pipe
    process.standardOutput = FileHandle(forWritingAtPath: standard[1])
    process.standardError = FileHandle(forWritingAtPath: standard[2])
    try process.run()
    if let signal {
      try pipe.fileHandleForWriting.write(contentsOf: Data(input ?? []))
      for _ in 0..<600 where try Folder.bytes(standard[1]).isEmpty { usleep(50_000) }
      commandLine = try Folder.bytes("/proc/\(process.processIdentifier)/cmdline")
      kill(process.processIdentifier, signal)
    }
    process.waitUntilExit()
    code =
      process.terminationReason == .exit
      ? process.terminationStatus : -process.terminationStatus
    written = [
      ("standard output", try Folder.bytes(standard[1])),
      ("standard error", try Folder.bytes(standard[2])),
    ]
    for place in [work, temporary] {
      for name in try FileManager.default.contentsOfDirectory(atPath: place).sorted()
      where place != work || files[name] == nil {
        let path = place + "/" + name
        written.append((name, Array(name.utf8) + [0x0A] + (try Folder.bytes(path))))
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        modes[name] = (mode as? NSNumber)?.intValue
      }
    }
  }

  /// What others see of it while it runs.
  private(set) var commandLine: [UInt8] = []
  /// Of the files.
  private(set) var modes: [String: Int] = [:]
}
