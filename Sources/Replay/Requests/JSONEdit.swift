/// Changes a member of a JSON text where it stands, and leaves every other byte as it is.
enum JSONEdit {
  /// - Parameters:
  ///   - path: names of members, from the outermost object on.
  ///   - json: that takes the value's place; it is added where the last member isn't there.
  /// - Returns: `nil` where the text has no such object.
  static func setting(_ path: [String], to json: String, in text: [UInt8]) -> [UInt8]? {
    var cursor = Cursor(text: text)
    cursor.skipBlanks()
    for (depth, name) in path.enumerated() {
      guard cursor.enterObject() else { return nil }
      let isLast = depth == path.count - 1
      var found = false
      var isEmpty = true
      while let member = cursor.nextName() {
        isEmpty = false
        if member.elementsEqual(name.utf8) {
          found = true
          break
        }
        guard cursor.skipValue() else { return nil }
      }
      guard isLast else {
        if found { continue }
        return nil
      }
      if found {
        let start = cursor.index
        guard cursor.skipValue() else { return nil }
        return text[..<start] + Array(json.utf8) + text[cursor.index...]
      }
      guard cursor.isAtEndOfObject else { return nil }
      let added = (isEmpty ? "" : ",") + "\"\(name)\":\(json)"
      return text[..<cursor.index] + Array(added.utf8) + text[cursor.index...]
    }
    return nil
  }

  /// Steps through a text that may be anything.
  private struct Cursor {
    let text: [UInt8]
    var index = 0

    private var byte: UInt8? { index < text.count ? text[index] : nil }

    var isAtEndOfObject: Bool { byte == 0x7D }

    mutating func skipBlanks() {
      while let byte, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { index += 1 }
    }

    mutating func enterObject() -> Bool {
      guard byte == 0x7B else { return false }
      index += 1
      return true
    }

    /// The next member's name, and on to its value; `nil` at the object's end.
    mutating func nextName() -> ArraySlice<UInt8>? {
      skipBlanks()
      if byte == 0x2C {
        index += 1
        skipBlanks()
      }
      guard byte == 0x22 else { return nil }
      let start = index + 1
      guard skipString() else { return nil }
      let name = text[start..<(index - 1)]
      skipBlanks()
      guard byte == 0x3A else { return nil }
      index += 1
      skipBlanks()
      return name
    }

    private mutating func skipString() -> Bool {
      index += 1
      while let byte {
        index += 1
        if byte == 0x22 { return true }
        if byte == 0x5C { index = min(index + 1, text.count) }
      }
      return false
    }

    mutating func skipValue() -> Bool {
      var depth = 0
      while let byte {
        switch byte {
        case 0x22:
          guard skipString() else { return false }
          if depth == 0 { return true }
          continue
        case 0x7B, 0x5B: depth += 1
        case 0x7D, 0x5D:
          if depth == 0 { return true }
          depth -= 1
          if depth == 0 {
            index += 1
            return true
          }
        case 0x2C where depth == 0: return true
        default: break
        }
        index += 1
      }
      return depth == 0
    }
  }
}
