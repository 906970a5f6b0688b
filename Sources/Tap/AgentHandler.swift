internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import NIOTLS
internal import Recording
internal import Sockets

/// The agent's side of a connection: it opens the target's, and passes on what comes from either.
final class AgentHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let service: TapService
  private var requests: RequestRewriter
  private var answers = AnswerTracker()
  private var recorded: RecordedConnection?
  private var context: ChannelHandlerContext?
  private var target: (any Channel)?
  /// What the agent sent before there was a connection to send it over.
  private var waiting: [UInt8] = []
  private var failure: String?
  private var agentHasEnded = false
  /// It ended in the middle of a request, to which there will be no answer.
  private var requestIsCut = false
  private var hasClosed = false
  private var isDraining = false

  /// Before there is a connection to send it over, no more is read, in bytes.
  private static let waitingLimit = 1 << 20

  init(_ service: TapService) {
    self.service = service
    let target = service.options.target
    requests = RequestRewriter(
      host: service.options.keepsHost ? nil : target.authority, prefix: target.prefix)
  }

  // MARK: The agent

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    service.open(self)
    recorded = service.record(
      client: context.channel.remoteAddress, server: context.channel.localAddress)
    connect(context)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = Array(unwrapInboundIn(data).readableBytesView)
    recorded?.received(bytes)
    guard !hasClosed else { return }
    let output = requests.take(
      bytes, asked: { answers.expect($0) },
      whole: { recorded?.requestIsWhole($0.length, head: $0.head) })
    if failure != nil {
      refuseIfAsked(context)
    } else {
      send(output, context)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard case ChannelEvent.inputClosed = event else {
      return context.fireUserInboundEventTriggered(event)
    }
    agentHasEnded = true
    // What never became a request goes to the target, too: what it says of it is its own.
    let wasOpaque = requests.isOpaque
    requestIsCut = !wasOpaque && requests.isInMessage
    let rest = requests.becomeOpaque()
    if failure == nil { send(rest, context) }
    if answers.isWaiting || answers.isTunnel || wasOpaque || !rest.isEmpty, failure == nil {
      endTarget()
    } else {
      close(context)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    hasClosed = true
    recorded?.ended(.client)
    recorded?.ended(.server)
    recorded = nil
    target?.close(promise: nil)
    target = nil
    self.context = nil
    service.close(self)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { close(context) }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    // Who doesn't read his answer isn't sent more of it.
    target?.setOption(.autoRead, value: context.channel.isWritable).whenFailure { _ in }
  }

  func drain() {
    isDraining = true
    if !answers.isWaiting, let context { close(context) }
  }

  private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
    guard !bytes.isEmpty else { return }
    guard let target else {
      waiting += bytes
      if waiting.count > Self.waitingLimit { read(false) }
      return
    }
    target.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
  }

  private func read(_ reads: Bool) {
    context?.channel.setOption(.autoRead, value: reads).whenFailure { _ in }
  }

  /// How long a target that TLS leads to has for its answer when the agent sends nothing more.
  private static let grace = TimeAmount.seconds(10)

  /// The agent sends nothing more: it waits for its answer, or has given up; the two look alike. Over
  /// TLS many a server takes that for the end of both ways, so it is told a while later.
  private func endTarget() {
    guard let target else { return }
    guard service.tls != nil, answers.isWaiting, !requestIsCut else {
      return target.close(mode: .output, promise: nil)
    }
    target.eventLoop.scheduleTask(in: Self.grace) { target.close(mode: .output, promise: nil) }
  }

  private func close(_ context: ChannelHandlerContext) {
    guard !hasClosed else { return }
    hasClosed = true
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    let wait = agentHasEnded || service.isEnding ? TimeAmount.zero : .milliseconds(500)
    // What was written goes out first; a close with unread bytes would reset it.
    context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in
      bound.value.close(mode: .output, promise: nil)
      bound.value.eventLoop.scheduleTask(in: wait) { bound.value.close(promise: nil) }
    }
  }

  // MARK: The target

  private func connect(_ context: ChannelHandlerContext) {
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    let handler = NIOLoopBound(TargetHandler(self), eventLoop: context.eventLoop)
    let tls = service.tls
    let name = service.options.target.serverName
    ClientBootstrap(group: context.eventLoop)
      .connectTimeout(.nanoseconds(service.options.connectTimeout))
      .channelOption(.socketOption(.tcp_nodelay), value: 1)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls {
            try channel.pipeline.syncOperations.addHandler(
              try NIOSSLClientHandler(context: tls, serverHostname: name))
          }
          try channel.pipeline.syncOperations.addHandler(handler.value)
        }
      }
      .connect(to: service.options.target.address)
      .whenComplete { result in
        switch result {
        case .success(let channel): bound.value.connected(channel)
        case .failure(let error): bound.value.targetFailed(ConnectFailure.text(error))
        }
      }
  }

  private func connected(_ channel: any Channel) {
    guard !hasClosed else { return channel.close(promise: nil) }
    target = channel
    if !waiting.isEmpty { channel.writeAndFlush(ByteBuffer(bytes: waiting), promise: nil) }
    waiting = []
    read(true)
    if agentHasEnded { endTarget() }
  }

  func targetFailed(_ reason: String) {
    guard failure == nil, !hasClosed else { return }
    failure = reason
    service.options.failed?(reason)
    guard let context else { return }
    if answers.isWaiting { refuseIfAsked(context) } else { read(true) }
  }

  func targetFailed(_ error: any Error) { targetFailed(ConnectFailure.text(error)) }

  /// The target can't be reached: that is said once it was asked for something.
  private func refuseIfAsked(_ context: ChannelHandlerContext) {
    guard answers.isWaiting, !hasClosed, let failure else { return }
    let host = service.options.target.host
    let message = "keywitness tap: \(host) can't be reached: \(failure)"
      .replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    let body =
      "{\"error\":{\"message\":\"\(message)\",\"type\":\"tap_error\",\"param\":null,\"code\":\"502\"}}"
    passOn(
      Array(
        ("HTTP/1.1 502 Bad Gateway\r\ncontent-type: application/json\r\n"
          + "content-length: \(body.utf8.count)\r\nconnection: close\r\n\r\n\(body)").utf8),
      context)
    close(context)
  }

  func targetSent(_ bytes: [UInt8]) {
    guard let context, !hasClosed else { return }
    passOn(bytes, context)
    let isOver = isDraining || (agentHasEnded && service.tls != nil && !answers.isTunnel)
    if isOver, !answers.isWaiting { close(context) }
  }

  private func passOn(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
    recorded?.answered(bytes)
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    let wasTunnel = answers.isTunnel
    answers.take(bytes, whole: told)
    if answers.isTunnel, !wasTunnel {
      recorded?.becomesTunnel()
      send(requests.becomeOpaque(), context)
    }
  }

  private func told(_ whole: AnswerTracker.Whole) {
    recorded?.answerIsWhole(whole.length, head: whole.head)
    guard let asked = whole.asked else { return }
    service.options.answered?(
      String(decoding: asked.method, as: UTF8.self), String(decoding: asked.target, as: UTF8.self))
  }

  /// The target sends nothing more.
  func targetEnded() {
    answers.finish(whole: told)
    guard let context, !hasClosed else { return }
    if failure == nil { close(context) }
  }

  /// The target has reset its connection (RFC 9293, 3.5.2): so is the agent's.
  func targetReset() {
    guard let context, !hasClosed, let socket = context.channel as? any SocketOptionProvider else {
      return
    }
    hasClosed = true
    recorded?.reset(by: .server)
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in
      bound.value.close(promise: nil)
    }
  }

  func targetCanBeWritten(_ canBe: Bool) { read(canBe) }
}

/// The target's side of a connection.
final class TargetHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private weak var agent: AgentHandler?
  private var hasHandshaken = false

  init(_ agent: AgentHandler) { self.agent = agent }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    agent?.targetSent(Array(unwrapInboundIn(data).readableBytesView))
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    agent?.targetCanBeWritten(context.channel.isWritable)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case ChannelEvent.inputClosed: agent?.targetEnded()
    case TLSUserEvent.handshakeCompleted: hasHandshaken = true
    default: context.fireUserInboundEventTriggered(event)
    }
  }

  func channelInactive(context: ChannelHandlerContext) { agent?.targetEnded() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if (error as? IOError)?.errnoCode == ECONNRESET {
      agent?.targetReset()
    } else if !hasHandshaken, error is NIOSSLError || error is BoringSSLError {
      // A handshake that fails is told here; the connection had been made. Later on, a server that
      // closes without saying so in TLS has closed, as many do.
      agent?.targetFailed(error)
    }
    context.close(promise: nil)
  }
}
