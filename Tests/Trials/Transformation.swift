public import TestSupport

/// A change to a capture after which the exchanges are still the same.
public struct Transformation: Sendable, CustomStringConvertible {
  public let name: String
  public var description: String { name }
  /// The variant as the bytes of a file.
  private let apply: @Sendable ([TCPPacket], inout Dice) -> [UInt8]

  public func callAsFunction(_ packets: [TCPPacket], _ dice: inout Dice) -> [UInt8] {
    apply(packets, &dice)
  }

  /// One that changes packets.
  private init(
    _ name: String, _ change: @escaping @Sendable ([TCPPacket], inout Dice) -> [TCPPacket]
  ) {
    self.name = name
    apply = { packets, dice in Self.file(change(packets, &dice)) }
  }

  private init(
    _ name: String, bytes: @escaping @Sendable ([TCPPacket], inout Dice) -> [UInt8]
  ) {
    self.name = name
    apply = bytes
  }

  static func file(
    _ packets: [TCPPacket], in encapsulation: Encapsulation = .ethernet,
    as format: CaptureFormat = .pcapNanoseconds
  ) -> [UInt8] {
    format.bytes(
      of: packets.map {
        CapturedPacket(
          time: $0.time, linkType: encapsulation.linkType, frame: encapsulation.frame($0))
      })
  }

  /// Those that one capture is enough for.
  public static let all: [Transformation] =
    [
      Transformation(
        "segments are split", { packets, dice in packets.flatMap { split($0, &dice) } }),
      Transformation("neighbours are swapped", swapNeighbours),
      Transformation("data comes late", delayData),
      Transformation("each packet comes twice") { packets, _ in packets.flatMap { [$0, $0] } },
      Transformation("data is sent again later", sendAgain),
      Transformation("data is sent again with more behind it", overlap),
      Transformation("pure acknowledgments are missing") { packets, _ in
        packets.filter { !$0.isPureAcknowledgment }
      },
      Transformation("sequence numbers wrap inside the data", wrap),
      Transformation("keep-alives between", keepAlive),
      Transformation("the clock stands still") { packets, _ in
        packets.map { packet in
          var packet = packet
          packet.time = packets.first?.time ?? 0
          return packet
        }
      },
      Transformation("IPv6", { packets, _ in packets.map(onIPv6) }),
      Transformation("IP fragments", bytes: fragments),
      Transformation("frames are padded", bytes: padded),
      Transformation("seen on two interfaces", bytes: twoInterfaces),
      Transformation("gzip") { packets, _ in Compression.compress(file(packets)) },
    ]
    + CaptureFormat.allCases.map { format in
      Transformation("file: \(format)") { packets, _ in file(packets, as: format) }
    }
    + Encapsulation.allCases.map { encapsulation in
      Transformation("in \(encapsulation.rawValue)") { packets, _ in
        file(packets.flatMap(withRoom), in: encapsulation)
      }
    }
    + [Encapsulation.vlan, .vxlan, .geneve, .mpls, .pppoe].map { encapsulation in
      Transformation("IPv6 in \(encapsulation.rawValue)") { packets, _ in
        file(packets.map(onIPv6).flatMap(withRoom), in: encapsulation, as: .pcapng)
      }
    }

  // MARK: Two captures

  /// Two captures in one file, one behind the other or interleaved: all exchanges of both.
  public static func join(
    _ first: [TCPPacket], _ second: [TCPPacket], interleaved: Bool, _ dice: inout Dice
  ) -> [UInt8] {
    // On other addresses, since both may have used the same ports.
    let moved = second.map { packet in
      var packet = packet
      packet.source = elsewhere(packet.source)
      packet.destination = elsewhere(packet.destination)
      return packet
    }
    var joined: [TCPPacket] = []
    var left = first[...]
    var right = moved[...]
    while !left.isEmpty || !right.isEmpty {
      let takesLeft =
        interleaved
        ? Int.random(in: 0..<(left.count + right.count), using: &dice) < left.count
        : !left.isEmpty
      if let next = takesLeft ? left.popFirst() : right.popFirst() { joined.append(next) }
    }
    // One clock for both.
    let start = joined.first?.time ?? 0
    for index in joined.indices { joined[index].time = start + Int64(index) * 1_000_000 }
    return file(joined)
  }

