/// What LiteLLM's `config.yaml` says, as far as it shows in answers.
public struct ProxyConfiguration: Sendable {
  /// An element of `model_list`.
  public struct Model: Sendable, Equatable {
    /// `model_name`: what clients ask for.
    public var name: String
    /// `litellm_params.model`, with its provider in front: `openai/gpt-4o`.
    public var deployment: String
    /// `litellm_params.mock_response`.
    public var mockResponse: String?
    /// `litellm_params.api_base`.
    public var apiBase: String?
    /// All of `litellm_params`, and `model_info`, where it has one.
    public var parameters: JSONValue
    public var information: JSONValue?

    public init(
      name: String, deployment: String, mockResponse: String? = nil, apiBase: String? = nil,
      parameters: JSONValue = .object([:]), information: JSONValue? = nil
    ) {
      self.name = name
      self.deployment = deployment
      self.mockResponse = mockResponse
      self.apiBase = apiBase
      self.parameters = parameters
      self.information = information
    }
  }

  public var models: [Model] = []
  /// `general_settings.master_key`.
  public var masterKey: String?
  /// `general_settings.litellm_key_header_name`, in lower case.
  public var keyHeaderName: String?
  /// `litellm_settings.drop_params`.
  public var dropsParameters = false
  /// What the stub doesn't know, by its path, once each.
  public var unknownMembers: [String] = []

  public init() {}
}
