import Testing

@testable import Replay

/// What asks a model, and nothing that only looks like it.
@Suite struct ModelRoutesTests {
  @Test(arguments: [
    "/chat/completions", "/v1/chat/completions?x=1", "/openai/deployments/gpt-4o/chat/completions",
    "/litellm/v1/messages", "http://h:4000/v1/embeddings", "/v1/responses", "//v1/completions",
    "/v1beta/models/gemini-pro:generateContent", "/v1/messages/count_tokens",
  ]) func aModelIsAsked(_ target: String) { #expect(ModelRoutes.contains(target)) }

  @Test(arguments: [
    "/key/generate", "/%6bey/generate", "//key/generate", "/litellm/key/generate",
    "/cache/flushall",
    "/model/new", "/model/abc/update", "/KEY/generate", "http://h/key/delete", "/",
    "/key/generate?/chat/completions", "/key/generate#/chat/completions",
    "/key/..%2fchat/completions/../generate", "/team/new", "/config/update",
  ]) func nothingElse(_ target: String) { #expect(!ModelRoutes.contains(target)) }
}
