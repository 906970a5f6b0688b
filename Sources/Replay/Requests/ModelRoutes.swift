/// Routes that ask a model, whatever stands in front of them: a version, a deployment, a server's root.
///
/// Narrower than `CallRoute`, which says what a request means: what keeps something on the server
/// (files, batches, threads) isn't sent unasked, nor what two servers may read as different paths.
enum ModelRoutes {
  private static let names: Set<String> = [
    "chat/completions", "completions", "embeddings", "responses", "messages", "moderations",
    "messages/count_tokens", "images/generations", "images/edits", "audio/transcriptions",
    "audio/translations", "audio/speech", "rerank", "utils/token_counter",
    "utils/transform_request",
  ]

  /// - Parameter target: of a request: its path, or a whole URL, with a query.
  static func contains(_ target: String) -> Bool {
    let segments = path(target).split(separator: "/").map { decoded($0).lowercased() }
    // What is hidden in a segment is another path to who decodes it.
    guard !segments.contains(where: { $0.contains("/") || $0 == ".." || $0.contains("%") }) else {
      return false
    }
    if let last = segments.last, last.contains(":"), segments.dropLast().last == "models" {
      return last.hasSuffix(":generatecontent") || last.hasSuffix(":streamgeneratecontent")
        || last.hasSuffix(":counttokens")
    }
    return [1, 2].contains { names.contains(segments.suffix($0).joined(separator: "/")) }
  }

  private static func path(_ target: String) -> Substring {
    var rest = target[...]
    if let scheme = rest.firstRange(of: "://") {
      rest = rest[scheme.upperBound...].drop { $0 != "/" }
    }
    return rest.prefix { $0 != "?" && $0 != "#" }
  }

  private static func decoded(_ segment: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(segment.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == 0x25, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
