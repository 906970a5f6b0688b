/// Where a value stands in a JSON text.
struct JSONPlace: CustomStringConvertible {
  enum Step: Equatable {
    case member(String)
    case element(Int)
  }

  static let root = JSONPlace()
  private(set) var steps: [Step] = []

  func member(_ name: String) -> JSONPlace { appending(.member(name)) }
  func element(_ index: Int) -> JSONPlace { appending(.element(index)) }

  private func appending(_ step: Step) -> JSONPlace {
    var place = self
    place.steps.append(step)
    return place
  }

  /// `$.choices[0].message`
  var description: String {
    steps.reduce(into: "$") { text, step in
      switch step {
      case .member(let name): text += ".\(name)"
      case .element(let index): text += "[\(index)]"
      }
    }
  }
}

/// Which values are meant: the part of RFC 9535 that names members (`.name`), any of them (`.*`),
/// elements (`[0]`, `[*]`), and members at any depth (`..name`).
public struct JSONPath: Sendable, Equatable {
  private enum Part: Sendable, Equatable {
    case member(String)
    case element(Int)
    case anyMember, anyElement
    /// Any number of steps.
    case deep
  }

  private let parts: [Part]

  public init?(_ text: String) {
    guard text.hasPrefix("$") else { return nil }
    var parts: [Part] = []
    var rest = text.dropFirst()
    while let first = rest.first {
      if first == "[" {
        guard let end = rest.firstIndex(of: "]") else { return nil }
        let inside = rest[rest.index(after: rest.startIndex)..<end]
        if inside == "*" {
          parts.append(.anyElement)
        } else if let index = Int(inside) {
          parts.append(.element(index))
        } else {
          return nil
        }
        rest = rest[rest.index(after: end)...]
      } else if first == "." {
        rest = rest.dropFirst()
        if rest.first == "." {
          parts.append(.deep)
          rest = rest.dropFirst()
        }
        let name = rest.prefix { $0 != "." && $0 != "[" }
        guard !name.isEmpty else { return nil }
        parts.append(name == "*" ? .anyMember : .member(String(name)))
        rest = rest.dropFirst(name.count)
      } else {
        return nil
      }
    }
    self.parts = parts
  }

  func matches(_ place: JSONPlace) -> Bool { Self.match(parts[...], place.steps[...]) }

  private static func match(_ parts: ArraySlice<Part>, _ steps: ArraySlice<JSONPlace.Step>) -> Bool
  {
    guard let part = parts.first else { return steps.isEmpty }
    if part == .deep {
      return steps.indices.contains { match(parts.dropFirst(), steps[$0...]) }
    }
    guard let step = steps.first else { return false }
    let isMeant: Bool =
      switch (part, step) {
      case (.member(let name), .member(let other)): name == other
      case (.element(let index), .element(let other)): index == other
      case (.anyMember, .member), (.anyElement, .element): true
      default: false
      }
    return isMeant && match(parts.dropFirst(), steps.dropFirst())
  }
}
