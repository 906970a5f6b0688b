internal import TestSupport
internal import Wire

/// A connection to the proxy, as the frames in which it passes: with timestamps, right checksums, and
/// an acknowledgment for every second segment.
struct Connection {
  private struct End {
    /// Header of the frames that it sends.
    var link: [UInt8]
    var address: [UInt8]
    var port: UInt16
    /// The next sequence number.
    var next: UInt32
    var identification: UInt16
  }

  private static let end: UInt8 = 1
  private static let syn: UInt8 = 2
  private static let push: UInt8 = 8
  private static let acknowledgment: UInt8 = 16
  /// An Ethernet frame's 1500 bytes, less the headers and the timestamps.
  private static let segmentLimit = 1448

  /// As its requests name the proxy.
  let host: String
  private let mix: Mix
  private var ends: [End]
  /// Of its last frame, in microseconds since 1970.
  private var time: Int64
  private var exchangesLeft: Int
  private var isOpen = false
  private(set) var isOver = false

  /// - Parameters:
  ///   - number: of the connection: client and port follow from it.
  ///   - time: in microseconds since 1970.
  init(_ number: Int, _ mix: Mix, _ link: Link, at time: Int64, _ dice: inout Dice) {
    // A client's ports are its own again after 4000 connections: then it is another client.
    let client = number / 4000 * 8 + number % 8
    let last = UInt8(truncatingIfNeeded: client)
    let place = client + 10
    let headers = link.headers(client: last)
    host = dice.happens(70) ? "litellm:4000" : "172.18.0.2:4000"
    ends = [
      End(
        link: headers.client,
        address: [172, 18, UInt8(truncatingIfNeeded: 1 + place >> 8), UInt8(place & 255)],
        port: UInt16(32_768 + number * 7 % 28_000), next: UInt32(truncatingIfNeeded: dice.next()),
        identification: UInt16(truncatingIfNeeded: dice.next())),
      End(
        link: headers.server, address: [172, 18, 0, 2], port: 4000,
        next: UInt32(truncatingIfNeeded: dice.next()),
        identification: UInt16(truncatingIfNeeded: dice.next())),
    ]
    self.mix = mix
    self.time = time
    exchangesLeft = dice.roll(mix.exchanges)
  }

  /// The next exchange, or the end where there is none left, behind the handshake where it is the
  /// first.
  ///
  /// - Parameter isLast: nothing more is asked.
  /// - Returns: the exchange.
  mutating func proceed(
    _ traffic: inout Traffic, isLast: Bool, into frames: inout Frames, _ dice: inout Dice
  ) -> Exchange? {
    if !isOpen {
      isOpen = true
      send(from: .client, Self.syn, after: 1, into: &frames)
      send(from: .server, Self.syn | Self.acknowledgment, after: 40, into: &frames)
      acknowledge(from: .client, after: 20, into: &frames)
    }
    guard exchangesLeft > 0, !isLast else {
      isOver = true
      if dice.happens(mix.closed) { close(into: &frames, &dice) }
      return nil
    }
    exchangesLeft -= 1
    let exchange = traffic.exchange(with: host, &dice)
    ask(exchange.request, into: &frames, &dice)
    answer(exchange.answer, into: &frames, &dice)
    acknowledge(from: .client, after: 40, into: &frames)
    return exchange
  }

  private mutating func ask(_ request: Pieces, into frames: inout Frames, _ dice: inout Dice) {
    var pause =
      if mix == .small {
        dice.roll(200...20_000)
      } else {
        // The model's answer is worked on, now and then with a slow tool.
        dice.happens(90) ? dice.roll(20_000...3_000_000) : dice.roll(5_000_000...40_000_000)
      }
    for index in 0..<request.count {
      say(request.bytes[request[index]], from: .client, after: pause, into: &frames)
      pause = dice.roll(3...60)
    }
    if dice.happens(mix.acknowledged) { acknowledge(from: .server, after: 15, into: &frames) }
  }

  private mutating func answer(_ answer: Pieces, into frames: inout Frames, _ dice: inout Dice) {
    guard answer.count > 1 else {
      return say(answer.bytes[...], from: .server, after: dice.roll(mix.answering), into: &frames)
    }
    // A stream: the head, and the events as they come.
    say(
      answer.bytes[answer[0]], from: .server, after: dice.roll(100_000...1_500_000), into: &frames)
    acknowledge(from: .client, after: 30, into: &frames)
    for index in 1..<answer.count {
      say(answer.bytes[answer[index]], from: .server, after: dice.roll(200...30_000), into: &frames)
      if index % 2 == 1 { acknowledge(from: .client, after: 25, into: &frames) }
    }
  }

