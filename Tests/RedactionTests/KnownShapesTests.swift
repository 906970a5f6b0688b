import Redaction
import Testing

@Suite struct KnownShapesTests {
  @Test(arguments: [
    "sk-0123456789abcdefABCDEF", "sk-ant-api03-Made_Up0123456789-abcDEF",
    "sk-proj-abcDEF0123_456-789xyz",
    "sk-or-v1-0123456789abcdef0123456789abcdef", "AIzaSyMadeUp0123456789-abcdefghijklmnop_",
    "gsk_MadeUp0123456789abcdef", "hf_MadeUpMadeUpMadeUpMadeUp",
    "ghp_MadeUp0123456789abcdefghijklmnop12",
    "gho_MadeUp0123456789abcdefghijklmnop12", "github_pat_11MADEUP0_abcdefghijklmnop",
    "xoxb-123456789012-madeup", "AKIAMADEUP0123456789", "glpat-MadeUp0123456789xyz",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtYWRlIHVwIn0.c2lnbmF0dXJl-_",
    "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYWRlIHVwIn0.",
  ])
  func isFoundAnywhere(key: String) {
    for (before, after) in [
      ("", ""), ("a ", " b"), ("\"", "\""), ("x=", "&y"), ("my-", "!"), ("é", "é"),
    ] {
      var redactor = Redactor()
      #expect(redactor.text(before + key + after) == before + "key#1" + after)
    }
    var redactor = Redactor()
    #expect(redactor.text(#"line\n\#(key)\n"#) == #"line\nkey#1\n"#)
    #expect(redactor.text(#"\u0022\#(key)\u0022"#) == #"\u0022key#1\u0022"#)
    #expect(redactor.text("a%20\(key)%20b") == "a%20key#1%20b")
  }

  @Test(arguments: [
    "sk-", "sk-learn", "sk-1234", "sk-placeholder", "sk-xxxxxxxxxxxxxxxxxxxxxxxx", "AIza", "gsk_x",
    "hf_hub_download", "ghp_short", "xoxb-", "AKIA", "AKIAMADEUP01234567890", "eyJ.eyJ.x",
    "eyJhbGciOiJIUzI1NiJ9", "desk-0123456789abcdef0123", "risk-assessment-of-0123456789abcdef",
  ])
  func proseStays(text: String) {
    var redactor = Redactor()
    #expect(redactor.text("a \(text) b") == "a \(text) b")
  }
}
