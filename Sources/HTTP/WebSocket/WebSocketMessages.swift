internal import Wire

/// Joins the frames of one direction of a WebSocket connection to messages: takes off the masks
/// (RFC 6455, 5.3), undoes the compression (RFC 7692).
///
/// What ``WebSocketDecoder`` says goes in: each frame's header, its payload, its end. Oddities that a
/// header shows by itself are the decoder's to tell; those of a message stand on it.
public final class WebSocketMessages {
  /// Bytes that are kept of one message (``Cap/webSocketBytes``).
  public static let payloadLimit = DecodingBound.sizeLimit
  /// Of a control frame (RFC 6455, 5.5).
  static let controlLimit = 125

  private let inflate: MessageInflate?
  private var frame: WebSocketDecoder.FrameHeader?
  /// Bytes of the frame's payload so far: where in the masking key it is.
  private var position = 0
  /// The message whose final frame hasn't ended.
  private var message: WebSocketMessage?
  private var control: WebSocketMessage?
  /// Of which more isn't taken: the rest of the message means nothing, or is too much.
  private var isStopped = false
  /// What another message came into.
  private var broken: WebSocketMessage?
  private var hasClosed = false

  /// - Parameters:
  ///   - fromClient: whose messages they are: each side's compression has parameters of its own.
  ///   - deflate: what was agreed on; `nil` for no compression.
  public init(fromClient: Bool, deflate: PerMessageDeflate?) {
    inflate = deflate.map {
      MessageInflate(
        keepingContext: !(fromClient ? $0.clientNoContextTakeover : $0.serverNoContextTakeover))
    }
  }

  /// Bytes that are kept of messages that aren't complete.
  public var carriedBytes: Int {
    (message?.payload.count ?? 0) &+ (control?.payload.count ?? 0) &+ (broken?.payload.count ?? 0)
  }

  /// Whether a message has begun and not ended.
  public var isInsideMessage: Bool { message != nil || control != nil }

  // MARK: Frames

  public func begin(_ header: WebSocketDecoder.FrameHeader) {
    frame = header
    position = 0
    switch header.opcode {
    case .close: control = WebSocketMessage(.close(code: nil, reason: []))
    case .ping: control = WebSocketMessage(.ping)
    case .pong: control = WebSocketMessage(.pong)
    case .text: begin(.text, isCompressed: header.rsv1)
    case .binary: begin(.binary, isCompressed: header.rsv1)
    case .continuation where message == nil:
      begin(.unknown, isCompressed: false)
      message?.isComplete = false
      message?.anomalies.insert(.wsBadFrame)
    case .continuation: break
    }
    if header.opcode.isControl {
      control?.frames = 1
    } else {
      message?.frames &+= 1
      // RFC 6455, 5.5.1: nothing follows a close frame.
      if hasClosed { message?.anomalies.insert(.wsBadFrame) }
    }
  }

  private func begin(_ kind: WebSocketMessage.Kind, isCompressed: Bool) {
    if var unfinished = message {
      unfinished.isComplete = false
      unfinished.anomalies.insert(.wsBadFrame)
      if unfinished.isCompressed { inflate?.lose() }
      broken = unfinished
    }
    var begun = WebSocketMessage(kind)
    isStopped = false
    if isCompressed, let inflate {
      begun.isCompressed = true
      if !inflate.begin() {
        begun.isComplete = false
        begun.anomalies.insert(.wsBadDeflate)
        isStopped = true
      }
    }
    message = begun
  }

  /// - Parameter payload: the next bytes of the frame's payload, as sent.
  public func take(payload: ArraySlice<UInt8>) {
    guard let frame else { return }
    defer { position &+= payload.count }
    if frame.opcode.isControl {
      control?.length &+= payload.count
      guard control?.isComplete ?? false else { return }
      let room = Self.controlLimit &- (control?.payload.count ?? 0)
      control?.payload += unmasked(payload.prefix(room))
      if payload.count > room { control?.isCut = true }
      return
    }
    message?.length &+= payload.count
    guard !isStopped, let isCompressed = message?.isCompressed else { return }
    if isCompressed {
      takeCompressed(unmasked(payload))
    } else {
      let room = Self.payloadLimit &- (message?.payload.count ?? 0)
      message?.payload += unmasked(payload.prefix(room))
      if payload.count > room { stop(isCut: true) }
    }
  }

  private func takeCompressed(_ bytes: ArraySlice<UInt8>) {
    guard let inflate else { return }
    switch inflate.take(bytes, sink: { message?.payload += $0 }) {
    case .more: break
    case .limited: stop(isCut: true)
    case .damaged: stopDamaged()
    }
  }

  private func stop(isCut: Bool) {
    isStopped = true
    message?.isCut = isCut
  }

  private func stopDamaged() {
    isStopped = true
    message?.isComplete = false
    message?.anomalies.insert(.wsBadDeflate)
  }

  private func unmasked(_ payload: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard let mask = frame?.mask else { return payload }
    var bytes = Array(payload)
    for index in bytes.indices {
      let shift = 24 &- ((position &+ index) & 3) &* 8
      bytes[index] ^= UInt8(truncatingIfNeeded: mask &>> UInt32(truncatingIfNeeded: shift))
    }
    return bytes[...]
  }

  /// Ends the frame.
  ///
  /// - Parameter sink: takes the messages that are over with it, in order.
  public func end(sink: (WebSocketMessage) -> Void) {
    give(broken.take(), sink)
    guard let frame else { return }
    self.frame = nil
    if frame.opcode.isControl {
      give(control.take(), sink)
      if frame.opcode == .close { hasClosed = true }
    } else if frame.isFinal {
      if message?.isCompressed ?? false, !isStopped, !(inflate?.end() ?? true) { stopDamaged() }
      give(message.take(), sink)
    }
  }

  // MARK: What is missing

  /// Bytes are missing: of the frame being read, of the message it belongs to, or of the stream, where
  /// no frame can be read any more. What comes behind them isn't joined to what came before.
  public func lose() {
    if frame?.opcode.isControl ?? false {
      control?.isComplete = false
      return
    }
    guard message != nil else { return }
    message?.isComplete = false
    isStopped = true
    if message?.isCompressed ?? false { inflate?.lose() }
  }

  /// Ends the stream: gives what isn't complete.
  public func finish(sink: (WebSocketMessage) -> Void) {
    give(broken.take(), sink)
    frame = nil
    control?.isComplete = false
    message?.isComplete = false
    give(control.take(), sink)
    give(message.take(), sink)
  }

  private func give(
    _ message: consuming WebSocketMessage?, _ sink: (WebSocketMessage) -> Void
  ) {
    guard var message else { return }
    message.check()
    sink(message)
  }
}
