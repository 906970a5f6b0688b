public import Exchanges
internal import HTTP
public import LiteLLM
internal import Wire

/// An exchange, as `--where` asks about it.
public struct ExchangeSubject: WhereSubject {
  private let exchange: Exchange
  private let credential: Credential?
  private let reading: CallReading?

  /// - Parameter reading: what it means as a call; decoded only if the expression comes to ask.
  public init(
    _ exchange: Exchange, _ judged: JudgedCredential?, reading: CallReading? = nil
  ) {
    self.exchange = exchange
    self.reading = reading
    credential = judged?.credential
  }

  public func whereValue(_ field: WhereField) -> WhereValue {
    switch field {
    case .method: text(exchange.request?.head.method)
    case .target: text(exchange.request?.head.target)
    case .path:
      exchange.request?.head.target.map {
        .text(RequestPattern.path(ofTarget: String(decoding: $0, as: UTF8.self)))
      } ?? .unknown
    case .status: exchange.response?.head.status.map { .number(Double($0)) } ?? .absent
    case .verdict: credential.map { .text($0.verdict.rawValue) } ?? .absent
    case .outcome: .text(exchange.outcome.rawValue)
    case .client: .text(exchange.client.description)
    case .server: .text(exchange.server.description)
    case .id: .number(Double(exchange.id))
    case .connection: .number(Double(exchange.connection))
    case .duration:
      exchange.duration.map { .seconds(Double($0) / 1e9) }
        ?? (exchange.response == nil ? .absent : .unknown)
    case .anomaly:
      .texts(
        exchange.anomalies.union(reading?.call?.anomalies ?? []).anomalies.map(\.rawValue))
    case .host: header("host", of: exchange.request)
    case .header(let name): header(name, of: exchange.request)
    case .responseHeader(let name): header(name, of: exchange.response)
    case .operation: reading?.call.map { .text($0.operation.rawValue) } ?? .absent
    case .model: value(\.model) { .text($0) }
    case .stream: value(\.stream) { .text($0 ? "true" : "false") }
    case .attempt: value(\.attempt) { .number(Double($0)) }
    case .finishReason: value(\.finishReasons) { .texts($0) }
    case .events: Self.value(reading?.events ?? .absent) { .number(Double($0)) }
    case .promptTokens: tokens(\.prompt)
    case .completionTokens: tokens(\.completion)
    case .totalTokens: tokens(\.total)
    case .timeToFirstEvent: value(\.timeToFirstEvent) { .seconds(Double($0) / 1e9) }
    }
  }

  private func value<Value>(
    _ part: KeyPath<LLMCall, Fact<Value>>, _ transform: (Value) -> WhereValue
  ) -> WhereValue {
    guard let call = reading?.call else { return .absent }
    return Self.value(call[keyPath: part], transform)
  }

  private static func value<Value>(
    _ fact: Fact<Value>, _ transform: (Value) -> WhereValue
  ) -> WhereValue {
    switch fact {
    case .present(let value): transform(value)
    case .absent: .absent
    case .unknown: .unknown
    }
  }

  private func tokens(_ count: KeyPath<TokenUsage, Int?>) -> WhereValue {
    value(\.usage) { usage in usage[keyPath: count].map { .number(Double($0)) } ?? .absent }
  }

  private func text(_ bytes: ArraySlice<UInt8>?) -> WhereValue {
    bytes.map { .text(String(decoding: $0, as: UTF8.self)) } ?? .unknown
  }

  private func header(_ name: String, of message: Message?) -> WhereValue {
    guard let message else { return .absent }
    guard message.headDoubt == nil else { return .unknown }
    let wanted = Array(name.utf8)
    let values = message.head.fields.filter { message.head.isNamed($0, wanted) }.map {
      String(decoding: message.head.value(of: $0), as: UTF8.self)
    }
    if values.isEmpty { return message.headState == .complete ? .absent : .unknown }
    return values.count == 1 ? .text(values[0]) : .texts(values)
  }
}
