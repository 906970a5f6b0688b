import Yams

/// Counts the nodes of a YAML tree as if every alias were replaced by what it stands for.
///
/// The tree comes from a text whose aliases were made plain words; `lines` is the text as it was.
struct AliasCount {
  let lines: [[Unicode.Scalar]]
  /// Nodes so far, aliases expanded; never much above `PolicyDocument.mostNodes`.
  private var total = 0
  private var sizes: [String: Int] = [:]
  /// Where the count went beyond the limit.
  private(set) var excess: Mark?

  init(lines: [String]) {
    self.lines = lines.map { Array($0.unicodeScalars) }
  }

  /// Counts a node and all below it, in the order of the text, as Yams resolves aliases.
  mutating func add(_ node: Node) {
    guard excess == nil else { return }
    let before = total
    total += 1
    switch node {
    case .scalar(let scalar):
      if let mark = scalar.mark, isAlias(at: mark) {
        total += sizes[String(scalar.string.dropFirst())] ?? 0
      }
    case .sequence(let sequence):
      for child in sequence { add(child) }
    case .mapping(let mapping):
      for (key, value) in mapping {
        add(key)
        add(value)
      }
    case .alias: break
    }
    if total > PolicyDocument.mostNodes, excess == nil { excess = node.mark }
    if let anchor = node.anchor { sizes[anchor.rawValue] = total - before }
  }

  private func isAlias(at mark: Mark) -> Bool {
    guard lines.indices.contains(mark.line - 1) else { return false }
    let line = lines[mark.line - 1]
    return line.indices.contains(mark.column - 1) && line[mark.column - 1] == "*"
  }

  /// The bytes that libyaml takes for an anchor's name.
  static func isNameByte(_ byte: UInt8) -> Bool {
    byte == 0x5F || byte == 0x2D || (byte >= 0x30 && byte <= 0x39)
      || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
  }
}
