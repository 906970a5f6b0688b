internal import Capture
internal import LiteLLM
internal import Redaction

/// Finds the process of a container: Docker's own answer, or what /proc tells of it.
struct ContainerLookup {
  /// What is looked for.
  enum Wanted {
    /// A name, or an id or its beginning.
    case container(String)
    /// A service of compose.
    case service(String)

    var text: String {
      switch self {
      case .container(let name): "container \(name)"
      case .service(let name): "service \(name)"
      }
    }
  }

  /// Of the engine.
  private let socket: String

  /// - Parameter environment: has DOCKER_HOST where it isn't the usual one.
  init(environment: [String: String]) {
    let host = environment["DOCKER_HOST"] ?? ""
    socket = host.hasPrefix("unix://") ? String(host.dropFirst(7)) : "/var/run/docker.sock"
  }

  /// - Returns: the process's id on this host; `nil` where there is no such container that runs.
  func process(of wanted: Wanted) -> Int? {
    switch wanted {
    case .container(let name): return inspect(name) ?? processByID(name)
    case .service(let name):
      let filter = "{\"label\":[\"com.docker.compose.service=\(name)\"]}"
      guard Self.isPlain(name),
        let answer = ask("/containers/json?filters=\(Self.escaped(filter))"),
        let id = answer.array?.first?["Id"]?.string
      else { return nil }
      return inspect(id)
    }
  }

  /// What the engine calls it; the beginning of its id where it doesn't say.
  func name(of id: String) -> String {
    let named = Self.isPlain(id) ? ask("/containers/\(id)/json")?["Name"]?.string : nil
    // Docker writes them as paths.
    return named.map { $0.hasPrefix("/") ? String($0.dropFirst()) : $0 } ?? String(id.prefix(12))
  }

  private func inspect(_ name: String) -> Int? {
    guard Self.isPlain(name),
      case .integer(let pid)? = ask("/containers/\(name)/json")?["State"]?["Pid"], pid > 0
    else { return nil }
    return pid
  }

  /// Names of containers and services are such (Docker's own rule), and no path.
  private static func isPlain(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
      }
  }

  private static func escaped(_ text: String) -> String {
    text.utf8.map { byte in
      let isPlain = (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
      let digits = String(byte, radix: 16, uppercase: true)
      return isPlain
        ? String(decoding: [byte], as: UTF8.self) : "%" + (digits.count == 1 ? "0" : "") + digits
    }.joined()
  }

  private func ask(_ path: String) -> JSONValue? {
    let request = "GET \(path) HTTP/1.0\r\nHost: docker\r\n\r\n"
    guard let answer = UnixSocket.ask(socket, request),
      let end = answer.firstRange(of: Array("\r\n\r\n".utf8)),
      answer.starts(with: "HTTP/1".utf8), answer.prefix(12).suffix(3).elementsEqual("200".utf8)
    else { return nil }
    return JSONValue(json: Array(answer[end.upperBound...]))
  }

  /// Without an engine to ask: the first process whose control group names the id.
  private func processByID(_ id: String) -> Int? {
    guard id.utf8.count >= 12, id.allSatisfy(\.isHexDigit) else { return nil }
    return ProcessTable.ids().sorted().first {
      ProcessTable.text($0, "cgroup")?.contains(id) == true
    }
  }
}
