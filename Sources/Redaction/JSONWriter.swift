/// Appends JSON with members in the order in which they are written: the same input gives the same
/// bytes, and nothing is built up in memory but the line itself.
public struct JSONWriter {
  public private(set) var bytes: [UInt8] = []
  private var needsComma = false

  /// - Parameter capacity: the length in bytes that is expected.
  public init(capacity: Int = 4096) { bytes.reserveCapacity(capacity) }

  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    needsComma = false
  }

  public mutating func beginObject() { open(0x7B) }
  public mutating func endObject() { close(0x7D) }
  public mutating func beginArray() { open(0x5B) }
  public mutating func endArray() { close(0x5D) }

  public mutating func endLine() {
    bytes.append(0x0A)
    needsComma = false
  }

  /// The name of the next member.
  public mutating func key(_ name: StaticString) {
    bytes.append(addingCapacity: name.utf8CodeUnitCount &+ 4) { [needsComma] output in
      if needsComma { output.append(0x2C) }
      output.append(0x22)
      output.append(name)
      output.append(0x22)
      output.append(0x3A)
    }
    needsComma = false
  }

  /// The name of the next member, where it isn't known beforehand.
  // Not `key(_:)`: a literal would be a `String`, and be looked through each time.
  public mutating func key(named name: String) {
    comma()
    JSONText.append(name, to: &bytes)
    bytes.append(0x3A)
    needsComma = false
  }

  public mutating func string(_ value: ArraySlice<UInt8>) {
    comma()
    JSONText.append(value, to: &bytes)
    needsComma = true
  }

  public mutating func string(_ value: [UInt8]) { string(value[...]) }

  public mutating func string(_ value: String) {
    comma()
    JSONText.append(value, to: &bytes)
    needsComma = true
  }

  public mutating func integer(_ value: Int) {
    var digits = InlineArray<20, UInt8>(repeating: 0)
    var first = digits.count
    var rest = value.magnitude
    repeat {
      first &-= 1
      digits[first] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
    bytes.append(addingCapacity: 22) { [needsComma] output in
      if needsComma { output.append(0x2C) }
      if value < 0 { output.append(0x2D) }
      for place in first..<digits.count { output.append(digits[place]) }
    }
    needsComma = true
  }

  /// A text that stands for itself, written by `write`: digits, and never anything captured, which would
  /// come out unescaped.
  public mutating func plainString(_ write: (inout [UInt8]) -> Void) {
    comma()
    bytes.append(0x22)
    write(&bytes)
    bytes.append(0x22)
    needsComma = true
  }

  /// A number in decimal, as it is written.
  public mutating func number(_ digits: String) {
    comma()
    bytes.append(contentsOf: digits.utf8)
    needsComma = true
  }

  /// A value that was written before.
  public mutating func value(_ json: [UInt8]) {
    comma()
    bytes += json
    needsComma = true
  }

  /// Members that are always the same, with commas between them.
  public mutating func members(_ json: StaticString) {
    bytes.append(addingCapacity: json.utf8CodeUnitCount &+ 1) { [needsComma] output in
      if needsComma { output.append(0x2C) }
      output.append(json)
    }
    needsComma = true
  }

  /// Members that were written before, with commas between them.
  public mutating func members(_ json: [UInt8]) {
    guard !json.isEmpty else { return }
    value(json)
  }

  public mutating func boolean(_ value: Bool) {
    comma()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
    needsComma = true
  }

  public mutating func null() {
    comma()
    bytes.append(contentsOf: "null".utf8)
    needsComma = true
  }

  public mutating func member(_ name: StaticString, _ value: String) {
    key(name)
    string(value)
  }

  public mutating func member(_ name: StaticString, _ value: Int) {
    key(name)
    integer(value)
  }

  public mutating func member(_ name: StaticString, _ value: Bool) {
    key(name)
    boolean(value)
  }

  public mutating func strings(_ name: StaticString, _ values: [String]) {
    key(name)
    beginArray()
    for value in values { string(value) }
    endArray()
  }

  private mutating func open(_ byte: UInt8) {
    comma()
    bytes.append(byte)
    needsComma = false
  }

  private mutating func close(_ byte: UInt8) {
    bytes.append(byte)
    needsComma = true
  }

  private mutating func comma() {
    if needsComma { bytes.append(0x2C) }
  }
}

extension OutputSpan<UInt8> {
  fileprivate mutating func append(_ text: StaticString) {
    let count = text.utf8CodeUnitCount
    unsafe withUnsafeMutableBufferPointer { buffer, initialized in
      let text = unsafe UnsafeBufferPointer(start: text.utf8Start, count: count)
      _ = unsafe buffer[initialized...].initialize(from: text)
      initialized &+= count
    }
  }
}
