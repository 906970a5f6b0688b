public import Exchanges
internal import HTTP
internal import Wire

/// An exchange, as `--where` asks about it.
public struct ExchangeSubject: WhereSubject {
  private let exchange: Exchange
  private let credential: Credential?

  public init(_ exchange: Exchange, _ judged: JudgedCredential?) {
    self.exchange = exchange
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
    case .anomaly: .texts(exchange.anomalies.anomalies.map(\.rawValue))
    case .host: header("host", of: exchange.request)
    case .header(let name): header(name, of: exchange.request)
    case .responseHeader(let name): header(name, of: exchange.response)
    }
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
