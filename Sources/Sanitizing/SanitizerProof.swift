public import Exchanges
internal import HTTP
internal import Recording
internal import Redaction
public import Wire

/// Reads what a ``Sanitizer`` wrote, and says what is wrong with it: nothing, or it isn't kept.
public struct SanitizerProof: ExchangeSink {
  private let expected: [Sanitizer.Signature]
  private var redactor: Redactor
  private var found = 0
  /// What is wrong, a line each.
  public private(set) var faults: [String] = []

  public init(of sanitizer: Sanitizer) {
    expected = sanitizer.signatures
    redactor = sanitizer.redactor
  }

  public mutating func began(_ source: CaptureSource) {}

  public mutating func take(_ exchange: Exchange, in store: CaptureStore) {
    defer { found += 1 }
    guard found < expected.count else { return }
    let wanted = expected[found]
    var messages = 0
    _ = exchange.webSocket?.forEachMessage(in: store) { _, _, message in
      messages += 1
      if isSecret(message.payload) { note("a WebSocket message holds a key") }
    }
    let there = Sanitizer.Signature(
      method: exchange.request?.head.method.map(Array.init),
      status: exchange.response?.head.status, outcome: exchange.outcome,
      requestBytes: exchange.request.map { $0.bytes },
      responseBytes: exchange.response.map { $0.bytes }, webSocketMessages: messages)
    if there != wanted { note("would become \(there); it was \(wanted)") }
    for message in [exchange.request, exchange.response].compactMap(\.self) {
      let head = message.head.bytes
      if MaskedMessage.mask(head, head: head.count, &redactor) != head {
        note("its head holds a key")
      }
      let content = message.content(in: store, limit: CleanMessage.limit)
      if isSecret(content ?? []) { note("its content holds a key") }
    }
  }

  /// What is left to be said once all was read.
  public mutating func finish(_ ledger: CaptureLedger) {
    if found != expected.count {
      faults.append("\(found) exchanges, where the capture has \(expected.count)")
    }
    if ledger.payload.unexplained != 0 || ledger.failure != nil {
      faults.append("the result can't be read to its end")
    }
  }

  private mutating func note(_ fault: String) {
    if faults.count < 20 { faults.append("exchange \(found + 1): \(fault)") }
  }

  /// Redacting twice gives the same: what would still be replaced is a secret.
  private mutating func isSecret(_ bytes: [UInt8]) -> Bool { redactor.text(bytes) != bytes }
}
