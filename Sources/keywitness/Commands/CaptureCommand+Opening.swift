internal import Capture
internal import Redaction
internal import Reports
internal import Verdicts
internal import Wire

// What needs a right, and is done before rights are given up.

extension CaptureCommand {
  /// What was opened while that was allowed.
  struct Opened {
    var device: LiveDevice
    var filter: String
    var file: LiveFile?
    var check: CheckRun
    var witness: HostWitness?
    var naming: OwnerNotes
    var identity: Privileges.Identity?
    /// Whether reports go to files.
    var hasReportFiles: Bool
  }

  /// Opens all, and gives up the rights to.
  func open(_ identity: Privileges.Identity?) throws -> Opened {
    let targets = try reports.targets().map {
      ReportTarget($0.format, path: $0.path.map(ContainerCapture.ownPath))
    }
    let target = try enterNamespace()
    if target == nil, let path = keyLogs.paths.first(where: { $0.hasPrefix("container:") }) {
      throw Failure.usage(
        "--keylog \(TerminalText.escape(path)) goes with --container, --service or --pid")
    }
    let checked = try reports.options(judging, target: target.flatMap(ProcessTable.environment))
    let usedFilter = usedFilter(checked)
    let device = try open(usedFilter)
    if ring != nil, let path = recordingPath { try checkRing(path, identity) }
    // Opened while that is still allowed, and given to whoever this process becomes.
    let owner = identity.map { (user: $0.user, group: $0.group) }
    let file = try recordingPath.map { try open($0, owner) }
    let check = try CheckRun(
      checked, targets: targets, display: display, keyLogs: keyLogs,
      descriptor: command.isEmpty && !writesToOutput ? 1 : 2,
      opening: { path throws(OutputError) in
        identity == nil
          ? try ByteOutput(path: path) : try ByteOutput(inPlace: path, owner: owner)
      })
    let witness = HostWitness(keyLogs: keyLogs.paths, of: target)
    do throws(Privileges.Refusal) {
      try Privileges.drop(to: identity)
    } catch {
      throw Failure.unreadable("rights can't be given up, so nothing is captured: \(error.message)")
    }
    return Opened(
      device: device, filter: usedFilter, file: file, check: check, witness: witness,
      naming: OwnerNotes(display.redactor(checked)), identity: identity,
      hasReportFiles: targets.contains { $0.path != nil })
  }

  private func ask(as identity: Privileges.Identity?, _ body: () -> Bool) throws -> Bool {
    do throws(Privileges.Refusal) {
      return try Privileges.asking(as: identity, body)
    } catch {
      throw Failure.unreadable(error.message)
    }
  }

  func checkProgram(_ identity: Privileges.Identity?) throws {
    guard let program = command.first,
      try !ask(as: identity, { ProcessGuard.isProgram(program) })
    else { return }
    let isForOthers = identity != nil && ProcessGuard.isProgram(program)
    throw Failure.usage(
      "\(TerminalText.escape(program)) is no program that could be started"
        + (isForOthers ? Self.text(identity) : ""))
  }

  /// Why root's program is none of this process's.
  static func text(_ identity: Privileges.Identity?) -> String {
    identity.map {
      " as user \($0.user), who this process becomes before it starts anything: who called sudo, else "
        + "who owns this folder, else nobody"
    } ?? ""
  }

  private func checkRing(_ path: String, _ identity: Privileges.Identity?) throws {
    let folder = LiveFile.folder(path)
    guard try ask(as: identity, { ProcessGuard.canWrite(in: folder) }) else {
      throw Failure.unreadable(
        "\(TerminalText.escape(folder)): this process, which gives up its rights, couldn't make "
          + "the next files of the ring there; choose a folder that is yours")
    }
    let earlier = LiveFile.earlierFiles(path)
    guard let first = earlier.first else { return }
    let others = earlier.count > 1 ? " and \(earlier.count - 1) more" : ""
    throw Failure.unreadable(
      "\(TerminalText.escape(first))\(others): of an earlier ring of this name, which a new one would "
        + "mix with; move or remove \(earlier.count > 1 ? "them" : "it"), or give another name")
  }

  /// The container that is captured, where it is one.
  var wanted: ContainerLookup.Wanted? {
    container.map(ContainerLookup.Wanted.container)
      ?? service.map(ContainerLookup.Wanted.service)
  }

