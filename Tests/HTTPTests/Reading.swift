@testable internal import HTTP
@testable internal import Verdicts
@testable internal import Wire

/// What a decoder makes of one direction of a connection, with nothing paired.
struct Reading: Equatable {
  struct Message: Equatable {
    var head: MessageHead
    /// Whether the head's empty line was seen.
    var hasWholeHead = false
    var content: [UInt8] = []
    var isComplete = false
    /// Those of the head, of the framing, and what was odd before and inside.
    var anomalies: AnomalySet = []

    /// Everything about a head follows from its bytes, and from whether they are all.
    static func == (one: Message, other: Message) -> Bool {
      one.head.bytes == other.head.bytes && one.head.anomalies == other.head.anomalies
        && one.head.isComplete == other.head.isComplete
        && one.hasWholeHead == other.hasWholeHead && one.content == other.content
        && one.isComplete == other.isComplete && one.anomalies == other.anomalies
    }
  }

  var messages: [Message] = []
  /// Said behind the last message.
  var trailing: AnomalySet = []
  /// Why nothing was read from some byte on.
  var stop: String?
  var tunnel: [UInt8] = []

  /// Whether something in a message or behind it makes its verdict `unknown`.
  func isDoubtful(from index: Int) -> Bool {
    stop != nil || !trailing.isDisjoint(with: .ambiguousFraming)
      || messages.dropFirst(index).contains { message in
        !message.hasWholeHead || !message.anomalies.isDisjoint(with: .ambiguousFraming)
      }
  }

  /// Reads a stream that comes in `pieces`.
  ///
  /// It ends where the decoder gives up: what follows is hunted through, and there a message is
  /// recognised only at the beginning of a segment, because in the middle of one the bytes may be
  /// content that quotes a message. So only what stands before can be the same for all cuts.
  init(_ pieces: [ArraySlice<UInt8>]) {
    var decoder = MessageDecoder()
    var current: Message?
    for piece in pieces {
      let bytes = Array(piece)
      var offset = 0
      reading: while true {
        switch decoder.next(bytes.span, from: &offset) {
        case .more:
          break reading
        case .began:
          var unread = MessageDecoder()
          current = Message(head: unread.takePartialHead())
          current?.anomalies = trailing
          trailing = []
        case .head:
          guard let head = decoder.takeHead() else { break }
          let (framing, anomalies) =
            head.isRequest ? BodyFraming.ofRequest(head) : BodyFraming.ofResponse(head, to: nil)
          current?.head = head
          current?.hasWholeHead = true
          current?.anomalies.formUnion(head.anomalies)
          current?.anomalies.formUnion(anomalies)
          decoder.frame(framing)
          if framing == .tunnel { end(&current, isComplete: true) }
        case .content(let range):
          current?.content += bytes[range]
        case .ended:
          end(&current, isComplete: true)
        case .odd(let anomaly):
          if current == nil { trailing.insert(anomaly) } else { current?.anomalies.insert(anomaly) }
        case .lost(let anomaly):
          stop = anomaly.rawValue
          // What is no message isn't shown as one.
          if anomaly != .notHTTP { end(&current, isComplete: false) }
          return
        case .stray(_, let reason):
          stop = reason.rawValue
          return
        case .tunnel(let range):
          tunnel += bytes[range]
        }
      }
    }
    if current?.hasWholeHead == false { current?.head = decoder.takePartialHead() }
    end(&current, isComplete: false)
  }

  private mutating func end(_ current: inout Message?, isComplete: Bool) {
    guard var message = current else { return }
    if !message.hasWholeHead { message.anomalies.formUnion(message.head.anomalies) }
    message.isComplete = isComplete
    messages.append(message)
    current = nil
  }
}
