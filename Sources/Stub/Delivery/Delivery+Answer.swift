internal import LiteLLM
internal import NIOCore

extension Delivery {
  /// An answer of the proxy's, on its way.
  ///
  /// - Parameters:
  ///   - writer: writes status line and fields.
  ///   - delay: before the first byte of an answer with a length, in nanoseconds.
  /// - Returns: with the length of its head.
  static func of(
    _ answer: ProxyAnswer, to request: ServedRequest, _ writer: inout AnswerHead, after delay: Int64
  ) -> (delivery: Delivery, head: Int) {
    var buffer = ByteBuffer()
    var delivery = Delivery()
    let head: Int
    switch answer.content {
    case .bytes(let bytes):
      writer.write(answer, length: bytes.count, to: request, into: &buffer)
      head = buffer.readableBytes
      if request.request.method != "HEAD" { buffer.writeBytes(bytes) }
      delivery.pieces = [Piece(delay: delay, bytes: Array(buffer.readableBytesView))]
    case .events(let events):
      writer.write(answer, length: nil, to: request, into: &buffer)
      head = buffer.readableBytes
      delivery.pieces = [Piece(bytes: Array(buffer.readableBytesView))]
      delivery.stream = Stream(events: events, isChunked: !request.isHTTP10)
    }
    return (delivery, head)
  }
}