  /// Its process, where the container was found already.
  var capturedProcess: Int? {
    wanted == nil
      ? nil : ProcessGuard.environment[ContainerCapture.processVariable].flatMap { Int($0) }
  }

  var recordingPath: String? {
    recording.map { $0 == "-" ? $0 : ContainerCapture.ownPath($0) }
  }

  func listDevices() throws {
    do throws(DeviceError) {
      let devices = try LiveDevice.all()
      let width = devices.map(\.name.count).max() ?? 0
      for device in devices {
        let name = TerminalText.escape(device.name)
        let more = [
          device.isUp ? "up" : "down", device.addresses.joined(separator: " "),
          TerminalText.escape(device.text),
        ].filter { !$0.isEmpty }.joined(separator: "  ")
        Diagnostics.standardOutput(
          name + String(repeating: " ", count: width - device.name.count + 2) + more + "\n")
      }
    } catch {
      throw Self.failure(error)
    }
  }

  private static func failure(_ error: DeviceError) -> Failure {
    switch error.code {
    case .noRight:
      let program = ProcessGuard.executablePath
      return .unreadable(
        "no right to capture (CAP_NET_RAW is missing): run it with sudo, or give it the right once "
          + "with  sudo setcap cap_net_raw+ep \(TerminalText.escape(program))  (in a container: "
          + "--cap-add NET_RAW)")
    case .badFilter: return .usage(error.message)
    case .noSuchDevice: return .unreadable(error.message)
    case .noLibrary, .other: return .unreadable(error.message)
    }
  }

  /// - Returns: the process that is captured, where it is one.
  func enterNamespace() throws -> Int? {
    var process: Int?
    let path: String
    if let netns {
      guard !netns.contains("/") else {
        throw Failure.usage("--netns takes a name, as ip netns list shows it")
      }
      path = "/run/netns/\(netns)"
      guard ProcessGuard.isThere(path) else {
        throw Failure.unreadable(
          "there is no network namespace \(TerminalText.escape(netns)); see ip netns list")
      }
    } else if let pid {
      guard ProcessTable.isAlive(pid) else {
        throw Failure.unreadable("there is no process \(pid)")
      }
      process = pid
      path = "/proc/\(pid)/ns/net"
    } else if let found = try capturedProcess ?? listedProcess() {
      process = found
      path = "/proc/\(found)/ns/net"
    } else {
      return nil
    }
    guard let error = NetworkNamespace.enter(path) else { return process }
    guard error.code == .noRight else { throw Failure.unreadable(error.message) }
    throw Failure.unreadable(
      "no right to enter \(path) (CAP_SYS_ADMIN is missing): run it with sudo")
  }

  /// Whose devices are listed: of a container that runs now.
  private func listedProcess() throws -> Int? {
    guard listsDevices, let wanted else { return nil }
    let lookup = ContainerLookup(environment: ProcessGuard.environment)
    guard let process = lookup.process(of: wanted) else {
      throw Failure.unreadable("\(TerminalText.escape(wanted.text)) doesn't run")
    }
    return process
  }

  private func open(_ usedFilter: String) throws -> LiveDevice {
    var options = LiveDevice.Options()
    options.name = interface
    options.snapshotLength = keptLength
    options.bufferSize = buffer.bytes
    options.filter = usedFilter
    do throws(DeviceError) {
      return try LiveDevice(options)
    } catch {
      throw Self.failure(error)
    }
  }

  private func usedFilter(_ checked: CheckOptions) -> String {
    guard filter.isEmpty else { return filter }
    let ports = checked.selectors.map(\.port)
    // One that names no port may be at any.
    guard !ports.isEmpty, ports.allSatisfy({ $0 != nil }) else { return "tcp or udp port 53" }
    return (ports.compactMap(\.self).map { "tcp port \($0)" } + ["udp port 53"])
      .joined(separator: " or ")
  }

  private func open(
    _ path: String, _ owner: (user: UInt32, group: UInt32)?
  ) throws -> LiveFile {
    do throws(OutputError) {
      return try LiveFile(path, ring: ring, owner: owner)
    } catch {
      throw Failure.unreadable("\(error)")
    }
  }
}
