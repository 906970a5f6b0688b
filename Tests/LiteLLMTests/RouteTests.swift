import Testing

@testable import LiteLLM

@Suite("LiteLLM's routes are known") struct RouteTests {
  @Test(arguments: [
    "/", "/routes", "/health/liveliness", "/health/liveness", "/health/readiness", "/test",
    "/config/yaml", "/litellm/.well-known/litellm-ui-config",
    "/.well-known/litellm-ui-config", "/public/model_hub", "/public/agent_hub",
    "/public/litellm_model_cost_map", "/openapi.json", "/redoc", "/sso/key/generate",
  ])
  func needsNoKey(_ path: String) {
    #expect(Route.isPublic(path))
  }

  @Test(arguments: [
    "/health", "/model/info", "/v1/model/info", "/v2/model/info", "/model_group/info", "/models",
    "/v1/models", "/chat/completions", "/metrics", "/health/liveliness/", "/Health/liveliness",
    "/publicx", "/health/livelinessx", "/key/generate", "/docs",
  ])
  func needsAKey(_ path: String) {
    #expect(!Route.isPublic(path))
  }

  @Test(arguments: [
    "/chat/completions", "/v1/chat/completions", "/v1/messages", "/v1/messages/count_tokens",
    "/v1/embeddings", "/v1/responses", "/responses/resp_1", "/v1/models", "/models/gpt-4o",
    "/openai/v1/chat/completions", "/model/info", "/v1/completions", "/v1/images/generations",
    "/v1/audio/speech", "/v1/moderations", "/rerank", "/v1/realtime",
  ])
  func isOfAModelAPI(_ path: String) {
    #expect(Route.isModelAPI(path))
  }

  @Test(arguments: [
    "/", "/index.html", "/chat", "/v1", "/v1/", "/chat/completionsx", "/x/chat/completions",
    "/health", "/favicon.ico",
  ])
  func isOfNoModelAPI(_ path: String) {
    #expect(!Route.isModelAPI(path))
  }

  @Test(arguments: ["/model/info", "/v1/model/info", "/v2/model/info", "/model_group/info"])
  func isLiteLLMsOwn(_ path: String) {
    #expect(Route.isLiteLLMsOwn(path))
  }

  @Test(arguments: [
    "/models", "/v1/models", "/chat/completions", "/model/info/x", "/v3/model/info",
  ])
  func isNotLiteLLMsOwn(_ path: String) {
    #expect(!Route.isLiteLLMsOwn(path))
  }
}
