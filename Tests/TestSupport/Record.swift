internal import Foundation

/// A line of schema `keywitness/1`, as far as tests ask for it.
public struct Record: Decodable, Sendable {
  public struct Message: Decodable, Sendable {
    public struct Interim: Decodable, Sendable {
      public var status: Int
    }

    public struct Body: Decodable, Sendable {
      public var state: String
      public var bytes: Int
      public var missing: Int
      public var decodedSha256: String?
    }

    public var method: String?
    public var target: String?
    public var status: Int?
    public var head: String
    /// Names and values; `nil` where they aren't known.
    public var headers: [[String?]]
    public var interim: [Interim]?
    public var body: Body
    public var events: Int?

    /// The first value of a header; the name in lower case.
    public func header(_ name: String) -> String? {
      headers.first { $0.first??.lowercased() == name }?.last ?? nil
    }
  }

  public struct Credential: Decodable, Sendable {
    public var verdict: String
    public var reason: String?
    public var header: String?
    public var scheme: String?
    public var key: String?
    public var note: String?
  }

  public struct WebSocket: Decodable, Sendable {
    public var messages: Int
    public var fromClient: Int?
    public var fromServer: Int?
    public var closedBy: String?
    public var closeCode: Int?
  }

  public struct Call: Decodable, Sendable {
    public struct Usage: Decodable, Sendable {
      public var promptTokens: Int?
      public var completionTokens: Int?
      public var totalTokens: Int?
    }

    public struct Gaps: Decodable, Sendable {
      public var count: Int
      public var median: Double
      public var max: Double
    }

    public var operation: String
    public var model: String?
    public var stream: Bool?
    public var attempt: Int?
    public var finishReasons: [String]?
    public var usage: Usage?
    public var timeToFirstEvent: Double?
    public var eventGaps: Gaps?
    public var call: Int?
    public var upstreamOf: Int?
  }

  public struct Connections: Decodable, Sendable {
    public var total: Int
  }

  public struct Payload: Decodable, Sendable {
    public var unexplained: Int
  }

  public var schema: String
  public var kind: String
  // Of a capture.
  public var file: String?
  public var format: String?
  // Of an exchange.
  public var id: Int?
  public var client: String?
  public var server: String?
  public var `protocol`: String?
  public var tls: Bool?
  public var websocket: WebSocket?
  public var request: Message?
  public var response: Message?
  public var outcome: String?
  public var observations: Int?
  public var copyOf: Int?
  public var credential: Credential?
  public var llm: Call?
  public var anomalies: [String]?
  // Of a finding.
  public var rule: String?
  public var level: String?
  public var exchange: Int?
  public var message: String?
  // Of a ledger.
  public var proxies: [String]?
  public var connections: Connections?
  public var payloadBytes: Payload?
  // Of an error.
  public var code: String?
  public var offset: Int?

  /// The records of a text that holds nothing else.
  public static func records(_ text: String) throws -> [Record] {
    try text.split(separator: "\n").map { try Decoding.json(Record.self, Array($0.utf8)) }
  }
}

extension [Record] {
  /// Those with a request, in their order.
  public var requests: [Record] { filter { $0.kind == "exchange" && $0.request != nil } }

  public func kind(_ kind: String) -> [Record] { filter { $0.kind == kind } }

  public var verdicts: [String] { requests.compactMap { $0.credential?.verdict } }
}

extension Executable {
  /// What `export` tells of a capture.
  public static func export(
    _ arguments: [String], input: [UInt8]? = nil, environment: [String: String] = [:]
  ) throws -> [Record] {
    try Record.records(run(["export"] + arguments, input: input, environment: environment).output)
  }
}

/// JSON whose members are written_like_this.
public enum Decoding {
  public static func json<Value: Decodable>(
    _ type: Value.Type, _ bytes: [UInt8]
  ) throws -> Value {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(type, from: Data(bytes))
  }
}
