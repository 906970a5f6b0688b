internal import Exchanges
internal import HTTP
internal import Wire

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// JSON that anybody may have sent, decoded within bounds.
enum JSONContent {
  /// The largest content that is decoded, in bytes.
  static let sizeLimit = 64 << 20

  enum Failure: Error {
    /// Deeper than ``JSONScan/depthLimit``.
    case tooDeep
    /// More than ``JSONScan/valueLimit`` values.
    case tooLarge
    /// Not JSON, or not of this shape.
    case unreadable
    /// A member that counts is there twice.
    case repeated
  }

  /// - Parameters:
  ///   - names: of members of which there may be only one.
  ///   - plain: reads what is written as usual, which takes a fraction of the time; `nil` where it isn't.
  static func decode<Value: Decodable>(
    _ type: Value.Type, _ bytes: [UInt8], repeatsOf names: [[UInt8]] = [],
    plain: ([UInt8]) -> Value? = { _ in nil }
  ) throws(Failure) -> Value {
    let scan = JSONScan(bytes, repeatsOf: names)
    if scan.isTooDeep { throw .tooDeep }
    if scan.isTooLarge { throw .tooLarge }
    if scan.hasRepeats { throw .repeated }
    if let value = plain(bytes) { return value }
    do {
      return try JSONDecoder().decode(Value.self, from: Data(bytes))
    } catch {
      throw .unreadable
    }
  }

  /// The content of a message, codings undone: present only where all of it is there.
  static func whole(_ message: Message, in store: CaptureStore) -> Fact<[UInt8]> {
    guard message.headState == .complete else { return .unknown(message.headDoubt ?? .cut) }
    switch message.bodyState {
    case .none: return .absent
    case .gap: return .unknown(.hole)
    case .cut: return .unknown(.cut)
    case .complete: break
    }
    guard message.bytes <= sizeLimit,
      let content = message.content(in: store, limit: sizeLimit + 1),
      content.count <= sizeLimit
    else { return .unknown(.cap) }
    return .present(content)
  }

  /// Whether it is for its size alone that a content wasn't decoded: what else stops a decoder is
  /// counted by those who make its digest.
  static func isTooLarge(_ message: Message, _ reason: UnknownReason) -> Bool {
    reason == .cap && ContentDecoder(for: message.head).isIdentity
  }
}

/// The name of a member, as it is written.
struct MemberName: CodingKey, ExpressibleByStringLiteral {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringLiteral name: String) { stringValue = name }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension KeyedDecodingContainer {
  /// A member where it is there and of this type: one odd member doesn't make the others unreadable.
  func lenient<Value: Decodable>(_ type: Value.Type, _ key: Key) -> Value? {
    (try? decodeIfPresent(type, forKey: key)) ?? nil
  }
}