  private static func elsewhere(_ address: [UInt8]) -> [UInt8] {
    var address = address
    address[address.count - 3] ^= 0x55
    return address
  }

  // MARK: Segments

  private static func split(_ packet: TCPPacket, _ dice: inout Dice) -> [TCPPacket] {
    let keeps =
      packet.has(TCPPacket.syn) || packet.has(TCPPacket.rst) || packet.has(TCPPacket.urgent)
    guard packet.payload.count > 1, !keeps else { return [packet] }
    return split(packet, at: Int.random(in: 1..<packet.payload.count, using: &dice))
  }

  private static func split(_ packet: TCPPacket, at cut: Int) -> [TCPPacket] {
    var front = packet
    front.payload = Array(packet.payload[..<cut])
    front.flags &= ~(TCPPacket.fin | TCPPacket.push)
    var back = packet
    back.payload = Array(packet.payload[cut...])
    back.sequence &+= UInt32(cut)
    back.identification &+= 0x8000
    return [front, back]
  }

  /// Loopback's segments fill a whole IP packet: what is put around them needs room.
  private static func withRoom(_ packet: TCPPacket) -> [TCPPacket] {
    guard packet.payload.count > 60_000 else { return [packet] }
    return split(packet, at: packet.payload.count / 2)
  }

  private static func mayMove(_ packet: TCPPacket) -> Bool {
    packet.flags & (TCPPacket.syn | TCPPacket.fin | TCPPacket.rst | TCPPacket.urgent) == 0
  }

  /// The contents change places, the times stay.
  private static func swapNeighbours(_ packets: [TCPPacket], _ dice: inout Dice) -> [TCPPacket] {
    var swapped = packets
    var index = 1
    while index < swapped.count {
      if Bool.random(using: &dice), mayMove(swapped[index]), mayMove(swapped[index - 1]) {
        swapped.swapAt(index, index - 1)
        let time = swapped[index].time
        swapped[index].time = swapped[index - 1].time
        swapped[index - 1].time = time
        index += 1
      }
      index += 1
    }
    return swapped
  }

  /// Every fourth data packet comes behind the next two of its direction.
  private static func delayData(_ packets: [TCPPacket], _ dice: inout Dice) -> [TCPPacket] {
    var order = packets
    for index in order.indices.dropLast(3) where mayMove(order[index]) {
      guard !order[index].payload.isEmpty, Int.random(in: 0..<4, using: &dice) == 0 else {
        continue
      }
      var place = index
      for next in (index + 1)...(index + 2) {
        guard mayMove(order[next]), order[next].direction == order[place].direction else { break }
        order.swapAt(place, next)
        let time = order[next].time
        order[next].time = order[place].time
        order[place].time = time
        place = next
      }
    }
    return order
  }

  private static func sendAgain(_ packets: [TCPPacket], _ dice: inout Dice) -> [TCPPacket] {
    var result: [TCPPacket] = []
    var late: [(at: Int, packet: TCPPacket)] = []
    for (index, packet) in packets.enumerated() {
      result.append(packet)
      for copy in late where copy.at == index { result.append(at(packet.time, copy.packet)) }
      guard mayMove(packet), !packet.payload.isEmpty, Bool.random(using: &dice) else { continue }
      var copy = packet
      copy.identification &+= 0x4000
      late.append((index + Int.random(in: 1...4, using: &dice), copy))
    }
    return result
  }

  private static func at(_ time: Int64, _ packet: TCPPacket) -> TCPPacket {
    var packet = packet
    packet.time = time
    return packet
  }

  /// A packet of data that begins with what the one before it has said.
  private static func overlap(_ packets: [TCPPacket], _ dice: inout Dice) -> [TCPPacket] {
    var latest: [[[UInt8]]: TCPPacket] = [:]
    return packets.map { packet in
      defer { if mayMove(packet), !packet.payload.isEmpty { latest[packet.direction] = packet } }
      guard mayMove(packet), !packet.payload.isEmpty, let before = latest[packet.direction],
        before.sequence &+ UInt32(before.payload.count) == packet.sequence,
        before.payload.count + packet.payload.count < 60_000, Bool.random(using: &dice)
      else { return packet }
      var longer = packet
      let back = Int.random(in: 1...before.payload.count, using: &dice)
      longer.payload = before.payload.suffix(back) + packet.payload
      longer.sequence &-= UInt32(back)
      return longer
    }
  }

