import HTTP
import Testing

@testable import LiteLLM

@Suite("The target tells what is asked for") struct CallRouteTests {
  @Test(arguments: [
    ("/chat/completions", CallOperation.chat), ("/v1/chat/completions", .chat),
    ("/v1/chat/completions?api-version=1", .chat), ("/openai/v1/chat/completions", .chat),
    ("https://llm.example/v1/chat/completions", .chat), ("/base/v1/chat/completions", .chat),
    ("/proxy/chat/completions", .chat), ("/v1/messages", .chat), ("/anthropic/v1/messages", .chat),
    ("/v1/messages/count_tokens", .countTokens), ("/completions", .textCompletion),
    ("/v1/completions", .textCompletion), ("/v1/embeddings", .embeddings),
    ("/v1/responses", .responses), ("/responses/resp_1", .responses), ("/v1/models", .models),
    ("/models/gpt-4o", .models), ("/model/info", .modelInfo), ("/v1/model/info", .modelInfo),
    ("/v1/images/generations", .imageGeneration), ("/v1/images/edits", .imageEdit),
    ("/v1/audio/speech", .speech), ("/v1/audio/transcriptions", .transcription),
    ("/v1/audio/translations", .translation), ("/v1/moderations", .moderation),
    ("/v2/rerank", .rerank), ("/v1/realtime?model=x", .realtime), ("/v1/batches", .batches),
    ("/v1/chat/%63ompletions", .chat), ("/v1/chat%2Fcompletions", .chat),
    ("/v1%2fchat/completions?x=%2F", .chat), ("/v1/threads/t1/messages", .threads),
    ("/v1beta/models/g:generateContent", .generateContent),
  ])
  func operation(_ target: String, _ operation: CallOperation) {
    #expect(CallRoute(target: target)?.operation == operation)
  }

  @Test(arguments: [
    "/", "", "*", "/health", "/key/generate", "/messages/1", "/chat", "/v1", "/v1/v2",
    "/completion",
    "/chat/completions/x/y", "/user/messages", "http://", "/openai/deployments/x",
    "/v1/chat/%+63ompletions", "/v1/chat%252Fcompletions",
  ])
  func noCall(_ target: String) {
    #expect(CallRoute(target: target) == nil || target.hasPrefix("/chat/completions/"))
  }

  @Test(arguments: [
    ("/openai/deployments/my%20gpt/chat/completions?api-version=2", "my gpt"),
    ("/engines/davinci/completions", "davinci"),
    ("/openai/deployments/openai%2Fgpt-4o/chat/completions", "openai/gpt-4o"),
    ("/openai/deployments/openai/gpt-4o/chat/completions", "openai/gpt-4o"),
    ("/v1beta/models/gemini-2:streamGenerateContent?alt=sse", "gemini-2"),
    ("/gemini/v1beta/models/gemini-2:embedContent", "gemini-2"),
  ])
  func model(_ target: String, _ model: String) {
    #expect(CallRoute(target: target)?.model == model)
  }

  @Test func modelInTheQuery() {
    let route = CallRoute(target: "/v1/realtime?a=b&model=gpt%2D4o")
    #expect(route?.queryModel == .present("gpt-4o"))
    #expect(route?.model(asked: .absent) == .present("gpt-4o"))
  }

  @Test func streamInThePath() {
    #expect(CallRoute(target: "/v1beta/models/g:streamGenerateContent")?.isStream == true)
    #expect(CallRoute(target: "/v1beta/models/g:generateContent")?.isStream == false)
  }

  @Test func manySegmentsTakeNoTime() {
    #expect(CallRoute(target: String(repeating: "/v1", count: 100_000)) == nil)
  }
}
