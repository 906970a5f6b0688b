/// The stub's options from the environment, for a service of a CI job or a compose file, where
/// variables are easier to set than arguments.
enum StubEnvironment {
  static let prefix = "KEYWITNESS_STUB_"

  /// `KEYWITNESS_STUB_READY_FILE=x` becomes `--ready-file x`, where the option isn't given.
  ///
  /// In the names' order, so that an error is the same each time.
  static func adding(_ environment: [String: String], to arguments: [String]) -> [String] {
    guard arguments.first == "stub" else { return arguments }
    var added = arguments
    for (name, value) in environment.sorted(by: { $0.key < $1.key })
    where name.hasPrefix(prefix) && !value.isEmpty {
      let option =
        "--" + name.dropFirst(prefix.count).lowercased().replacing("_", with: "-")
      let isGiven = arguments.contains { $0 == option || $0.hasPrefix(option + "=") }
      if !isGiven { added.append("\(option)=\(value)") }
    }
    return added
  }
}
