internal import Foundation
internal import TestSupport

/// What tshark sees where it puts nothing together: every head that begins a segment,
/// however much of it there is.
///
/// Reassembled, it shows no message that isn't whole, and one hole swallows all that follows it.
/// Like this it names the heads nevertheless, though without their content.
struct TsharkHeads: Sendable {
  struct Request: Equatable, Sendable {
    var method: String
    var target: String?
  }

  struct Response: Sendable {
    var status: Int
    var announced: Int?
  }

  struct Heads: Sendable {
    var requests: [Request] = []
    var responses: [Response] = []
  }

  static let path: String? = ["/usr/bin/tshark", "/usr/local/bin/tshark"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  private(set) var connections: [Endpoints: Heads] = [:]

  private static let fields = [
    "tcp.stream", "tcp.srcport", "tcp.dstport", "tcp.seq_raw", "ip.src", "ip.dst", "ipv6.src",
    "ipv6.dst", "http.request.method", "http.request.uri", "http.response.code",
    "http.content_length", "http2.headers.method", "http2.headers.path", "http2.headers.status",
  ]

  /// Several values of one frame are told apart by a character that HTTP doesn't allow.
  private static let separator: Character = "\u{1}"

  /// - Parameter http2: ports of servers whose traffic is HTTP/2, which tshark doesn't always
  ///   recognise by itself.
  init(capture: String, http2: [String]) throws {
    try read(
      capture, ["-Y", "http and tcp"],
      preferences: [
        "http.decompress_body:FALSE", "http.desegment_body:FALSE", "http.desegment_headers:FALSE",
      ])
    guard !http2.isEmpty else { return }
    let ports = http2.flatMap { ["-d", "tcp.port==\($0),http2"] }
    try read(capture, ports + ["-Y", "http2.headers and tcp"], preferences: [])
  }

  private mutating func read(
    _ capture: String, _ selection: [String], preferences: [String]
  ) throws {
    guard let path = Self.path else { return }
    var arguments = ["-n", "-2", "-r", capture]
    for option in [
      "tcp.analyze_sequence_numbers:FALSE", "tcp.relative_sequence_numbers:FALSE",
      "tcp.try_heuristic_first:TRUE", "tcp.check_checksum:FALSE",
    ] + preferences {
      arguments += ["-o", option]
    }
    arguments += selection + ["-T", "fields", "-E", "aggregator=\(Self.separator)"]
    for field in Self.fields { arguments += ["-e", field] }
    let output = try Executable.run(arguments, tool: path).output
    // Sent again is the same head; without its analysis tshark shows it twice.
    var seen: Set<[String]> = []
    for line in output.split(separator: "\n") {
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map {
        $0.split(separator: Self.separator).map(String.init)
      }
      guard columns.count == Self.fields.count else { continue }
      // Of tunnels and their content, the innermost counts.
      let source = "\(columns[4].last ?? columns[6].last ?? "?"):\(columns[1].last ?? "?")"
      let destination = "\(columns[5].last ?? columns[7].last ?? "?"):\(columns[2].last ?? "?")"
      guard seen.insert([columns[0].last ?? "", source, columns[3].last ?? ""]).inserted else {
        continue
      }
      add(columns, to: Endpoints(source, destination))
    }
  }

  private mutating func add(_ columns: [[String]], to ends: Endpoints) {
    let (methods, targets) = (columns[8] + columns[12], columns[9] + columns[13])
    let (codes, lengths) = (columns[10] + columns[14], columns[11])
    for (index, method) in methods.enumerated() {
      let target = targets.indices.contains(index) ? targets[index] : nil
      connections[ends, default: Heads()].requests.append(
        Request(method: method, target: target))
    }
    for (index, code) in codes.enumerated() {
      let status = Int(code) ?? 0
      guard !(100..<200).contains(status) || status == 101 else { continue }
      let announced = lengths.count == codes.count ? Int(lengths[index]) : nil
      connections[ends, default: Heads()].responses.append(
        Response(status: status, announced: announced))
    }
  }
}
