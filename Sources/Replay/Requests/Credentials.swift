internal import HTTP

/// Which keys are sent in the place of those that were.
public struct Credentials: Sendable {
  public enum Source: Sendable, Equatable {
    /// Each recorded key's own stand-in, which opens nothing.
    case standIns
    /// The keys of the capture, where the requests still have them.
    case recorded
    /// This one.
    case key([UInt8])
  }

  public var source: Source
  /// Every request gets the key, whatever it had: this proves a cure, and hides the fault.
  public var isForced: Bool
  /// Keys for some of the recorded ones, by their names in reports: `key#2`.
  public var byName: [String: [UInt8]] = [:]

  public init(_ source: Source = .standIns, isForced: Bool = false) {
    self.source = source
    self.isForced = isForced
  }

  /// A request's head as it is sent.
  ///
  /// Only the value of Host and keys are changed; all other bytes stay.
  ///
  /// - Parameters:
  ///   - host: of the target.
  ///   - prefix: in front of each path.
  /// - Returns: the head, and the names of the fields that were changed or added.
  func head(
    of request: RecordedRequest, host: String, prefix: String
  ) -> (bytes: [UInt8], changed: [String]) {
    let head = MessageHead(request.head[...], isComplete: true)
    var changes: [(range: Range<Int>, bytes: [UInt8])] = []
    var changed: [String] = []
    var hasKey = false
    if !prefix.isEmpty, let target = head.target, target.first == 0x2F {
      changes.append((target.startIndex..<target.startIndex, Array(prefix.utf8)))
      changed.append("target")
    }
    var insertion = head.bytes.firstIndex(of: 0x0A).map { $0 + 1 } ?? head.bytes.count
    for field in head.fields {
      let range = Int(field.value.lowerBound)..<Int(field.value.upperBound)
      if head.isNamed(field, "host") {
        changes.append((range, Array(host.utf8)))
        changed.append("host")
        insertion = (head.bytes[range.upperBound...].firstIndex(of: 0x0A) ?? insertion - 1) + 1
      }
      // A key belongs where LiteLLM looks for one: in a cookie or a referrer it would be given away.
      let isCredential = Self.names.contains { head.isNamed(field, $0) }
      let recorded = isCredential ? request.standIns[Array(head.bytes[range])] : nil
      let given: [UInt8]? = if case .key(let key) = source { key } else { nil }
      guard let key = recorded.flatMap({ byName[$0] }) ?? given else { continue }
      if isForced, isCredential {
        if head.isNamed(field, "authorization") {
          changes.append((range, Array("Bearer ".utf8) + key))
          hasKey = true
        } else {
          // Another key beside it would be a fault of its own.
          changes.append((range, key))
        }
        changed.append(String(decoding: head.name(of: field), as: UTF8.self).lowercased())
      } else if recorded != nil {
        changes.append((range, Self.withKey(Array(head.bytes[range]), key)))
        changed.append(String(decoding: head.name(of: field), as: UTF8.self).lowercased())
      }
    }
    if isForced, !hasKey, case .key(let key) = source {
      let line = Array("Authorization: Bearer ".utf8) + key + [0x0D, 0x0A]
      changes.append((insertion..<insertion, line))
      changed.append("authorization")
    }
    return (HeadEdit.replacing(changes, in: head.bytes), changed)
  }

  private static let names: [StaticString] = [
    "authorization", "x-api-key", "api-key", "x-litellm-api-key", "x-goog-api-key",
    "ocp-apim-subscription-key",
  ]

  /// The scheme stays, if there is one, and so do quotes, which are a fault of their own.
  private static func withKey(_ value: [UInt8], _ key: [UInt8]) -> [UInt8] {
    func isQuote(_ byte: UInt8) -> Bool { byte == 0x22 || byte == 0x27 || byte == 0x60 }
    let start = value.lastIndex(of: 0x20).map { $0 + 1 } ?? 0
    let opening = value[start...].prefix(while: isQuote)
    let closing = value[(start + opening.count)...].reversed().prefix(while: isQuote).reversed()
    return value[..<start] + opening + key + closing
  }
}
