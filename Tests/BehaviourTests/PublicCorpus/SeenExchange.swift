internal import Foundation
internal import TestSupport

/// An exchange as keywitness or tshark tells it: what the comparison looks at.
struct SeenExchange: Sendable {
  /// How long a message's content is, transfer coding taken off, content coding left on.
  struct Length: Sendable {
    var bytes: Int
    /// Content-Length, where tshark shows no content although the head announces one.
    var announced: Int?

    func agrees(with other: Length) -> Bool {
      bytes == other.bytes || announced == other.bytes
    }
  }

  /// A message of tshark's, so that two readings of the same one are known as such.
  struct MessageID: Hashable, Sendable {
    var stream: Int
    var number: Int
    var isRequest: Bool
  }

  var client: String
  var server: String
  var method: String?
  var target: String?
  var status: Int?
  var request: Length?
  var response: Length?
  /// Whether the response was seen to its end, with a length that the head can announce.
  var hasPlainLength = false
  var messages: [MessageID] = []
  /// The frame of the first message, for tshark's own order.
  var frame = 0

  var endpoints: Endpoints { Endpoints(client, server) }

  /// Addresses without the brackets that IPv6 gets here and not there.
  static func bare(_ endpoint: String?) -> String {
    (endpoint ?? "?").filter { $0 != "[" && $0 != "]" }
  }
}

/// Both ends of a connection, whoever is taken for the client.
struct Endpoints: Hashable, Sendable {
  var lower: String
  var upper: String

  init(_ one: String, _ other: String) {
    (lower, upper) = one < other ? (one, other) : (other, one)
  }
}

extension SeenExchange {
  init(_ record: Record) {
    client = Self.bare(record.client)
    server = Self.bare(record.server)
    method = record.request?.method
    target = record.request?.target
    status = record.response?.status
    request = record.request.map { Length(bytes: $0.body.bytes) }
    response = record.response.map { Length(bytes: $0.body.bytes) }
    hasPlainLength =
      record.response?.body.state == "complete"
      && record.response?.header("transfer-encoding") == nil
  }

  /// What the two say differently, in words; nothing where they agree.
  func differences(from theirs: SeenExchange) -> [String] {
    var words: [String] = []
    if method != theirs.method || target != theirs.target {
      words.append(
        method == nil || theirs.method == nil
          ? "request" + Self.side(ours: method != nil)
          : method != theirs.method ? "method" : "target")
    }
    if status != theirs.status {
      words.append(
        status == nil || theirs.status == nil
          ? "response" + Self.side(ours: status != nil) : "status")
    }
    if let ours = request, let theirs = theirs.request, !theirs.agrees(with: ours) {
      words.append("request content: tshark \(theirs.bytes), we \(ours.bytes)")
    }
    if let ours = response, let theirs = theirs.response, !theirs.agrees(with: ours) {
      words.append("response content: tshark \(theirs.bytes), we \(ours.bytes)")
    }
    if client != theirs.client { words.append("client") }
    return words
  }

  private static func side(ours: Bool) -> String { ours ? ": only we" : ": only tshark" }

  /// How much speaks for the two being the same exchange; 0 if nothing does.
  func likeness(to theirs: SeenExchange) -> Int {
    var likeness = 0
    if let method, method == theirs.method { likeness += 2 }
    if let target, target == theirs.target { likeness += 3 }
    if status == theirs.status { likeness += status == nil ? 1 : 2 }
    let isHalf = (method == nil) != (theirs.method == nil)
    if likeness == 0 || isHalf && (status == nil || status != theirs.status) { return 0 }
    if request?.bytes == theirs.request?.bytes { likeness += 1 }
    if response?.bytes == theirs.response?.bytes { likeness += 1 }
    return likeness
  }
}
