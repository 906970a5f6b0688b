import Testing

@testable import Verdicts

@Suite("A credential header's value is taken apart as LiteLLM does") struct CredentialValueTests {
  private func value(_ text: String, _ scheme: CredentialScheme = .bearer) -> CredentialValue {
    CredentialValue(Array(text.utf8)[...], scheme: scheme)
  }

  @Test(arguments: [
    ("", Verdict.empty), ("Bearer", .schemeOnly), ("Token", .schemeOnly), ("Bearer k", .ok),
    ("bearer k", .ok), ("BEARER k", .wrongScheme), ("BeArEr k", .wrongScheme),
    ("Token k", .wrongScheme), ("Basic k", .wrongScheme), ("Custom k", .wrongScheme),
    ("k", .noScheme), ("Bearer:k", .noScheme), ("Bearerk", .noScheme), ("Bearer\tk", .malformed),
    ("Bearer Bearer k", .doubledScheme), ("Bearer BEARER k", .doubledScheme), ("Bearer  k", .ok),
  ])
  func form(_ text: String, _ form: Verdict) {
    #expect(value(text).form == form)
  }

  @Test(arguments: [
    ("Bearer k", "k"), ("Bearer  k", " k"), ("k", "k"), ("Token k", "k"), ("Bearer Bearer k", "k"),
    ("Bearer a,b", "a,b"),
  ])
  func key(_ text: String, _ key: String) {
    #expect(value(text).key.map { String(decoding: $0, as: UTF8.self) } == key)
  }

  @Test(arguments: [
    ("Bearer k", "Bearer"), ("bearer k", "bearer"), ("BEARER k", "BEARER"), ("Token k", "Token"),
    ("Bearer Bearer k", "Bearer"), ("Bearer", "Bearer"),
  ])
  func scheme(_ text: String, _ scheme: String) {
    #expect(value(text).scheme == scheme)
  }

  @Test func keyAloneHasNoScheme() {
    #expect(value("k").scheme == nil)
  }

  @Test(arguments: [("k", Verdict.ok), ("Bearer k", .wrongScheme), ("", .empty)])
  func whereNoSchemeBelongs(_ text: String, _ form: Verdict) {
    #expect(value(text, .none).form == form)
  }

  @Test(arguments: ["sk-1234", "a.b.c", "abc+/=", "a_b-c~d", "a:b"])
  func charactersOfKeys(_ text: String) {
    #expect(!CredentialValue.isMalformed(Array(text.utf8)))
  }

  @Test(arguments: ["a b", "a\tb", "\"a\"", "'a'", "`a`", "a,b", "a;b", "a\u{01}", "a\u{7F}", "é"])
  func charactersOfNoKey(_ text: String) {
    #expect(CredentialValue.isMalformed(Array(text.utf8)))
  }
}
