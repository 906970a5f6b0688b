internal import Exchanges
internal import LiteLLM
internal import Redaction
internal import Replay
internal import Reports
internal import Sockets
internal import Stub
internal import Suite
internal import TLS
internal import Verdicts
internal import Wire

/// One capture of a regression suite, with what lies beside it.
struct SuiteCapture {
  /// Without its endings.
  let name: String
  /// Of the capture, its expectation and its key log.
  let path: String
  let expectationPath: String
  private let keyLogPath: String?

  static let ending = ".expect.yaml"

  /// - Parameter others: names of what lies beside it.
  init(_ file: String, in folder: String, beside others: [String]) {
    name = Self.withoutEndings(file)
    path = folder + file
    expectationPath = folder + name + Self.ending
    keyLogPath = others.contains("\(name).keylog") ? "\(folder)\(name).keylog" : nil
  }

  private static func withoutEndings(_ file: String) -> String {
    for ending in [".pcapng", ".pcap", ".cap", ".ntar"] {
      if let range = file.ranges(of: ending).last { return String(file[..<range.lowerBound]) }
    }
    return file
  }

  func opened() throws -> OneCapture {
    guard let keyLogPath else { return OneCapture(file: path, keyLogs: []) }
    do throws(KeyLogError) {
      return OneCapture(file: path, keyLogs: [try KeyLogFile(path: keyLogPath)])
    } catch {
      throw Failure.unreadable(TerminalText.escape(error.message))
    }
  }
}

/// Holds the captures of a folder against what is written down beside them.
struct SuiteRun {
  /// What all of them are judged by.
  let options: CheckOptions
  /// The proxy that they are replayed against.
  let stub: StubOptions
  /// Whether the stub's key was given, and isn't each capture's own.
  let hasKey: Bool
  /// Writes down what is new or other than it was.
  let updates: Bool

  func test(_ capture: SuiteCapture) throws -> TestedCapture {
    var tested = TestedCapture(name: capture.name)
    let known: Expectation?
    do throws(PolicyError) {
      known = try ExpectationReader.read(contentsOf: capture.expectationPath)
    } catch {
      throw Failure.usage("\(error)" + (error.caretExcerpt.map { "\n\($0)" } ?? ""))
    }
    var now: Expectation
    do {
      now = try observe(try capture.opened())
    } catch let failure as Failure where failure.code == ContractCode.unreadable {
      tested.problems = [failure.message]
      return tested
    }
    tested.requests = now.requests.count
    if let known { now.takeReasons(of: known) }
    tested.explained = now.explained
    if updates {
      tested.update = try update(capture, known, now)
    } else if let known {
      tested.problems = known.differences(now: now)
    } else {
      tested.problems = [
        "\(capture.name)\(SuiteCapture.ending) is missing: keywitness test --update writes it"
      ]
      return tested
    }
    tested.problems += now.unexplained.map {
      "\($0) needs a because: in \(capture.name)\(SuiteCapture.ending)"
    }
    return tested
  }

  // MARK: What there is

  private func observe(_ capture: OneCapture) throws -> Expectation {
    // Without a salt: what is written down is the same everywhere.
    var keys = KeyRing(
      placeholders: Placeholders.common.adding(options.policy.credential.placeholders))
    if let key = options.expected?.plainBytes { keys.registerExpected(key) }
    // Once to learn the keys, so that none is written before it is known.
    var first = ObservingSink(options, redactor: Redactor(keys: keys))
    let ledger = try capture.walk(into: &first)
    if let failure = ledger.failure, ledger.requests == 0 {
      throw Failure.unreadable(failure.line)
    }
    var options = options
    if let standIn = first.redactor.keys.expectedStandIn { options.expected = .plain(standIn) }
    var second = ObservingSink(options, redactor: Redactor(keys: first.redactor.keys))
    var (observed, exchanges, judgement) = second.finish(
      file: capture.name, try capture.walk(into: &second))
    try replay(
      capture, &observed, exchanges, servers: Set(judgement.scope.servers.map(\.server)),
      keys: second.redactor.keys)
    return observed
  }

  /// What a stub answers to the same requests.
  private func replay(
    _ capture: OneCapture, _ observed: inout Expectation, _ exchanges: [Int],
    servers: Set<Endpoint>, keys: KeyRing
  ) throws {
    guard !exchanges.isEmpty else { return }
    let plan = try ReplayPlan.read(
      capture, servers: servers, selected: nil, keepsKeys: false, keys: keys)
    var stub = stub
    if !hasKey {
      // The right key is the one that was judged right, or that the recorded proxy took.
      let right = Set(zip(exchanges, observed.requests).filter { $1.verdict == "ok" }.map(\.0))
      stub.setMasterKey(
        plan.requests.first { right.contains($0.exchange) && $0.sentStandIn != nil }?.sentStandIn
          ?? plan.acceptedStandIn)
    }
    let server = try StubCommand.start(stub)
    defer { server.stop(grace: 0) }
    let results = try send(plan, to: server)
    var redactor = plan.redactor
    for (index, exchange) in exchanges.enumerated() {
      if let result = results.first(where: { $0.request.exchange == exchange }) {
        observed.requests[index].replayed = redactor.text(Self.text(result))
      } else if let skipped = plan.skipped.first(where: { $0.exchange == exchange }) {
        observed.requests[index].replayed = "skipped: \(skipped.reason)"
      }
    }
  }

  private func send(_ plan: ReplayPlan, to server: StubServer) throws -> [ReplayResult] {
    let target: ServerAddress
    do throws(ServerAddress.Refusal) {
      target = try ServerAddress("http://127.0.0.1:\(server.port)", allowing: [])
    } catch {
      throw Failure.usage(error.message)
    }
    var sending = ReplayOptions(target: target)
    sending.pace = .unbounded
    sending.idleTimeout = 10_000_000_000
    let replayer = try Replayer(plan.requests, sending)
    defer { replayer.shutDown() }
    return replayer.sendAll().results
  }

  /// `401 matched`
  private static func text(_ result: ReplayResult) -> String {
    switch result.outcome {
    case .matched, .differs: "\(result.status ?? 0) \(result.outcome.name)"
    case .failed(let reason), .skipped(let reason), .notSent(let reason):
      "\(result.outcome.name): \(reason)"
    }
  }

  // MARK: What is written down

  private func update(
    _ capture: SuiteCapture, _ known: Expectation?, _ now: Expectation
  ) throws -> [String]? {
    guard known != now else { return nil }
    try WholeFile.write(Array(now.text.utf8), to: capture.expectationPath)
    guard let known else { return ["written: \(capture.expectationPath)"] }
    return known.changedLines(now: now)
  }
}
