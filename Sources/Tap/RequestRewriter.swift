internal import HTTP

/// Follows the requests of a connection, and changes in their heads what names the server: Host, and
/// the path where the target has one in front. Every other byte passes as it came, and when it came.
struct RequestRewriter {
  /// A request that has passed as a whole.
  struct Whole {
    /// As the agent sent it, in bytes.
    var length: Int
    var head: Int
  }

  /// What a request asks for, told when its head has passed.
  struct Asked: Equatable {
    var method: [UInt8]
    var target: [UInt8]
  }

  /// `nil` where the agent's stays.
  private let host: [UInt8]?
  /// In front of each path.
  private let prefix: [UInt8]
  private var decoder = MessageDecoder()
  /// Bytes of a head that isn't whole.
  private var held: [UInt8] = []
  /// What no decoder follows any more: all of it passes.
  private(set) var isOpaque = false
  /// Whether a request has begun and isn't over.
  var isInMessage: Bool { decoder.isInMessage || !held.isEmpty }
  /// Of the request that is passing.
  private var length = 0
  private var head = 0

  init(host: String?, prefix: String) {
    self.host = host.map { Array($0.utf8) }
    self.prefix = Array(prefix.utf8)
  }

  /// - Parameters:
  ///   - bytes: as they came.
  ///   - asked: told of each head.
  ///   - whole: told of each request that has ended.
  /// - Returns: what is to be sent now.
  mutating func take(
    _ bytes: [UInt8], asked: (Asked) -> Void, whole: (Whole) -> Void
  ) -> [UInt8] {
    guard !isOpaque else { return bytes }
    var output: [UInt8] = []
    var offset = 0
    // Up to here the bytes have been sent, or are held.
    var done = 0
    func passed(_ end: Int) -> ArraySlice<UInt8> {
      defer { done = end }
      return bytes[done..<end]
    }
    while true {
      switch decoder.next(bytes.span, from: &offset) {
      case .more:
        // Between two requests stands what belongs to the next head.
        let rest = passed(bytes.count)
        length += rest.count
        if decoder.isInMessage, !decoder.isInHead { output += rest } else { held += rest }
        return output
      case .began, .odd: continue
      case .head:
        let part = passed(offset)
        length += part.count
        held += part
        head = held.count
        guard let parsed = decoder.takeHead() else { return output + opaque(bytes[done...]) }
        decoder.frame(BodyFraming.ofRequest(parsed).framing)
        asked(Asked(method: Array(parsed.method ?? []), target: Array(parsed.target ?? [])))
        output += rewritten(held)
        held = []
      case .content:
        let part = passed(offset)
        length += part.count
        output += part
      case .ended:
        let part = passed(offset)
        length += part.count
        output += part
        whole(Whole(length: length, head: head))
        (length, head) = (0, 0)
      case .lost, .stray, .tunnel:
        return output + opaque(bytes[done...])
      }
    }
  }

  /// Whoever asked for another protocol has got it.
  ///
  /// - Returns: what was held.
  mutating func becomeOpaque() -> [UInt8] { opaque([]) }

  private mutating func opaque(_ rest: ArraySlice<UInt8>) -> [UInt8] {
    isOpaque = true
    defer { held = [] }
    return held + rest
  }

  private func rewritten(_ bytes: [UInt8]) -> [UInt8] {
    let head = MessageHead(bytes[...], isComplete: true)
    var changes: [(range: Range<Int>, bytes: [UInt8])] = []
    if !prefix.isEmpty, let target = head.target, target.first == 0x2F {
      changes.append((target.startIndex..<target.startIndex, prefix))
    }
    if let host {
      for field in head.fields where head.isNamed(field, "host") {
        changes.append((Int(field.value.lowerBound)..<Int(field.value.upperBound), host))
      }
    }
    return HeadEdit.replacing(changes, in: head.bytes)
  }
}