  /// Probes with the last byte that was sent, or none, at one below the next sequence number.
  private static func keepAlive(_ packets: [TCPPacket], _ dice: inout Dice) -> [TCPPacket] {
    packets.flatMap { packet -> [TCPPacket] in
      guard mayMove(packet), let last = packet.payload.last, Bool.random(using: &dice) else {
        return [packet]
      }
      var probe = packet
      probe.sequence &+= UInt32(packet.payload.count - 1)
      probe.payload = Bool.random(using: &dice) ? [last] : []
      probe.identification &+= 0x2000
      probe.flags = TCPPacket.ack
      return [packet, probe]
    }
  }

  /// Each direction's sequence numbers pass zero in the middle of its first data.
  private static func wrap(_ packets: [TCPPacket], _ dice: inout Dice) -> [TCPPacket] {
    var shift: [[[UInt8]]: UInt32] = [:]
    for packet in packets where !packet.payload.isEmpty && shift[packet.direction] == nil {
      let into = UInt32(Int.random(in: 0..<packet.payload.count, using: &dice))
      shift[packet.direction] = 0 &- packet.sequence &- into
    }
    return packets.map { packet in
      var packet = packet
      packet.sequence &+= shift[packet.direction] ?? 0
      if packet.has(TCPPacket.ack) {
        packet.acknowledgment &+= shift[packet.direction.reversed()] ?? 0
      }
      return packet
    }
  }

  // MARK: Packets

  private static func onIPv6(_ packet: TCPPacket) -> TCPPacket {
    guard packet.source.count == 4 else { return packet }
    let prefix: [UInt8] = [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 8)
    var packet = packet
    packet.source = prefix + packet.source
    packet.destination = prefix + packet.destination
    return packet
  }

  private static func fragments(_ packets: [TCPPacket], _ dice: inout Dice) -> [UInt8] {
    var frames: [CapturedPacket] = []
    for (index, packet) in packets.enumerated() {
      var packet = packet
      // A datagram is told from others by its identification.
      packet.identification = UInt16(truncatingIfNeeded: index &+ 1)
      let segment = packet.segment
      guard packet.source.count == 4, segment.count > 64 else {
        frames.append(
          CapturedPacket(time: packet.time, linkType: 101, frame: packet.ipPacket))
        continue
      }
      let size = 8 * Int.random(in: 4...180, using: &dice)
      var pieces = stride(from: 0, to: segment.count, by: size).map { offset in
        let piece = Array(segment[offset..<min(segment.count, offset + size)])
        let more: UInt16 = offset + size < segment.count ? 0x2000 : 0
        return CapturedPacket(
          time: packet.time, linkType: 101,
          frame: packet.ipHeader(
            transport: 6, packet.source, packet.destination, piece,
            fragment: more | UInt16(offset / 8)) + piece)
      }
      pieces.shuffle(using: &dice)
      frames += pieces
    }
    return CaptureFormat.pcapNanoseconds.bytes(of: frames)
  }

  /// As short frames are on a real wire, and some longer ones by their driver.
  private static func padded(_ packets: [TCPPacket], _ dice: inout Dice) -> [UInt8] {
    CaptureFormat.pcapng.bytes(
      of: packets.map { packet in
        var frame = Encapsulation.ethernet.frame(packet)
        let size = max(60, frame.count + Int.random(in: 0...9, using: &dice))
        while frame.count < size { frame.append(UInt8.random(in: 0...255, using: &dice)) }
        return CapturedPacket(time: packet.time, linkType: 1, frame: frame)
      })
  }

  /// What tcpdump on `any` sees of a container: each packet on its veth and on the bridge.
  private static func twoInterfaces(_ packets: [TCPPacket], _ dice: inout Dice) -> [UInt8] {
    CaptureFormat.pcapNanoseconds.bytes(
      of: packets.flatMap { packet -> [CapturedPacket] in
        let frame = Encapsulation.linuxCooked2.frame(packet)
        var second = frame
        second[7] = 9
        return [(0, frame), (20_000, second)].map {
          CapturedPacket(time: packet.time + $0.0, linkType: 276, frame: $0.1)
        }
      })
  }
}
