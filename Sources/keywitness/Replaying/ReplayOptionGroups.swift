internal import ArgumentParser
internal import Redaction
internal import Replay
internal import Verdicts

/// Which requests are sent.
struct ReplayChoiceOptions: ParsableArguments {
  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("Only these: 'method=POST path=/chat/*'.", valueName: "expression"))
  var selected: String?

  @Option(help: ArgumentHelp("So many of the first.", valueName: "n"))
  var count: Int?

  @Option(help: ArgumentHelp("All of them so many times.", valueName: "n"))
  var loop = 1

  @Option(
    help: ArgumentHelp(
      "The i-th of n parts, whole conversations each: one machine's share; see merge.",
      valueName: "i/n"))
  var shard: String?

  @Flag(
    name: .customLong("allow-unsafe"),
    help: "Sends what changes keys, users, teams and models, too.")
  var allowsUnsafe = false

  func validate() throws {
    if let count, count < 1 { throw ValidationError("--count \(count): nothing would be sent") }
    guard 1...1_000_000 ~= loop else { throw ValidationError("--loop \(loop) isn't 1 to 1000000") }
    if let shard, RequestSelection.Shard(shard) == nil {
      throw ValidationError("--shard \(shard) is no share; give 1/3, 2/3 or 3/3")
    }
  }

  var selection: RequestSelection {
    var selection = RequestSelection()
    selection.count = count
    selection.times = loop
    selection.shard = shard.flatMap(RequestSelection.Shard.init)
    return selection
  }
}

/// When they are sent, and how long is waited.
struct ReplayTimeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How fast recorded time passes; max only waits for answers that were there before.",
      valueName: "1x|2x|max"), transform: StubCommand.speed)
  var speed: StubCommand.Speed = .times(1)

  @Option(help: ArgumentHelp("So many a second, whatever their time was.", valueName: "n/s"))
  var rate: String?

  @Option(
    name: .customLong("max-gap"),
    help: ArgumentHelp("The longest time in which nothing is sent.", valueName: "duration"))
  var longestGap: ServedOptions.Delay?

  @Option(help: ArgumentHelp("After it, no request is begun.", valueName: "duration"))
  var duration: ServedOptions.Delay?

  @Option(
    help: ArgumentHelp(
      "Which requests go over which connection.", valueName: "as-recorded|pool:N|one-per-request"))
  var connections = "as-recorded"

  @Option(
    name: .customLong("connect-timeout"),
    help: ArgumentHelp("Until there is a connection.", valueName: "duration"))
  var connectTimeout = ServedOptions.Delay(nanoseconds: 5_000_000_000)

  @Option(
    name: .customLong("idle-timeout"),
    help: ArgumentHelp("The longest time in which nothing comes.", valueName: "duration"))
  var idleTimeout = ServedOptions.Delay(nanoseconds: 60_000_000_000)

  @Option(
    name: .customLong("answer-timeout"),
    help: ArgumentHelp("The longest time that one answer takes.", valueName: "duration"))
  var answerTimeout = ServedOptions.Delay(nanoseconds: 3_600_000_000_000)

  @Option(
    name: .customLong("max-errors"),
    help: ArgumentHelp("After so many that failed, no request is begun.", valueName: "n"))
  var mostErrors: Int?

  @Option(
    help: ArgumentHelp(
      "How often a request is sent again that failed, or was answered 429 or 503.",
      valueName: "n"))
  var retries = 0

  func validate() throws {
    if let rate, perSecond(rate) == nil {
      throw ValidationError("--rate \(rate) is no rate; give 50/s")
    }
    if ReplayOptions.Connections(connections) == nil {
      throw ValidationError(
        "--connections \(connections) isn't known; give as-recorded, pool:8 or one-per-request")
    }
    guard 0...100 ~= retries else { throw ValidationError("--retries \(retries) isn't 0 to 100") }
    if let mostErrors, mostErrors < 1 {
      throw ValidationError("--max-errors \(mostErrors) isn't 1 or more")
    }
  }

  private func perSecond(_ text: String) -> Double? {
    let number = Double(text.hasSuffix("/s") ? text.dropLast(2) : text[...])
    return number.flatMap { $0 > 0 && $0 <= 1e9 ? $0 : nil }
  }

  func configure(_ options: inout ReplayOptions) {
    options.pace =
      if case .times(let factor) = speed { .recorded(speed: factor) } else { .unbounded }
    if let rate = rate.flatMap(perSecond) { options.pace = .rate(rate) }
    options.longestGap = longestGap?.nanoseconds
    options.duration = duration?.nanoseconds
    options.connections = ReplayOptions.Connections(connections) ?? .asRecorded
    options.connectTimeout = connectTimeout.nanoseconds
    options.idleTimeout = idleTimeout.nanoseconds
    options.answerTimeout = answerTimeout.nanoseconds
    options.mostErrors = mostErrors
    options.retries = retries
  }
}

