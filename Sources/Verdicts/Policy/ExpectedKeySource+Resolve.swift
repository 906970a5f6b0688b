extension ExpectedKeySource {
  /// Fetches the key.
  ///
  /// - Parameters:
  ///   - environment: this process's variables.
  ///   - target: those of the process whose traffic is captured; `nil` where there is none.
  ///   - baseDirectory: what a relative path is relative to: the policy's folder, or the working
  ///     folder for a command-line argument.
  /// - Throws: `ExpectedKeyError`; never with a piece of a key in its text.
  public func resolve(
    environment: [String: String], target: [String: String]? = nil, baseDirectory: String
  ) throws(ExpectedKeyError) -> ExpectedKey {
    switch self {
    case .digest(let bytes):
      return .sha256(bytes)
    case .variable(let name):
      return .plain(try Self.variable(name, in: environment))
    case .targetVariable(let name):
      guard let target else {
        throw ExpectedKeyError(
          kind: .noTarget, problem: "there is no captured process whose variables could be read",
          help: ["target-env: goes with capture --pid, --container or --service"])
      }
      guard let value = target[name], !value.isEmpty else {
        throw ExpectedKeyError(
          kind: target[name] == nil ? .variableNotSet : .variableEmpty,
          problem: "the variable \(name) is \(target[name] == nil ? "not set" : "empty") in the "
            + "captured process, so it can't have sent it",
          help: ["set it where that process is started"])
      }
      return .plain(Array(value.utf8))
    case .file(let path):
      let bytes = try read(path, environment: environment, baseDirectory: baseDirectory)
      return .plain(try wholeFile(bytes))
    case .dotenv(let path, let name):
      let bytes = try read(path, environment: environment, baseDirectory: baseDirectory)
      return .plain(try value(of: name, in: bytes))
    }
  }

  private static func variable(
    _ name: String, in environment: [String: String]
  ) throws(ExpectedKeyError) -> [UInt8] {
    guard let value = environment[name] else {
      // `env:` in front of the key itself: nobody names variables like that.
      let shown =
        name.contains { $0.isLowercase } && name.contains { $0.isNumber }
        ? KeyShape.masked(name).text : name
      throw ExpectedKeyError(
        kind: .variableNotSet, problem: "the variable \(shown) is not set",
        help: variableHelp(shown, environment))
    }
    guard !value.isEmpty else {
      throw ExpectedKeyError(
        kind: .variableEmpty, problem: "the variable \(name) is empty",
        help: variableHelp(name, environment))
    }
    return Array(value.utf8)
  }

  /// Under sudo the variable usually is set in the user's shell and was stripped on the way.
  private static func variableHelp(_ name: String, _ environment: [String: String]) -> [String] {
    let isSudo = environment["SUDO_USER"] != nil || environment["SUDO_UID"] != nil
    return isSudo
      ? ["sudo strips variables; keep this one:", "sudo --preserve-env=\(name) keywitness …"] : []
  }

  private func read(
    _ path: String, environment: [String: String], baseDirectory: String
  ) throws(ExpectedKeyError) -> [UInt8] {
    do {
      let location = Self.location(path, environment, baseDirectory)
      return try BoundedFile.read(location, limit: Self.largestFile)
    } catch {
      let shown = ShownText.quoted(path)
      switch error {
      case .absent:
        let place = path.hasPrefix("/") ? "" : " in \(ShownText.plain(baseDirectory))"
        throw ExpectedKeyError(
          kind: .fileAbsent, problem: "the key file \(shown) does not exist\(place)", help: [])
      case .unreadable:
        throw ExpectedKeyError(
          kind: .fileUnreadable, problem: "the key file \(shown) can't be read",
          help: ["it may be a folder, or belong to another user"])
      case .tooLarge:
        throw ExpectedKeyError(
          kind: .fileTooLarge,
          problem: "the key file \(shown) is larger than \(Self.largestFile / 1024) KB", help: [])
      }
    }
  }

  /// No shell expands `~` behind `file:`, so it is done here.
  private static func location(
    _ path: String, _ environment: [String: String], _ baseDirectory: String
  ) -> String {
    if path.hasPrefix("/") || baseDirectory.isEmpty { return path }
    if path.hasPrefix("~/"), let home = environment["HOME"], !home.isEmpty {
      return home + path.dropFirst(1)
    }
    return baseDirectory.hasSuffix("/") ? baseDirectory + path : baseDirectory + "/" + path
  }

  /// The file's bytes without one last line end.
  private func wholeFile(_ bytes: [UInt8]) throws(ExpectedKeyError) -> [UInt8] {
    var key = bytes[...]
    if key.last == 0x0A {
      key.removeLast()
      if key.last == 0x0D { key.removeLast() }
    }
    guard !key.isEmpty else {
      throw ExpectedKeyError(kind: .fileEmpty, problem: "\(self) is empty", help: [])
    }
    guard !key.contains(0) else {
      throw ExpectedKeyError(
        kind: .fileHoldsNUL, problem: "\(self) holds a NUL byte: it is not a text file", help: [])
    }
    return Array(key)
  }

  private func value(of name: String, in bytes: [UInt8]) throws(ExpectedKeyError) -> [UInt8] {
    guard !bytes.contains(0) else {
      throw ExpectedKeyError(
        kind: .fileHoldsNUL, problem: "\(self) holds a NUL byte: it is not a text file", help: [])
    }
    let file = DotenvFile(bytes)
    switch file.value(of: name) {
    case .text(let key) where key.isEmpty:
      throw ExpectedKeyError(
        kind: .nameEmptyInFile, problem: "\(self) is empty: the file gives it no value", help: [])
    case .text(let key):
      return key
    case .unusable(let reason, let line):
      throw ExpectedKeyError(
        kind: .nameUnusableInFile, problem: "\(self), line \(line): \(reason)", help: [])
    case nil:
      let nearest = NearestWord.find(name, in: file.names)
      throw ExpectedKeyError(
        kind: .nameNotInFile, problem: "\(self) does not exist: the file has no such name",
        help: nearest.map { ["did you mean \"\($0)\"?"] } ?? [])
    }
  }
}