  private mutating func close(into frames: inout Frames, _ dice: inout Dice) {
    let first: Side = dice.happens(70) ? .client : .server
    let flags = Self.end | Self.acknowledgment
    send(from: first, flags, after: dice.roll(1000...500_000), into: &frames)
    send(from: first.other, flags, after: 60, into: &frames)
    acknowledge(from: first, after: 20, into: &frames)
  }

  // MARK: Segments

  /// Times between frames are in microseconds.
  private mutating func say(
    _ bytes: ArraySlice<UInt8>, from side: Side, after pause: Int, into frames: inout Frames
  ) {
    var (rest, pause, count) = (bytes, pause, 0)
    while !rest.isEmpty {
      let part = rest.prefix(Self.segmentLimit)
      rest = rest.dropFirst(part.count)
      let flags = rest.isEmpty ? Self.push | Self.acknowledgment : Self.acknowledgment
      send(from: side, flags, part, after: pause, into: &frames)
      pause = 6
      count += 1
      // What is one segment is acknowledged by whoever knows what follows.
      if count % 2 == 0 { acknowledge(from: side.other, after: 9, into: &frames) }
    }
  }

  private mutating func acknowledge(
    from side: Side, after pause: Int, into frames: inout Frames
  ) {
    send(from: side, Self.acknowledgment, after: pause, into: &frames)
  }

  private mutating func send(
    from side: Side, _ flags: UInt8, _ payload: ArraySlice<UInt8> = [], after pause: Int,
    into frames: inout Frames
  ) {
    time += Int64(pause)
    let begin = frames.bytes.count
    let isSyn = flags & Self.syn != 0
    let headerLength = isSyn ? 40 : 32
    ends[side.rawValue].identification &+= 1
    let (from, to) = (ends[side.rawValue], ends[side.other.rawValue])
    frames.bytes += from.link

    let ip = frames.bytes.count
    frames.bytes += [0x45, 0]
    frames.bytes.append16(UInt16(20 + headerLength + payload.count))
    frames.bytes.append16(from.identification)
    frames.bytes += [0x40, 0, 64, 6, 0, 0]
    frames.bytes += from.address
    frames.bytes += to.address

    let tcp = frames.bytes.count
    frames.bytes.append16(from.port)
    frames.bytes.append16(to.port)
    frames.bytes.append32(from.next)
    frames.bytes.append32(flags & Self.acknowledgment != 0 ? to.next : 0)
    frames.bytes += [UInt8(headerLength << 2), flags]
    frames.bytes.append16(isSyn ? 64_240 : 501)
    frames.bytes += [0, 0, 0, 0]
    let stamp = UInt32(truncatingIfNeeded: time / 1000)
    if isSyn {
      // Segment size, selective acknowledgments, timestamps, window scale.
      frames.bytes += [2, 4, 5, 0xB4, 4, 2, 8, 10]
      frames.bytes.append32(stamp)
      frames.bytes += [0, 0, 0, 0, 1, 3, 3, 7]
    } else {
      frames.bytes += [1, 1, 8, 10]
      frames.bytes.append32(stamp)
      frames.bytes.append32(stamp &- 3)
    }
    frames.bytes += payload

    // The pseudo-header (RFC 9293, 3.1): both addresses, the protocol, the length.
    let addresses = Checksum.sum(of: frames.bytes.span, (ip + 12)..<tcp)
    let pseudo = addresses + 6 + UInt64(headerLength + payload.count)
    let all = tcp..<frames.bytes.count
    frames.bytes.set16(Checksum.of(frames.bytes.span, all, startingWith: pseudo), at: tcp + 16)
    frames.bytes.set16(Checksum.of(frames.bytes.span, ip..<tcp), at: ip + 10)

    let length = payload.count + (flags & (Self.syn | Self.end) != 0 ? 1 : 0)
    ends[side.rawValue].next &+= UInt32(length)
    frames.all.append(
      Frames.Frame(
        time: time, bytes: begin..<frames.bytes.count, sender: side, hasData: !payload.isEmpty))
  }
}
