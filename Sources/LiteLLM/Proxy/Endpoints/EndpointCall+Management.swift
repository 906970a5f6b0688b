internal import Redaction

/// Routes that manage keys, users, teams and models: what they say without a database, and little
/// with one.
extension EndpointCall {
  private static let noDatabase =
    "Database not connected. Connect a database to your proxy - "
    + "https://docs.litellm.ai/docs/simple_proxy#managing-auth---virtual-keys"

  func management() -> ProxyAnswer {
    switch endpoint {
    case .keyInfo:
      return hasDatabase
        ? Refusal.error(
          404, "Key not found in database", type: "not_found_error", param: #""key""#)
        : disconnected()
    case .keyGenerate:
      if virtualKey != nil { return Refusal.onlyAdmin(request.path, profile) }
      return hasDatabase
        ? generatedKey()
        : profile == .v76
          ? serverError(
            "Internal Server Error, Connect Proxy to database to generate keys - "
              + "https://docs.litellm.ai/docs/proxy/virtual_keys ")
          : serverError("{'error': '\(Self.needsDatabase)'}")
    case .other(let endpoint): return other(endpoint)
    default: return Refusal.detail(404, "Not Found")
    }
  }

  private func other(_ endpoint: OtherEndpoint) -> ProxyAnswer {
    switch endpoint.path {
    case "/":
      return ProxyAnswer(
        status: 200, fields: [("content-type", "text/html; charset=utf-8")],
        content: .bytes(
          Array("<!DOCTYPE html>\n<title>LiteLLM API, answered by a stub</title>\n".utf8)))
    case "/test": return ProxyAnswer(status: 200, json: #"{"route":"/test"}"#)
    case "/routes": return ProxyAnswer(status: 200, json: #"{"routes":[]}"#)
    case "/key/list":
      return hasDatabase
        ? ProxyAnswer(
          status: 200, json: #"{"keys":[],"total_count":0,"current_page":1,"total_pages":0}"#)
        : Refusal.error(
          500, "Authentication Error, Database not connected", type: "internal_server_error",
          param: #""None""#)
    case "/user/info":
      return hasDatabase ? serverError("list index out of range") : disconnected()
    case "/team/list", "/v2/team/list":
      let message =
        profile == .v76
        ? "DB not connected. See https://docs.litellm.ai/docs/proxy/virtual_keys"
        : Self.needsDatabase
      return hasDatabase
        ? ProxyAnswer(status: 200, json: "[]")
        : ProxyAnswer(status: 400, json: #"{"detail":{"error":\#(JSONText.quoted(message))}}"#)
    case "/model/new":
      return newModel()
    case "/utils/token_counter":
      let model = JSONText.quoted(body["model"]?.string ?? "")
      return ProxyAnswer(
        status: 200,
        json: #"{"total_tokens":\#(promptTokens),"request_model":\#(model),"model_used":\#(model),"#
          + #""tokenizer_type":"openai_tokenizer","#
          + (profile == .v76
            ? #""original_response":null}"#
            : #""count_source":"local_estimate","original_response":null,"error":false,"#
              + #""error_message":null,"status_code":null}"#))
    case "/utils/supported_openai_params":
      return ProxyAnswer(
        status: 200,
        json: #"{"supported_openai_params":["frequency_penalty","logit_bias","logprobs","#
          + #""top_logprobs","max_tokens","max_completion_tokens","n","presence_penalty","seed","#
          + #""stop","stream","stream_options","temperature","top_p","tools","tool_choice","#
          + #""response_format","user"]}"#)
    default:
      return virtualKey != nil && endpoint.operation.isOnlyForAdmins
        ? Refusal.onlyAdmin(request.path, profile) : recorded(endpoint)
    }
  }

  /// What LiteLLM answered here to a request with nothing in it, made to fit this one.
  private func recorded(_ endpoint: OtherEndpoint) -> ProxyAnswer {
    let answer = endpoint.allowed(profile)
    guard case .bytes(let bytes) = answer.content,
      let document = try? RequestJSON.parse(bytes)
    else { return answer }
    if answer.status == 422, let details = document["detail"]?.array,
      details.allSatisfy({ $0["type"]?.string == "missing" })
    {
      return missing(details)
    }
    // It asks for one parameter after the other, and then its provider, which nobody reaches here.
    if answer.status == 400, let parameter = document["error"]?["param"]?.string,
      body[parameter] != nil
    {
      return Refusal.error(
        500,
        "litellm.InternalServerError: InternalServerError: OpenAIException - Connection error.",
        type: "internal_server_error")
    }
    return answer
  }

  /// FastAPI's list of the parameters that a request lacks.
  private func missing(_ details: [JSONValue]) -> ProxyAnswer {
    var lacking: [String] = []
    for detail in details {
      let place = detail["loc"]?.array?.compactMap(\.string) ?? []
      if place.first == "body", request.body.isEmpty {
        lacking = [Self.fieldRequired(["body"], input: profile == .v76 ? "null" : nil)]
        break
      }
      guard let name = place.dropFirst().first else { continue }
      let isThere = place[0] == "query" ? query(name) != nil : body[name] != nil
      if !isThere {
        let input = place[0] == "query" ? "null" : "{}"
        lacking.append(Self.fieldRequired(place, input: profile == .v76 ? input : nil))
      }
    }
    return lacking.isEmpty
      ? disconnected()
      : ProxyAnswer(status: 422, json: #"{"detail":[\#(lacking.joined(separator: ","))]}"#)
  }

  private static func fieldRequired(_ place: [String], input: String?) -> String {
    let names = place.map(JSONText.quoted).joined(separator: ",")
    let echo = input.map { #","input":\#($0)"# } ?? ""
    return #"{"type":"missing","loc":[\#(names)],"msg":"Field required"\#(echo)}"#
  }

  private func newModel() -> ProxyAnswer {
    let status = virtualKey == nil ? 500 : 403
    let message =
      virtualKey != nil
      ? "'User does not have permission to make this model call. Your role=internal_user. You can "
        + "only make model calls if you are a PROXY_ADMIN or if you are a team admin, by "
        + "specifying a team_id in the model_info.'"
      : hasDatabase
        ? "\"Set `'STORE_MODEL_IN_DB='True'` in your env to enable this feature.\""
        : "\"No DB Connected. Here's how to do it - "
          + "https://docs.litellm.ai/docs/proxy/virtual_keys\""
    return Refusal.error(
      status, "{'error': \(message)}", type: "auth_error", param: #""None""#)
  }

  /// 1.76 puts a title in front of its errors.
  private func disconnected() -> ProxyAnswer {
    serverError((profile == .v76 ? "Internal Server Error, " : "") + Self.noDatabase)
  }

  private func serverError(_ message: String) -> ProxyAnswer {
    Refusal.error(
      500, message, type: "internal_server_error",
      param: profile == .v76 ? #""None""# : "null")
  }

  private func generatedKey() -> ProxyAnswer {
    let identity = AnswerIdentity(self)
    return ProxyAnswer(
      status: 200,
      json: #"{"key_alias":null,"duration":null,"models":[],"spend":0.0,"max_budget":null,"#
        + #""user_id":null,"team_id":null,"key":"sk-\#(identity.hex(1, count: 22))","#
        + #""expires":null}"#)
  }
}
