@testable internal import Verdicts

/// What is read of policies and of the command line: YAML, patterns, expressions, key sources.
///
/// The first byte of an input says what the rest is read as.
enum PolicyTarget: FuzzTarget {
  private struct Subject: WhereSubject {
    func whereValue(_ field: WhereField) -> WhereValue {
      switch field {
      case .status, .id, .connection: .number(401)
      case .duration: .seconds(2.5)
      case .anomaly: .texts(["tcp.gap", "http.obs-fold"])
      case .header: .unknown
      case .responseHeader: .absent
      default: .text("GET /model/info?x=1")
      }
    }
  }

  static func run(_ input: [UInt8]) {
    let text = String(decoding: input.dropFirst(), as: UTF8.self)
    switch (input.first ?? 0) % 6 {
    case 0: readPolicy(Array(input.dropFirst()))
    case 1: readPattern(text)
    case 2: matchGlob(text)
    case 3: evaluate(text)
    case 4: if let source = try? ExpectedKeySource.parse(text) { _ = "\(source)" }
    default: if let selector = try? ProxySelector(text) { _ = selector.description }
    }
  }

  private static func readPolicy(_ bytes: [UInt8]) {
    do throws(PolicyError) {
      let policy = try PolicyReader.read(bytes: bytes, file: "keywitness.yml")
      for pattern in policy.requires.map(\.pattern) {
        _ = pattern.matches(method: "GET", target: "/model/info?x=1")
      }
    } catch {
      requireShowable("\(error)")
      requireShowable(error.caretExcerpt ?? "")
    }
  }

  private static func readPattern(_ text: String) {
    do throws(RequestPatternError) {
      let pattern = try RequestPattern(text)
      for target in ["/model/info", "http://a/b?c", "*", "a:1", "", text] {
        _ = pattern.matches(method: "GET", target: target)
      }
      let again = try RequestPattern(pattern.description)
      require(again.description == pattern.description, "a pattern reads as it is written")
    } catch {
      requireShowable("\(error)")
    }
  }

  /// A pattern, a line feed, and what it is matched with.
  private static func matchGlob(_ text: String) {
    let parts = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    let subject = parts.count > 1 ? String(parts[1]) : text
    for mode in [Glob.Mode.path, .text] {
      guard let glob = try? Glob(String(parts[0]), mode: mode) else { continue }
      let matches = glob.matches(subject)
      if glob.isLiteral { require(!matches || !subject.isEmpty, "an empty text matches nothing") }
      if parts[0].allSatisfy({ $0 == "*" }), mode == .text {
        require(matches, "a star matches everything")
      }
    }
  }

  private static func evaluate(_ text: String) {
    do throws(WhereError) {
      let expression = try WhereExpression(text)
      let value = expression.evaluate(Subject())
      let opposite = try WhereExpression("not (\(text))").evaluate(Subject())
      require(opposite == value.map { !$0 }, "not turns yes and no around, and leaves unknown")
      require(expression.matches(Subject()) == (value == true), "only yes is a match")
    } catch {
      requireShowable("\(error)")
      requireShowable(error.caretExcerpt)
    }
  }

  private static func requireShowable(_ text: String) {
    let isShowable = text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x0A }
    require(isShowable, "an error shows no control bytes: \(Array(text.utf8))")
  }

  static var seeds: [[UInt8]] {
    let policy = """
      schema: keywitness-policy/1
      proxy: [litellm:4000, ":4001", any]
      expect: env:LITELLM_MASTER_KEY
      credential: {header: [Authorization, X-Api-Key], scheme: none, placeholders: [mine, 1234]}
      require:
        - path: /model/info
        - {request: POST /chat/completions}
      exempt:
        - request: "* /health/**"
          reason: probes
        - {method: OPTIONS, path: "*"}
      rules:
        - id: team-key-on-chat
          match: {path: /chat/completions, user_agent: "OpenAI/*"}
          credential: {expect: "file:.env#TEAM_KEY", header: x-api-key, scheme: Bearer}
        - id: no-auth-failures
          match: {path: "/**"}
          response: {status: {not: [401, 403]}}
      """
    let texts: [(UInt8, String)] = [
      (0, policy), (0, "proxy: \"a\nexpect: &a [*a, *a]\n"), (0, "\u{FEFF}proxy: any\r\n---\r\n"),
      (0, "a: &a {<<: *a}\nrequire: !!binary aGVsbG8=\n"), (1, "GET /model/info"),
      (1, "{GET,POST} /**/chat/*"), (1, "* http://[::1]:4000/[a-z]?x=*"), (2, "/a/**/b\n/a/x/b"),
      (2, "[!a-z]*?\\*\n1*"), (3, "status>=400 and not (path=/model/* or verdict!=ok)"),
      (3, "header.user-agent~openai duration>2500ms anomaly=tcp.* id<3"),
      (3, "status=4xx or \"a b\"=c"), (4, "env:NAME"), (4, "file:.env#TEAM_KEY"),
      (4, "sha256:" + String(repeating: "0a", count: 32)), (5, "https://u:p@host:4000/v1"),
      (5, "[::1]:4000"), (5, ":4000"),
    ]
    return texts.map { [$0.0] + $0.1.utf8 }
  }
}
