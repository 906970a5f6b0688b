internal import Wire

/// An event stream (`text/event-stream`; HTML Living Standard, 9.2.6): content in, events out.
///
/// Takes the content with its codings undone, in any pieces: the same events come of all of them,
/// each as soon as the empty line that ends it begins. An event without an empty line behind it is
/// none, as the standard has it.
public struct EventStreamDecoder: Sendable {
  /// Bytes of field lines. The standard decodes them as UTF-8, with U+FFFD for what isn't: that is
  /// left to who shows them.
  public struct Event: Sendable, Equatable {
    /// Of the last `event` field; empty where there is none, which means `message`.
    public var type: [UInt8]
    /// Of all `data` fields, with LF between them.
    public var data: [UInt8]
    /// Of the last `id` field of the stream so far.
    public var lastEventID: [UInt8]

    public init(type: [UInt8] = [], data: [UInt8] = [], lastEventID: [UInt8] = []) {
      self.type = type
      self.data = data
      self.lastEventID = lastEventID
    }
  }

  /// Bytes that are kept of one event (``Cap/eventBytes``).
  public static let eventLimit = 16 << 20

  private enum Field {
    case data, event, id, retry

    init?(_ name: [UInt8]) {
      if name.elementsEqual("data".utf8) {
        self = .data
      } else if name.elementsEqual("event".utf8) {
        self = .event
      } else if name.elementsEqual("id".utf8) {
        self = .id
      } else if name.elementsEqual("retry".utf8) {
        self = .retry
      } else {
        return nil
      }
    }

    /// No name has more bytes.
    static let longestName = 5
  }

  private enum Line {
    /// `name` has what was read of a field's name; nothing at the beginning of a line.
    case name
    /// The colon was read: one space behind it isn't part of the value.
    case colon(Field)
    case value(Field)
    /// A comment, a field that means nothing, or too long a value.
    case ignored
  }

  private var line = Line.name
  private var name: [UInt8] = []
  /// Of a field that counts only once its line is whole.
  private var value: [UInt8] = []
  private var type: [UInt8] = []
  /// Each line of data with an LF behind it, the last one perhaps not yet.
  private var data: [UInt8] = []
  private var lastEventID: [UInt8] = []
  private var hasFields = false
  private var isOverflowing = false
  /// An LF that follows belongs to the CR before it.
  private var sawCR = false
  /// How much of a byte order mark was read; `nil` once there can be none.
  private var markBytes: Int? = 0
  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
  private static let lineFeed: [UInt8] = [0x0A]

  /// Events given out so far.
  public private(set) var count = 0
  /// Events that were dropped because they are larger than ``eventLimit``.
  public private(set) var overflowCount = 0
  /// What the last good `retry` field said, in milliseconds.
  public private(set) var retry: Int?

  public init() {}

  /// Whether an event was dropped for its size.
  public var hasOverflowed: Bool { overflowCount > 0 }

  /// Whether fields were read behind the last empty line, or a part of one.
  public var isInsideEvent: Bool {
    switch line {
    case .name: hasFields || !name.isEmpty
    case .colon, .value: true
    case .ignored: hasFields
    }
  }

  /// Bytes that are kept of an event that isn't complete.
  public var carriedBytes: Int { data.count &+ value.count &+ type.count &+ lastEventID.count }

  /// Takes the next bytes of the content.
  ///
  /// - Parameter sink: takes each event that they complete, in order.
  public mutating func take(_ bytes: ArraySlice<UInt8>, _ sink: (Event) -> Void) {
    let bytes = bytes.span
    var offset = 0
    skipMark(bytes, &offset)
    // Looked for only once each, so that many short lines don't look for the same one again.
    var feed = bytes.firstOffset(of: 0x0A, from: offset) ?? bytes.count
    while offset < bytes.count {
      if sawCR {
        sawCR = false
        if bytes[offset] == 0x0A {
          offset &+= 1
          continue
        }
      }
      if feed < offset { feed = bytes.firstOffset(of: 0x0A, from: offset) ?? bytes.count }
      let end = bytes.extracting(offset..<feed).firstOffset(of: 0x0D, from: 0) ?? (feed &- offset)
      read(bytes.extracting(offset..<(offset &+ end)))
      offset &+= end
      guard offset < bytes.count else { return }
      sawCR = bytes[offset] == 0x0D
      offset &+= 1
      finishLine(sink)
    }
  }

  /// One byte order mark at the beginning isn't part of the first line.
  private mutating func skipMark(_ bytes: borrowing Span<UInt8>, _ offset: inout Int) {
    while let read = markBytes, offset < bytes.count {
      if bytes[offset] != Self.mark[read] {
        markBytes = nil
        self.read(Self.mark.span.extracting(0..<read))
      } else {
        offset &+= 1
        markBytes = read &+ 1 < Self.mark.count ? read &+ 1 : nil
      }
    }
  }

  // MARK: Lines

  /// Reads on in a line, whose end isn't among `bytes`.
  private mutating func read(_ bytes: borrowing Span<UInt8>) {
    var offset = 0
    while offset < bytes.count {
      switch line {
      case .name:
        let byte = bytes[offset]
        offset &+= 1
        if byte == 0x3A {
          line = Field(name).map { .colon($0) } ?? .ignored
        } else if name.count < Field.longestName {
          name.append(byte)
        } else {
          line = .ignored
        }
      case .colon(let field):
        if bytes[offset] == 0x20 { offset &+= 1 }
        line = .value(field)
      case .value(let field):
        append(bytes.extracting(offset..<bytes.count), to: field)
        return
      case .ignored:
        return
      }
    }
  }

  private mutating func append(_ bytes: borrowing Span<UInt8>, to field: Field) {
    if field == .data, isOverflowing { return }
    let count = data.count &+ value.count &+ type.count
    guard bytes.count <= Self.eventLimit &- count else { return overflow() }
    if field == .data { bytes.append(to: &data) } else { bytes.append(to: &value) }
  }

  private mutating func overflow() {
    if !isOverflowing { overflowCount &+= 1 }
    isOverflowing = true
    data = []
    type = []
    value = []
    line = .ignored
  }

  private mutating func finishLine(_ sink: (Event) -> Void) {
    switch line {
    case .name:
      if name.isEmpty {
        dispatch(sink)
      } else if let field = Field(name) {
        finish(field)
      }
    case .colon(let field), .value(let field): finish(field)
    case .ignored: break
    }
    line = .name
    name.removeAll(keepingCapacity: true)
    value.removeAll(keepingCapacity: value.count < 1024)
  }

  private mutating func finish(_ field: Field) {
    hasFields = true
    switch field {
    case .data: append(Self.lineFeed.span, to: .data)
    case .event: if !isOverflowing { type = value }
    case .id: if !value.contains(0) { lastEventID = value }
    case .retry:
      guard !value.isEmpty, value.allSatisfy(CharacterClass.isDigit) else { return }
      retry = Int(String(decoding: value, as: UTF8.self)) ?? .max
    }
  }

  private mutating func dispatch(_ sink: (Event) -> Void) {
    hasFields = false
    isOverflowing = false
    if !data.isEmpty {
      data.removeLast()
      count &+= 1
      sink(Event(type: type, data: data, lastEventID: lastEventID))
      data = []
    }
    type = []
  }
}
