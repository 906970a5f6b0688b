/// Which files make up which capture.
public enum CaptureSeries {
  /// One capture: a file, or a rotated series of files that is read as one.
  public struct Capture: Sendable, Equatable {
    /// As reports name it.
    public var name: String
    /// In order of time.
    public var files: [String]

    public init(name: String, files: [String]) {
      self.name = name
      self.files = files
    }
  }

  /// Turns what was named on the command line into captures.
  ///
  /// A directory stands for the captures in it. Files that differ only in the digits of their names
  /// and don't overlap in time are one series.
  ///
  /// - Throws: ``CaptureError`` where a path isn't there, or a directory holds no capture.
  public static func captures(_ paths: [String]) throws(CaptureError) -> [Capture] {
    var captures: [Capture] = []
    var files: [String] = []
    for path in paths {
      guard path != "-" else {
        captures.append(Capture(name: "-", files: ["-"]))
        continue
      }
      switch Descriptor.opening(path) {
      case .failure(let error) where error.isNotFound:
        throw CaptureError(.notFound, "no such file or directory; check the path", file: path)
      case .failure(let error):
        throw CaptureError(.unreadable, "can't be opened: \(error.text)", file: path)
      case .success(let descriptor) where descriptor.kind == .directory:
        let found = captureFiles(in: path)
        guard !found.isEmpty else {
          throw CaptureError(
            .noCaptures, "a directory without captures (pcap, pcapng, also .gz)", file: path)
        }
        files += found
      case .success:
        files.append(path)
      }
    }
    return captures + series(files)
  }

  private static func captureFiles(in folder: String) -> [String] {
    names(in: folder).captures.map { (folder.hasSuffix("/") ? folder : folder + "/") + $0 }
  }

  /// The names of captures in a folder, and of everything else in it, both sorted.
  public static func names(in folder: String) -> (captures: [String], others: [String]) {
    let names = namesInFolder(folder)
    return (names.filter(looksLikeCapture), names.filter { !looksLikeCapture($0) })
  }

  /// `a.pcap`, `a.pcapng.gz`, and tcpdump's rotated `a.pcap0`, `a.pcap1`.
  private static func looksLikeCapture(_ name: String) -> Bool {
    var stem = name.lowercased()[...]
    if stem.hasSuffix(".gz") { stem = stem.dropLast(3) }
    // Not to be read yet, but not to be passed over in silence either.
    if stem.hasSuffix(".zst") { stem = stem.dropLast(4) }
    while let last = stem.last, last.isASCII, last.isNumber { stem = stem.dropLast() }
    return [".pcap", ".pcapng", ".cap", ".ntar"].contains { stem.hasSuffix($0) }
  }

  private static func series(_ files: [String]) -> [Capture] {
    var order: [String] = []
    var groups: [String: [String]] = [:]
    for file in files {
      let pattern = withoutDigits(file)
      if groups[pattern] == nil { order.append(pattern) }
      groups[pattern, default: []].append(file)
    }
    return order.flatMap { pattern -> [Capture] in
      let members = groups[pattern] ?? []
      guard members.count > 1, let sorted = disjoint(members), let first = sorted.first else {
        return members.map { Capture(name: $0, files: [$0]) }
      }
      return [Capture(name: first, files: sorted)]
    }
  }

  private static func withoutDigits(_ path: String) -> String {
    let cut = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    var result = String(path[..<cut])
    for character in path[cut...] {
      let isDigit = character.isASCII && character.isNumber
      if !isDigit {
        result.append(character)
      } else if result.last != "\u{0}" {
        result.append("\u{0}")
      }
    }
    return result
  }

  /// The files in order of time; `nil` where two overlap, or one can't be read.
  private static func disjoint(_ files: [String]) -> [String]? {
    // One file named twice is two captures.
    guard Set(files).count == files.count else { return nil }
    var spans: [(file: String, first: Timestamp, last: Timestamp, type: [LinkType])] = []
    for file in files {
      guard let span = span(of: file) else { return nil }
      spans.append((file, span.first, span.last, span.types))
    }
    spans.sort { ($0.first.nanoseconds, $0.file) < ($1.first.nanoseconds, $1.file) }
    for (earlier, later) in zip(spans, spans.dropFirst())
    where later.first < earlier.last || later.type != earlier.type {
      return nil
    }
    return spans.map(\.file)
  }

  private static func span(
    of file: String
  ) -> (first: Timestamp, last: Timestamp, types: [LinkType])? {
    guard var reader = try? CaptureReader(files: [file]) else { return nil }
    var frame = Frame()
    var first = Timestamp.unknown
    var last = Timestamp.unknown
    while (try? reader.next(&frame)) == true {
      guard frame.time.isKnown else { return nil }
      if !first.isKnown || frame.time < first { first = frame.time }
      if !last.isKnown || last < frame.time { last = frame.time }
    }
    return first.isKnown ? (first, last, reader.linkTypes) : nil
  }
}