/// What is sent otherwise than it was recorded.
struct ReplayChangeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The key that is sent in the place of recorded ones. Placeholders and absent keys stay.",
      valueName: "env:NAME|file:PATH|recorded"))
  var auth: String?

  @Flag(
    name: .customLong("force-auth"),
    help: "Every request gets the key, whatever it had: proves the cure, and hides the fault.")
  var forcesAuth = false

  @Option(
    name: .customLong("key-map"),
    help: ArgumentHelp(
      "The key for one of several recorded ones, by its name in reports; repeatable.",
      valueName: "key#2=env:NAME"))
  var keyMap: [String] = []

  @Option(
    name: .customLong("set-header"),
    help: ArgumentHelp("A header that every request gets; repeatable.", valueName: "'name: value'"))
  var setHeaders: [String] = []

  @Option(
    name: .customLong("remove-header"),
    help: ArgumentHelp("A header that no request keeps; repeatable.", valueName: "name"))
  var removeHeaders: [String] = []

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "A member of JSON bodies: body.model=gpt-4o, body.n=2; repeatable.",
      valueName: "body.path=value"))
  var setMembers: [String] = []

  @Option(
    name: .customLong("path-prefix"),
    help: ArgumentHelp("Stands in front of each path.", valueName: "/prefix"))
  var pathPrefix: String?

  /// One that what follows stays behind: no query, no fragment, no way back up.
  private static func isPath(_ text: String) -> Bool {
    text.hasPrefix("/") && !text.contains { $0 <= " " || "?#%\\".contains($0) }
      && !text.split(separator: "/").contains { $0 == "." || $0 == ".." }
  }

  func validate() throws {
    if forcesAuth, auth == nil || auth == "recorded" {
      throw ValidationError("--force-auth needs a key: --auth env:NAME or file:PATH")
    }
    if let pathPrefix, !Self.isPath(pathPrefix) {
      throw ValidationError("--path-prefix \(pathPrefix) is no path; give /prefix")
    }
    for text in setHeaders where header(text) == nil {
      throw ValidationError("--set-header: give 'name: value', in one line and without a key in it")
    }
    for text in setMembers where member(text) == nil {
      throw ValidationError("--set \(text.prefix { $0 != "=" }): give body.NAME=VALUE")
    }
  }

  /// Keys are no arguments: others see them.
  private static let keyHeaders = [
    "authorization", "x-api-key", "api-key", "x-litellm-api-key", "x-goog-api-key",
    "proxy-authorization", "cookie", "ocp-apim-subscription-key",
  ]

  private func header(_ text: String) -> (name: String, value: String)? {
    guard let colon = text.firstIndex(of: ":"), colon > text.startIndex,
      text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
    else { return nil }
    let name = String(text[..<colon])
    guard name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
      !Self.keyHeaders.contains(name.lowercased())
    else { return nil }
    return (name, String(text[text.index(after: colon)...].drop { $0 == " " }))
  }

  private func member(_ text: String) -> (path: [String], json: String)? {
    guard text.hasPrefix("body."), let equals = text.firstIndex(of: "=") else { return nil }
    let path = text[..<equals].dropFirst(5).split(
      separator: ".", omittingEmptySubsequences: false
    ).map(String.init)
    guard !path.contains(""), path.allSatisfy({ !$0.contains("\"") && !$0.contains("\\") }) else {
      return nil
    }
    let value = String(text[text.index(after: equals)...])
    // What is JSON by itself is meant so; anything else is a text.
    let isJSON =
      Int(value) != nil || Double(value)?.isFinite == true
      || ["true", "false", "null"].contains(value)
      || (["{", "[", "\""].contains(value.first) && ReplayJSON.isValid(value))
    return (path, isJSON ? value : JSONText.quoted(value))
  }

  var rewriting: Rewriting {
    var rewriting = Rewriting()
    rewriting.fields = setHeaders.compactMap(header)
    rewriting.removed = removeHeaders.map { $0.lowercased() }
    rewriting.members = setMembers.compactMap(member)
    rewriting.prefix = pathPrefix.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 } ?? ""
    return rewriting
  }

  /// - Returns: `key#2` and the key for it.
  func keys(_ resolve: (String) throws -> [UInt8]) throws -> [String: [UInt8]] {
    var keys: [String: [UInt8]] = [:]
    for text in keyMap {
      guard text.hasPrefix("key#"), let equals = text.firstIndex(of: "=") else {
        throw Failure.usage("--key-map: give key#2=env:NAME or key#2=file:PATH")
      }
      keys[String(text[..<equals])] = try resolve(String(text[text.index(after: equals)...]))
    }
    return keys
  }
}

/// What of an answer has to come again.
struct ReplayCompareOptions: ParsableArguments {
  @Option(help: "What of an answer has to come again: status, or content as well.")
  var compare = Compared.content

  /// What of an answer is compared.
  enum Compared: String, ExpressibleByArgument, CaseIterable { case status, content }

  @Option(
    help: ArgumentHelp(
      "A place in JSON that may differ: '$.usage', '$.choices[*].message.content', '$..created'; "
        + "repeatable. Ids and times may anyway.", valueName: "path"))
  var ignore: [String] = []

  @Option(
    help: ArgumentHelp(
      "Rules in YAML: ignore, type-only, unordered, match, tolerance, headers, first-event, "
        + "event-gap.", valueName: "file"))
  var rules: String?

  @Option(
    name: .customLong("learn-noise"),
    help: ArgumentHelp(
      "Sends all twice, and writes what differs from the first to the second time as rules, to be "
        + "read by somebody.", valueName: "file"))
  var learnNoise: String?

  func comparison() throws -> Comparison {
    var read = ComparisonRules.usual
    if let rules {
      do throws(PolicyError) {
        read = try ComparisonRulesReader.read(contentsOf: rules)
      } catch {
        throw Failure.usage("\(error)" + (error.caretExcerpt.map { "\n\($0)" } ?? ""))
      }
    }
    for text in ignore {
      guard let path = JSONPath(text) else {
        throw Failure.usage(
          "--ignore \(TerminalText.escape(text)) is no path; give one such as '$.usage' or '$..id'")
      }
      read.ignored.append(path)
    }
    return Comparison(compare == .status ? .status : .content, read)
  }
}
