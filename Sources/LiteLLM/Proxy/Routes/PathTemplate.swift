/// A path with parameters, as FastAPI writes it: `/files/{file_id}` takes one segment there,
/// `/anthropic/{endpoint:path}` all the rest.
struct PathTemplate: Sendable, Equatable {
  struct Value: Sendable, Equatable {
    var name: String
    var text: String
  }

  private enum Part: Sendable, Equatable {
    case literal(String)
    case parameter(name: String, spansSegments: Bool)

    var beginsSegment: Bool {
      if case .literal(let text) = self { text.hasPrefix("/") } else { false }
    }
  }

  private let parts: [Part]

  init(_ text: Substring) {
    var parts: [Part] = []
    var rest = text
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      if open > rest.startIndex { parts.append(.literal(String(rest[..<open]))) }
      let inside = rest[rest.index(after: open)..<close].split(separator: ":", maxSplits: 1)
      parts.append(
        .parameter(
          name: inside.first.map(String.init) ?? "",
          spansSegments: inside.count > 1 && inside[1] == "path"))
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { parts.append(.literal(String(rest))) }
    self.parts = parts
  }

  var isLiteral: Bool {
    parts.allSatisfy { if case .literal = $0 { true } else { false } }
  }

  /// How many characters of a path it settles by itself.
  var literalLength: Int {
    parts.reduce(0) { if case .literal(let text) = $1 { $0 + text.utf8.count } else { $0 } }
  }

  /// The parameters' values, percent-decoded; `nil` where the path is another's.
  func values(in path: Substring) -> [Value]? {
    Self.match(parts[...], path.utf8[...])
  }

  private static func match(_ parts: ArraySlice<Part>, _ path: Substring.UTF8View) -> [Value]? {
    guard let part = parts.first else { return path.isEmpty ? [] : nil }
    let others = parts.dropFirst()
    switch part {
    case .literal(let text):
      return path.starts(with: text.utf8)
        ? match(others, path.dropFirst(text.utf8.count)) : nil
    case .parameter(let name, let spansSegments):
      let segment = path.firstIndex(of: 0x2F) ?? path.endIndex
      // As far as it goes first, as a regular expression would; never nothing.
      var end = spansSegments ? path.endIndex : segment
      while end > path.startIndex {
        if let values = match(others, path[end...]) {
          let text = String(decoding: path[..<end], as: UTF8.self)
          return [Value(name: name, text: PercentCode.decoded(text[...]))] + values
        }
        // What follows a segment's parameter begins with a slash, and so only at its end.
        if !spansSegments, others.first?.beginsSegment ?? true { return nil }
        path.formIndex(before: &end)
      }
      return nil
    }
  }
}
