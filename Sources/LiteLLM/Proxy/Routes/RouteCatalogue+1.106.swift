// Made by Scripts/conformance --routes; asked of LiteLLM itself.

extension RouteCatalogue {
  static let v106 = RouteCatalogue(
    #"""
    200 text/html;charset=utf-8
    404 application/json {"detail":"Not Found"}
    200 application/json {"keys":[]}
    200 application/json {"contract_version":1,"issuer":"http://HOST","authorization_endpoint":"http://HOST/authorize","token_endpoint":"http://HOST/token","registration_endpoint":"http://HOST/register","revocation_endpoint":"http://HOST/revoke","resource":"http://HOST","response_types_supported":["code"],"grant_types_supported":["authorization_code","refresh_token"],"code_challenge_methods_supported":["S256"],"token_endpoint_auth_methods_supported":["none"],"revocation_endpoint_auth_methods_supported":["none"]}
    200 application/json {"server_root_path":"","proxy_base_url":null,"auto_redirect_to_sso":false,"admin_ui_disabled":false,"sso_configured":false,"hide_default_credentials_hint":false,"is_control_plane":false,"mcp_stdio_enabled":false,"workers":[]}
    200 application/json {"issuer":"http://HOST","authorization_endpoint":"http://HOST/v1/mcp/oauth/authorize","token_endpoint":"http://HOST/v1/mcp/oauth/token","response_types_supported":["code"],"grant_types_supported":["authorization_code"],"code_challenge_methods_supported":["S256"]}
    200 application/json {"issuer":"http://HOST/mcp","authorization_endpoint":"http://HOST/authorize/mcp-session","token_endpoint":"http://HOST/token","introspection_endpoint":"http://HOST/introspect","registration_endpoint":"http://HOST/register","response_types_supported":["code"],"scopes_supported":[],"grant_types_supported":["authorization_code","refresh_token"],"code_challenge_methods_supported":["S256"],"token_endpoint_auth_methods_supported":["none","client_secret_post"]}
    404 application/json {"detail":"MCP server '{mcp_server_name}' is not an OAuth authorization server"}
    200 application/json {"resource":"http://HOST","authorization_servers":["http://HOST/mcp"],"scopes_supported":[]}
    200 application/json {"authorization_servers":["http://HOST/mcp"],"resource":"http://HOST/mcp","scopes_supported":[]}
    404 application/json {"detail":"MCP server '{mcp_server_name}' is not an OAuth-protected resource"}
    200 application/json {"issuer":"http://HOST","authorization_endpoint":"http://HOST/authorize","token_endpoint":"http://HOST/token","response_types_supported":["code"],"scopes_supported":[],"grant_types_supported":["authorization_code","refresh_token"],"code_challenge_methods_supported":["S256"],"token_endpoint_auth_methods_supported":["client_secret_post"],"registration_endpoint":"http://HOST/register"}
    400 application/json {"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Invalid Request: jsonrpc must be '2.0'"}}
    404 application/json {"detail":"Agent '{agent_id}' not found"}
    500 application/json {"detail":{"error":"Database not connected."}}
    422 application/json {"detail":[{"type":"missing","loc":["body","access_group"],"msg":"Field required"}]}
    200 application/json {}
    404 application/json {"detail":{"error":"No adaptive_router is configured on this proxy."}}
    422 application/json {"detail":[{"type":"missing","loc":["body","ip"],"msg":"Field required"}]}
    500 application/json {"detail":{"error":"DB not connected. This endpoint needs a database; set DATABASE_URL to a PostgreSQL connection string (postgresql://...) to enable it. See https://docs.litellm.ai/docs/proxy/virtual_keys"}}
    401 application/json {"detail":"No Anthropic credential is configured on this proxy and the request carried no upstream Anthropic credential. The LiteLLM virtual key is not forwarded to Anthropic. Configure an Anthropic credential (ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN, or a model with use_in_pass_through: true), or send your own Anthropic API key in the x-api-key header or your own Anthropic OAuth token in the Authorization header."}
    200 application/json {"status":"ok"}
    200 application/json []
    503 application/json {"detail":"LITELLM_SALT_KEY is not configured; plugin iframe auth unavailable."}
    422 application/json {"detail":[{"type":"missing","loc":["body","guardrail_name"],"msg":"Field required"},{"type":"missing","loc":["body","text"],"msg":"Field required"}]}
    500 application/json {"error":{"message":"Cannot connect to host api.assemblyai.com:443 ssl:<ssl.SSLContext object at 0x0> [Name or service not known]","type":"internal_server_error","param":null,"code":"500"}}
    500 application/json {"error":{"message":"'custom_llm_provider' must be set. Either via:\n `Router(assistants_config={'custom_llm_provider': ..})` \nor\n `router.arun_thread(custom_llm_provider=..)`","type":"None","param":"None","code":"500"}}
    400 application/json {"error":{"message":"/audio/speech: Missing required parameter: 'input'.","type":"invalid_request_error","param":"input","code":"400"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","file"],"msg":"Field required"}]}
    500 application/json {"detail":{"message":"DB not connected. This endpoint needs a database; set DATABASE_URL to a PostgreSQL connection string (postgresql://...) to enable it. See https://docs.litellm.ai/docs/proxy/virtual_keys"}}
    422 application/json {"detail":[{"type":"missing","loc":["query","redirect_uri"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","flow"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["query","flow"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["query","redirect_uri"],"msg":"Field required"},{"type":"missing","loc":["query","client_id"],"msg":"Field required"}]}
    503 application/json {"detail":"Auto-router availability is unavailable"}
    500 application/json {"detail":"DB not connected. This endpoint needs a database; set DATABASE_URL to a PostgreSQL connection string (postgresql://...) to enable it. See https://docs.litellm.ai/docs/proxy/virtual_keys"}
    422 application/json {"detail":[{"type":"missing","loc":["query","session_id"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","shadow_percentage"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","complexity_router_config"],"msg":"Field required"}]}
    500 application/json {"error":{"message":"Internal server error","type":"internal_server_error"}}
    400 application/json {"detail":"Unsupported Azure Speech path: /{endpoint}. Supported prefixes are /speech/ and /speechtotext/; set AZURE_SPEECH_REGION or AZURE_SPEECH_API_BASE in the proxy environment."}
    500 application/json {"error":{"message":"Connection error.","type":"internal_server_error","param":null,"code":"500"}}
    400 application/json {"error":{"message":"/batches: Missing required parameter: 'input_file_id'.","type":"invalid_request_error","param":"input_file_id","code":"400"}}
    400 application/json {"detail":{"error":"'model' keyword not found and unable to extract model from endpoint. Expected format: /model/{modelId}/{action}. Got: {endpoint}"}}
    400 application/json {"error":{"message":"bespoke model must be one of nimble-latest, nimble, bespokelabs/Bespoke-Nimble-9B","type":"auth_error","param":"None","code":"400"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","id"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","budgets"],"msg":"Field required"}]}
    400 application/json {"detail":{"error":"DB not connected. This endpoint needs a database; set DATABASE_URL to a PostgreSQL connection string (postgresql://...) to enable it. See https://docs.litellm.ai/docs/proxy/virtual_keys"}}
    422 application/json {"detail":[{"type":"missing","loc":["query","budget_id"],"msg":"Field required"}]}
    500 application/json {"detail":"Cache Delete Failed(503: Cache not initialized. litellm.cache is None)"}
    503 application/json {"detail":"Service Unhealthy (503: Cache not initialized. litellm.cache is None)"}
    503 application/json {"error":{"message":"{\"message\": \"Cache not initialized. litellm.cache is None\", \"litellm_cache_params\": \"{}\", \"health_check_cache_params\": \"{}\"}","type":"cache_ping_error","param":"cache_ping","code":"503"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","cache_settings"],"msg":"Field required"}]}
    400 text/html;charset=utf-8 <html><body><h2>Authentication failed</h2><p><strong>Error:</strong> invalid_request</p><p>Missing authorization &#x27;code&#x27; and &#x27;state&#x27; parameter(s).</p><p>You can close this window and try again.</p></body></html>
    200 application/json {"success":["sync_deployment_callback_on_success","deployment_callback_on_success"],"failure":["async_deployment_callback_on_failure","deployment_callback_on_failure"],"success_and_failure":["ResponsesIDSecurity","PromptCacheObserver","_PROXY_CacheControlCheck","_PROXY_MaxParallelRequestsHandler_v3","ServiceLogging","SkillsInjectionHook","_PROXY_MaxBudgetPerSessionHandler","_PROXY_VirtualKeyModelMaxBudgetLimiter","_PROXY_SensitiveDataRoutingHandler","_PROXY_MaxIterationsHandler"]}
    400 application/json {"error":{"message":"/chat/completions: Missing required parameter: 'messages'.","type":"invalid_request_error","param":"messages","code":"400"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","source"],"msg":"Field required"},{"type":"missing","loc":["body","name"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","source"],"msg":"Field required"}]}
    500 application/json {"detail":{"error":"Failed to perform CloudZero dry run export: Database not connected. Connect a database to your proxy - https://docs.litellm.ai/docs/simple_proxy#managing-auth---virtual-keys"}}
    500 application/json {"detail":{"error":"Failed to perform CloudZero export: 500: {'error': 'DB not connected. This endpoint needs a database; set DATABASE_URL to a PostgreSQL connection string (postgresql://...) to enable it. See https://docs.litellm.ai/docs/proxy/virtual_keys'}"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","api_key"],"msg":"Field required"},{"type":"missing","loc":["body","connection_id"],"msg":"Field required"}]}
    400 application/json {"detail":{"error":"At least one field must be provided for update"}}
    500 application/json {"error":{"message":"Cannot connect to host api.cohere.com:443 ssl:<ssl.SSLContext object at 0x0> [Name or service not known]","type":"internal_server_error","param":null,"code":"500"}}
    400 application/json {"error":{"message":"/completions: Missing required parameter: 'prompt'.","type":"invalid_request_error","param":"prompt","code":"400"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","request_id"],"msg":"Field required"}]}
    400 application/json {"detail":"Expected an X-Amz-Target header of the form ComprehendMedical_20181030.<Operation>"}
    400 application/json {"detail":"Unsupported Comprehend Medical operation: {operation}. Supported operations: DetectEntitiesV2, DetectPHI, InferICD10CM, InferRxNorm, InferSNOMEDCT"}
    200 application/json {"enabled":false}
    422 application/json {"detail":[{"type":"missing","loc":["body","enabled"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["query","endpoint_id"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","path"],"msg":"Field required"},{"type":"missing","loc":["body","target"],"msg":"Field required"}]}
    400 application/json {"detail":"CyberArk is not configured. Save a configuration first."}
    400 application/json {"detail":"Hashicorp Vault is not configured. Save a configuration first."}
    500 application/json {"error":{"message":"litellm.InternalServerError: InternalServerError: OpenAIException - Cannot connect to host api.openai.com:443 ssl:<ssl.SSLContext object at 0x0> [Name or service not known]","type":"internal_server_error","param":null,"code":"500"}}
    400 application/json {"error":{"message":"/containers: Missing required parameter: 'name'.","type":"invalid_request_error","param":"name","code":"400"}}
    500 application/json {"error":{"message":"litellm.APIConnectionError: APIConnectionError: OpenAIException - Cannot connect to host api.openai.com:443 ssl:<ssl.SSLContext object at 0x0> [Name or service not known]","type":"internal_server_error","param":null,"code":"500"}}
    400 application/json {"detail":"Missing required 'file' field"}
    422 application/json {"detail":[{"type":"missing","loc":["body","settings"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","model"],"msg":"Field required"},{"type":"missing","loc":["body","input_tokens"],"msg":"Field required"},{"type":"missing","loc":["body","output_tokens"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","current_deployment_id"],"msg":"Field required"},{"type":"missing","loc":["body","candidate_deployment_id"],"msg":"Field required"},{"type":"missing","loc":["body","request"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["query","start_date"],"msg":"Field required"},{"type":"missing","loc":["query","end_date"],"msg":"Field required"}]}
    200 application/json {"success":true,"credentials":[]}
    422 application/json {"detail":[{"type":"value_error","loc":["body"],"msg":"Value error, Either credential_values or model_id must be set"}]}
    404 application/json {"error":{"message":"Model not found","type":"internal_server_error","param":null,"code":"404"}}
    404 application/json {"error":{"message":"Credential not found. Got credential name: {credential_name}","type":"internal_server_error","param":null,"code":"404"}}
    500 application/json {"error":{"message":"{'error': 'DB not connected. This endpoint needs a database; set DATABASE_URL to a PostgreSQL connection string (postgresql://...) to enable it. See https://docs.litellm.ai/docs/proxy/virtual_keys'}","type":"internal_server_error","param":null,"code":"500"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","credential_info"],"msg":"Field required"}]}
    404 application/json {"detail":{"error":"No anthropic credential named '{credential_name}'."}}
    400 application/json {"error":{"message":"/responses: Missing required parameter: 'input'.","type":"invalid_request_error","param":"input","code":"400"}}
    200 application/json {"data":[{"id":"demo-chat","object":"model","created":1677610602,"owned_by":"openai","mode":"chat","max_input_tokens":128000,"max_output_tokens":16384},{"id":"demo-claude","object":"model","created":1677610602,"owned_by":"openai","mode":"chat","max_input_tokens":200000,"max_output_tokens":64000}],"object":"list"}
    401 application/json {"detail":"Cursor API key not found. Add Cursor credentials via the UI (Models + Endpoints → LLM Credentials) or set CURSOR_API_KEY environment variable."}
    422 application/json {"detail":[{"type":"missing","loc":["body","user_ids"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["query","end_user_id"],"msg":"Field required"}]}
    400 application/json {"error":{"message":"{'error': 'DB not connected. This endpoint needs a database; set DATABASE_URL to a PostgreSQL connection string (postgresql://...) to enable it. See https://docs.litellm.ai/docs/proxy/virtual_keys'}","type":"internal_server_error","param":null,"code":"400"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","user_id"],"msg":"Field required"}]}
    400 application/json {"error":{"message":"litellm.BadRequestError: Invalid Decisions request: 2 validation errors for OpenAIDecisionRequestBody\ninput\n  Field required [type=missing, input_value=mappingproxy({}), input_type=mappingproxy]\n    For further information visit https://errors.pydantic.dev/2.14/v/missing\nquestions\n  Field required [type=missing, input_value=mappingproxy({}), input_type=mappingproxy]\n    For further information visit https://errors.pydantic.dev/2.14/v/missing","type":"invalid_request_error","param":null,"code":"400"}}
    500 application/json {"detail":"Database not connected"}
    400 application/json {"error":{"message":"/embeddings: Missing required parameter: 'input'.","type":"invalid_request_error","param":"input","code":"400"}}
    401 application/json {"detail":"FAL_AI_API_KEY is not set and no fal_ai pass-through deployment credentials are configured"}
    422 application/json {"detail":[{"type":"missing","loc":["body","model"],"msg":"Field required"},{"type":"missing","loc":["body","fallback_models"],"msg":"Field required"}]}
    400 application/json {"detail":{"error":"Database storage not enabled. Set 'STORE_MODEL_IN_DB=True' in your environment to use this feature."}}
    404 application/json {"detail":{"error":"No general fallbacks configured for model '{model}'"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","purpose"],"msg":"Field required"},{"type":"missing","loc":["body","file"],"msg":"Field required"}]}
    500 application/json {"error":{"message":"Only premium users can use this endpoint + You must be a LiteLLM Enterprise user to use this feature. If you have a license please set `LITELLM_LICENSE` in your env. Get a 7 day trial key here: https://www.litellm.ai/enterprise#trial. \nPricing: https://www.litellm.ai/#pricing","type":"internal_server_error","param":null,"code":"500"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","model"],"msg":"Field required"},{"type":"missing","loc":["body","training_file"],"msg":"Field required"}]}
    400 application/json {"error":{"message":"No connected db.","type":"no_db_connection","param":null,"code":"400"}}
    200 application/json null
    500 application/json {"detail":{"error":"Database not connected. Please connect a database."}}
    500 application/json {"detail":"Database not connected. Please connect a database."}
    200 application/json {"values":{"logo_url":null,"logo_url_dark":null,"favicon_url":null},"field_schema":{"description":"Configuration for UI theme customization","properties":{"logo_url":{"description":"URL or path to custom logo image. Can be a local file path or HTTP/HTTPS URL","type":"string"},"logo_url_dark":{"description":"URL or path to a custom logo image for dark mode. Can be a local file path or HTTP/HTTPS URL. Leave unset to reuse logo_url in dark mode","type":"string"},"favicon_url":{"description":"URL to custom favicon image. Must be an HTTP/HTTPS URL to a .ico, .png, or .svg file","type":"string"}}}}
    200 application/json {"enabled":false,"message":"","severity":"info","revision":""}
    200 image/x-icon
    200 image/png
    200 application/json {"logo_url":""}
    400 application/json {"detail":{"error":"Please provide start_date and end_date"}}
    401 application/json {"error":{"message":"Prisma Client is not initialized","type":"internal_error","param":"None","code":"401"}}
    500 application/json {"error":{"message":"/spend/tags ErrorDatabase not connected. Connect a database to your proxy - https://docs.litellm.ai/docs/simple_proxy#managing-auth---virtual-keys\nTraceback (most recent call last):\n  File \"site-packages/litellm/proxy/spend_tracking/spend_management_endpoints.py\", line 2176, in global_view_spend_tags\n    raise Exception(\nException: Database not connected. Connect a database to your proxy - https://docs.litellm.ai/docs/simple_proxy#managing-auth---virtual-keys\n","type":"internal_error","param":"None","code":"500"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","guardrail"],"msg":"Field required"}]}
    200 application/json {"guardrails":[]}
    422 application/json {"detail":[{"type":"missing","loc":["body","guardrail_name"],"msg":"Field required"},{"type":"missing","loc":["body","litellm_params"],"msg":"Field required"}]}
    500 application/json {"detail":"Prisma client not initialized"}
    422 application/json {"detail":[{"type":"missing","loc":["body","custom_code"],"msg":"Field required"},{"type":"missing","loc":["body","test_input"],"msg":"Field required"}]}
    404 application/json {"detail":"Category file not found: {category_name} (tried .yaml and .json)"}
    200 application/json {"logs":[],"total":0,"page":1,"page_size":50}
    200 application/json {"rows":[],"chart":[],"totalRequests":0,"totalBlocked":0,"passRate":100.0,"totalUsageUnits":{},"totalCost":null,"totalUntrackedUsageUnits":{}}
    200 application/json {"valid":false,"error":"No file content provided"}
    404 application/json {"detail":"Guardrail with ID {guardrail_id} not found"}
    200 application/json {"healthy_endpoints":[{"model":"openai/gpt-4o","model_id":"b742292513f8c62849c169d21eaa43b0772f819320974eee48a73a057f2ed759"},{"model":"anthropic/claude-sonnet-4-20250514","model_id":"1f1280fbfd7b324fc89ca0d9980056a53d3e7b3961b43d6b2de5c12c38a85ea2"}],"unhealthy_endpoints":[],"healthy_count":2,"unhealthy_count":0}
    200 application/json {"in_flight_requests":1,"admitted_requests":0,"queued_requests":0,"rejected_requests":0}
    500 application/json {"detail":{"error":"Database not initialized"}}
    200 application/json {"has_license":false,"license_type":"community","expiration_date":null,"allowed_features":[],"limits":{"max_users":null,"max_teams":null}}
    200 application/json "I'm alive!"
    200 -
    200 application/json {"status":"healthy","db":"Not connected"}
    200 application/json {"status":"healthy","db":"Not connected","cache":null,"litellm_version":"1.106.2","success_callbacks":["sync_deployment_callback_on_success","_PROXY_VirtualKeyModelMaxBudgetLimiter","_PROXY_MaxParallelRequestsHandler_v3","_PROXY_CacheControlCheck","ResponsesIDSecurity","SkillsInjectionHook","_PROXY_MaxIterationsHandler","_PROXY_MaxBudgetPerSessionHandler","_PROXY_SensitiveDataRoutingHandler","PromptCacheObserver","ServiceLogging"],"use_aiohttp_transport":true,"log_level":"WARNING","is_detailed_debug":false,"show_no_redis_warning":true,"show_env_credential_login_warning":true}
    422 application/json {"detail":[{"type":"missing","loc":["query","service"],"msg":"Field required"}]}
    200 application/json {"shared_health_check_enabled":false,"message":"Shared health check is not enabled"}
    400 application/json {"error":{"message":"/images/edits: Invalid model name passed in model=None. Call `/v1/models` to view available models for your key.","type":"invalid_request_error","param":null,"code":"400","provider_specific_fields":{"error":"/images/edits: Invalid model name passed in model=None. Call `/v1/models` to view available models for your key."}}}
    400 application/json {"error":{"message":"/image/generations: Missing required parameter: 'prompt'.","type":"invalid_request_error","param":"prompt","code":"400"}}
    400 application/json {"error":{"message":"/interactions: Missing required parameter: 'model'.","type":"invalid_request_error","param":"model","code":"400"}}
    500 application/json {"error":{"message":"litellm.APIConnectionError: Google API key is required","type":"internal_server_error","param":null,"code":"500"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","token"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["query","id"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","jwt_claim_name"],"msg":"Field required"},{"type":"missing","loc":["body","jwt_claim_value"],"msg":"Field required"}]}
    500 application/json {"error":{"message":"Authentication Error, Database not connected","type":"internal_server_error","param":"None","code":"500"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","key"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","keys"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"value_error","loc":["body"],"msg":"Value error, At least one of 'keys' or 'key_aliases' must be provided."}]}
    200 application/json {"key":"healthy","logging_callbacks":null}
    500 application/json {"error":{"message":"Database not connected. Connect a database to your proxy - https://docs.litellm.ai/docs/simple_proxy#managing-auth---virtual-keys","type":"internal_server_error","param":null,"code":"500"}}
    500 application/json {"error":{"message":"Regenerating Virtual Keys is an Enterprise feature, You must be a LiteLLM Enterprise user to use this feature. If you have a license please set `LITELLM_LICENSE` in your env. Get a 7 day trial key here: https://www.litellm.ai/enterprise#trial. \nPricing: https://www.litellm.ai/#pricing","type":"internal_server_error","param":null,"code":"500"}}
    422 application/json {"detail":[{"type":"value_error","loc":["body"],"msg":"Value error, either key or key_alias must be provided"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","reset_to"],"msg":"Field required"}]}
    400 application/json {"error":{"message":"laya model must be one of english, multilingual, typed-decisions","type":"auth_error","param":"None","code":"400"}}
    503 application/json {"detail":"Lens needs a connected Postgres database"}
    422 application/json {"detail":[{"type":"missing","loc":["body","name"],"msg":"Field required"},{"type":"missing","loc":["body","model"],"msg":"Field required"}]}
    200 application/json {"traces":false,"requests":false}
    501 application/json {"detail":"Lens feedback needs agent tracing. Configure the Lens service and LITELLM_LENS_URL."}
    401 application/json {"detail":"Not authenticated"}
    503 application/json {"detail":"Configure the Lens service connection"}
    422 application/json {"detail":[{"type":"missing","loc":["body","selection"],"msg":"Field required"}]}
    200 application/json {"url":"","connected":false,"status":{"storage_ready":false,"credentials_ready":false,"release":"","protocol_version":0},"configured":false,"release":"v1.106.2"}
    422 application/json {"detail":[{"type":"missing","loc":["body","traces"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","analysis_key_id"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","status"],"msg":"Field required"}]}
    503 application/problem+json {"type":"urn:litellm:error:database-not-connected","title":"Database not connected","status":503,"detail":"DB not connected. This endpoint needs a database; set DATABASE_URL to a PostgreSQL connection string (postgresql://...) to enable it. See https://docs.litellm.ai/docs/proxy/virtual_keys"}
    400 application/problem+json {"type":"urn:litellm:error:invalid-query-parameter","title":"Invalid query parameter","status":400,"detail":"filter[startTime][gte]: Field required; filter[startTime][lte]: Field required"}
    422 application/problem+json {"type":"urn:litellm:error:invalid-request-body","title":"Invalid request body","status":422,"detail":"members: Field required"}
    422 application/problem+json {"type":"urn:litellm:error:invalid-request-body","title":"Invalid request body","status":422,"detail":"users: Field required"}
    422 application/problem+json {"type":"urn:litellm:error:invalid-request-body","title":"Invalid request body","status":422,"detail":"user_ids: Field required"}
    401 application/json {"detail":{"error":"authentication_required","message":"Authenticate with the gateway to use the MCP endpoint."}}
    405 application/json {"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Method Not Allowed: Session termination not supported"}}
    406 application/json {"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Not Acceptable: Client must accept text/event-stream"}}
    401 application/json
    405 application/json
    405 application/json {"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Method Not Allowed"}}
    406 application/json {"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Not Acceptable: Client must accept both application/json and text/event-stream"}}
    400 application/json {"detail":{"error":"missing_parameter","message":"server_id is required in request body"}}
    200 application/json {"tools":[],"error":"unexpected_error","message":"An unexpected error occurred: {'error': 'access_denied', 'message': 'The key is not allowed to access any MCP servers.'}"}
    400 application/json {"detail":"Collection name is required. Got {}"}
    500 application/json {"error":{"message":"Cannot connect to host api.mistral.ai:443 ssl:<ssl.SSLContext object at 0x0> [Name or service not known]","type":"internal_server_error","param":null,"code":"500"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","model_id"],"msg":"Field required"}]}
    200 application/json {"deprecated":[],"imminent":[],"upcoming":[],"warn_within_days":30,"checked_at":"2026-11-27T05:52:35.584713Z"}
    500 application/json {"error":{"message":"{'error': \"No DB Connected. Here's how to do it - https://docs.litellm.ai/docs/proxy/virtual_keys\"}","type":"auth_error","param":"None","code":"500"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","model_groups"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","useful_links"],"msg":"Field required"}]}
    404 application/json {"detail":"The model `{model_id}` does not exist or is not accessible"}
    200 application/json {"litellm_count_source":"local_estimate","totalTokens":3,"promptTokensDetails":[]}
    400 application/json {"error":{"message":"agenerate_content: Missing required parameter: 'contents'.","type":"invalid_request_error","param":"contents","code":"400"}}
    400 application/json {"error":{"message":"agenerate_content_stream: Invalid model name passed in model={model_name}. Call `/v1/models` to view available models for your key.","type":"invalid_request_error","param":null,"code":"400","provider_specific_fields":{"error":"agenerate_content_stream: Invalid model name passed in model={model_name}. Call `/v1/models` to view available models for your key."}}}
    400 application/json {"error":{"message":"/moderations: Missing required parameter: 'input'.","type":"invalid_request_error","param":"input","code":"400"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","code"],"msg":"Field required"},{"type":"missing","loc":["body","moyai_url"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","moyai_url"],"msg":"Field required"},{"type":"missing","loc":["body","return_to"],"msg":"Field required"}]}
    400 application/json {"detail":{"error":"no NVIDIA NIM model group in the path; call /nvidia_nim/{model_group}/v1/infer with a model group from your `model_list` whose deployments all use `nvidia_nim/` models"}}
    400 application/json {"error":{"message":"/ocr: Missing required parameter: 'document'.","type":"invalid_request_error","param":"document","code":"400"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","invitation_link"],"msg":"Field required"},{"type":"missing","loc":["body","user_id"],"msg":"Field required"},{"type":"missing","loc":["body","password"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["query","invite_link"],"msg":"Field required"}]}
    400 application/json {"error":{"message":"/images/edits: Invalid model name passed in model={model}. Call `/v1/models` to view available models for your key.","type":"invalid_request_error","param":null,"code":"400","provider_specific_fields":{"error":"/images/edits: Invalid model name passed in model={model}. Call `/v1/models` to view available models for your key."}}}
    400 application/json {"error":{"message":"/responses/compact: Missing required parameter: 'input'.","type":"invalid_request_error","param":"input","code":"400"}}
    400 application/json {"error":{"message":"Missing required parameter: 'model'.","type":"invalid_request_error","param":"model","code":"missing_required_parameter"}}
    400 application/json {"error":{"message":"litellm.BadRequestError: You passed in model=None. There are no healthy deployments for this model","type":"invalid_request_error","param":null,"code":"400"}}
    200 application/json
    500 application/json {"error":{"message":"Cannot connect to host openrouter.ai:443 ssl:<ssl.SSLContext object at 0x0> [Name or service not known]","type":"internal_server_error","param":null,"code":"500"}}
    403 application/json {"detail":{"error":"Organizations are only available for LiteLLM Enterprise users. You must be a LiteLLM Enterprise user to use this feature. If you have a license please set `LITELLM_LICENSE` in your env. Get a 7 day trial key here: https://www.litellm.ai/enterprise#trial. \nPricing: https://www.litellm.ai/#pricing"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","policy_name"],"msg":"Field required"}]}
    200 application/json {"attachments":[],"total_count":0}
    422 application/json {"detail":[{"type":"missing","loc":["query","version_a"],"msg":"Field required"},{"type":"missing","loc":["query","version_b"],"msg":"Field required"}]}
    200 application/json {"policies":[],"total_count":0}
    422 application/json {"detail":[{"type":"missing","loc":["body","pipeline"],"msg":"Field required"},{"type":"missing","loc":["body","test_messages"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","version_status"],"msg":"Field required"}]}
    404 application/json {"detail":"Policy engine not initialized. No policies loaded."}
    200 application/json {"policies":{},"total_count":0}
    422 application/json {"detail":[{"type":"missing","loc":["body","template_id"],"msg":"Field required"},{"type":"missing","loc":["body","parameters"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","guardrail_definitions"],"msg":"Field required"},{"type":"missing","loc":["body","text"],"msg":"Field required"}]}
    200 application/json {"context":{"team_alias":null,"key_alias":null,"model":null,"tags":null},"matching_policies":[],"resolved_guardrails":[],"message":"Policy engine not initialized. No policies loaded."}
    422 application/json {"detail":[{"type":"missing","loc":["body","policies"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["query","project_id"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","team_id"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","project_id"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","prompt_id"],"msg":"Field required"},{"type":"missing","loc":["body","litellm_params"],"msg":"Field required"}]}
    200 application/json {"prompts":[]}
    422 application/json {"detail":[{"type":"missing","loc":["body","dotprompt_content"],"msg":"Field required"}]}
    400 application/json {"detail":"Prompt {prompt_id} not found"}
    404 application/json {"detail":"No versions found for prompt ID {prompt_id}"}
    500 application/json {"error":{"message":"No provider budget config found. Please set a provider budget config in the router settings. https://docs.litellm.ai/docs/proxy/provider_budget_routing","type":"internal_server_error","param":null,"code":"500"}}
    200 application/json {"tier_boundaries":{"simple_medium":0.15,"medium_complex":0.35,"complex_reasoning":0.6},"token_thresholds":{"simple":15,"complex":400},"dimension_weights":{"tokenCount":0.1,"codePresence":0.3,"reasoningMarkers":0.25,"technicalTerms":0.25,"simpleIndicators":0.05,"multiStepPatterns":0.03,"questionComplexity":0.02}}
    200 application/json {"posts":[{"title":"Realtime WebRTC HTTP Endpoints","description":"Use the LiteLLM proxy to route OpenAI-style WebRTC realtime via HTTP: client_secrets and SDP exchange.","date":"2026-03-12","url":"https://docs.litellm.ai/blog/realtime_webrtc_http_endpoints","tags":[]}]}
    200 application/json {"docs_title":"LiteLLM API","custom_docs_description":null,"litellm_version":"1.106.2","useful_links":{}}
    500 application/json {"detail":"500: {'error': 'DB not connected. This endpoint needs a database; set DATABASE_URL to a PostgreSQL connection string (postgresql://...) to enable it. See https://docs.litellm.ai/docs/proxy/virtual_keys'}"}
    200 application/json {"data":[],"meta":{"total_count":0,"page":1,"page_size":50,"total_pages":0},"links":{"self":"/public/v1/model_hub?page=1","first":"/public/v1/model_hub?page=1","prev":null,"next":null,"last":"/public/v1/model_hub?page=1"}}
    422 application/json {"detail":[{"type":"literal_error","loc":["path","facet"],"msg":"Input should be 'providers', 'modes' or 'features'"}]}
    400 application/json {"detail":{"error":"Must provide file, file_url, or file_id"}}
    400 application/json {"detail":{"error":"model is required"}}
    401 application/json {"error": "Missing or invalid Authorization header"}
    401 application/json {"error": "Invalid or expired token"}
    400 application/json {"error":{"message":"400: {'error': '/realtime/client_secrets: Invalid model name passed in model=gpt-4o-realtime-preview. Call `/v1/models` to view available models for your key.'}","type":"invalid_request_error","param":null,"code":"400"}}
    400 application/json {"error":{"message":"{'error': '/realtime/transcription_sessions: Invalid model name passed in model=gpt-realtime-whisper. Call `/v1/models` to view available models for your key.'}","type":"invalid_request_error","param":null,"code":"400"}}
    200 application/json {"client_id":"dummy_client","client_secret":"dummy","redirect_uris":["http://HOST/callback"]}
    400 application/json {"error":{"message":"/rerank: Missing required parameter: 'query'.","type":"invalid_request_error","param":"query","code":"400"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","token"],"msg":"Field required"},{"type":"missing","loc":["body","client_id"],"msg":"Field required"}]}
    404 -
    403 application/json {"detail":{"error":"This feature is only available for LiteLLM Enterprise users. You must be a LiteLLM Enterprise user to use this feature. If you have a license please set `LITELLM_LICENSE` in your env. Get a 7 day trial key here: https://www.litellm.ai/enterprise#trial. \nPricing: https://www.litellm.ai/#pricing"}}
    400 application/json {"error":{"message":"/search: Missing required parameter: 'search_tool_name'.","type":"invalid_request_error","param":"search_tool_name","code":"400"}}
    200 application/json {"object":"list","data":[]}
    400 application/json {"error":{"message":"/search: Missing required parameter: 'query'.","type":"invalid_request_error","param":"query","code":"400"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","search_tool"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","litellm_params"],"msg":"Field required"}]}
    400 application/json {"error":{"message":"Bad Request - Either 'model' or 'completion_response' must be provided","type":"None","param":"None","code":"400"}}
    500 application/json {"error":{"message":"/spend/logs ErrorDatabase not connected. Connect a database to your proxy - https://docs.litellm.ai/docs/simple_proxy#managing-auth---virtual-keys","type":"internal_error","param":"None","code":"500"}}
    500 application/json {"error":{"message":"/spend/tags ErrorDatabase not connected. Connect a database to your proxy - https://docs.litellm.ai/docs/simple_proxy#managing-auth---virtual-keys","type":"internal_error","param":"None","code":"500"}}
    400 application/json {"error":{"message":"litellm.BadRequestError: Invalid Decisions request: 2 validation errors for DecisionsRequestBody\nstate\n  Field required [type=missing, input_value=mappingproxy({}), input_type=mappingproxy]\n    For further information visit https://errors.pydantic.dev/2.14/v/missing\nquestions\n  Field required [type=missing, input_value=mappingproxy({}), input_type=mappingproxy]\n    For further information visit https://errors.pydantic.dev/2.14/v/missing","type":"invalid_request_error","param":null,"code":"400"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","name"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","names"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","team_ids"],"msg":"Field required"}]}
    500 application/json {"error":{"message":"{'error': 'Database not connected. Connect a database to your proxy - https://docs.litellm.ai/docs/simple_proxy#managing-auth---virtual-keys'}","type":"auth_error","param":"None","code":"500"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","team_id"],"msg":"Field required"},{"type":"missing","loc":["body","update_fields"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","member"],"msg":"Field required"},{"type":"missing","loc":["body","team_id"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"value_error","loc":["body"],"msg":"Value error, Either user id or user email must be provided"}]}
    200 application/json {"fields":[]}
    422 application/json {"detail":[{"type":"missing","loc":["body","team_id"],"msg":"Field required"},{"type":"missing","loc":["body","models"],"msg":"Field required"}]}
    500 application/json {"error":{"message":"{'error': 'No db connected'}","type":"internal_server_error","param":null,"code":"500"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","permissions"],"msg":"Field required"}]}
    500 application/json {"detail":{"error":"No db connected"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","team_id"],"msg":"Field required"},{"type":"missing","loc":["body","team_member_permissions"],"msg":"Field required"}]}
    401 application/json {"error":{"message":"Authentication Error, No DB Connected. See - https://docs.litellm.ai/docs/proxy/virtual_keys","type":"auth_error","param":"None","code":"401"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","callback_name"],"msg":"Field required"},{"type":"missing","loc":["body","callback_vars"],"msg":"Field required"}]}
    500 application/json {"detail":{"error":"DB not connected. prisma_client is None"}}
    500 application/json {"detail":{"error":"Database not connected. Connect a database to your proxy - https://docs.litellm.ai/docs/simple_proxy#managing-auth---virtual-keys"}}
    200 application/json {"route":"/test"}
    403 application/json {"detail":"GET /{endpoint} is not an allowed TinyFish Agent passthrough endpoint. Allowed: POST /v1/automation/run, POST /v1/automation/run-async, POST /v1/automation/run-sse, GET /v1/runs/{id}, POST /v1/runs/{id}/cancel."}
    403 application/json {"detail":"POST /{endpoint} is not an allowed TinyFish Agent passthrough endpoint. Allowed: POST /v1/automation/run, POST /v1/automation/run-async, POST /v1/automation/run-sse, GET /v1/runs/{id}, POST /v1/runs/{id}/cancel."}
    422 application/json {"detail":[{"type":"missing","loc":["body","grant_type"],"msg":"Field required"},{"type":"missing","loc":["body","client_id"],"msg":"Field required"}]}
    503 application/json {"detail":"Database not available"}
    503 application/json
    400 application/json {"detail":"Expected an X-Amz-Target header of the form Transcribe.<Operation>"}
    400 application/json {}
    500 application/json {"error":{"message":"Cannot connect to host api.typesafe.ai:443 ssl:<ssl.SSLContext object at 0x0> [Name or service not known]","type":"internal_server_error","param":null,"code":"500"}}
    500 application/json {"detail":{"error":"Set `'STORE_MODEL_IN_DB='True'` in your env to enable this feature."}}
    422 application/json {"detail":[{"type":"missing","loc":["body","messages"],"msg":"Field required"}]}
    500 application/json {"detail":{"error":"Database not connected"}}
    500 application/json {"detail":{"error":"No db connected. prisma client=None"}}
    400 application/json {"error":{"message":"DB not connected. This endpoint needs a database; set DATABASE_URL to a PostgreSQL connection string (postgresql://...) to enable it. See https://docs.litellm.ai/docs/proxy/virtual_keys","type":"internal_server_error","param":null,"code":"400"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","current_password"],"msg":"Field required"},{"type":"missing","loc":["body","new_password"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["query","model"],"msg":"Field required"}]}
    200 application/json {"results":[]}
    422 application/json {"detail":[{"type":"missing","loc":["body","model"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","call_type"],"msg":"Field required"},{"type":"missing","loc":["body","request_body"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","url"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","access_group_name"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","agent_name"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","agent_ids"],"msg":"Field required"}]}
    503 application/json {"detail":"Agent policy could not be loaded"}
    404 application/json {"detail":"Agent with ID {agent_id} not found"}
    500 application/json {"error":{"message":"litellm.APIConnectionError: APIConnectionError: OpenAIException - OPENAI_API_KEY is required for Evals API","type":"internal_server_error","param":null,"code":"500"}}
    400 application/json {"error":{"message":"/evals: Missing required parameter: 'data_source_config'.","type":"invalid_request_error","param":"data_source_config","code":"400"}}
    400 application/json {"error":{"message":"/evals/{eval_id}/runs: Missing required parameter: 'data_source'.","type":"invalid_request_error","param":"data_source","code":"400"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","index_name"],"msg":"Field required"},{"type":"missing","loc":["body","litellm_params"],"msg":"Field required"}]}
    200 application/json {"access_groups":[]}
    422 application/json {"detail":[{"type":"missing","loc":["body","mcp_server_ids"],"msg":"Field required"}]}
    200 application/json {"ip":"127.0.0.1"}
    404 application/json {"detail":"MCP registry is not enabled"}
    500 application/json {"detail":{"error":"Database not connected. Connect a database to your proxy"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","server_id"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","mcp_servers"],"msg":"Field required"}]}
    403 application/json {"detail":{"error":"PROXY_ADMIN users should use POST /v1/mcp/server to create servers directly instead of the submission workflow."}}
    422 application/json {"detail":[{"type":"missing","loc":["body","access_token"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","credential"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","values"],"msg":"Field required"}]}
    400 application/json {"detail":{"error":"Provide session_id_prefix and/or user_id to select the sessions to terminate."}}
    200 application/json {"worker_pid":1,"total_sessions":0,"by_client":[],"by_user":[],"sessions":[]}
    200 application/json {"tools":[]}
    422 application/json {"detail":[{"type":"missing","loc":["body","toolset_name"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","toolset_id"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","key"],"msg":"Field required"},{"type":"missing","loc":["body","value"],"msg":"Field required"}]}
    400 application/json {"type":"error","error":{"type":"invalid_request_error","message":"anthropic_messages: Missing required parameter: 'messages'."}}
    400 application/json {"type":"error","error":{"type":"invalid_request_error","message":"model parameter is required"}}
    200 application/json {"deprecated":[],"imminent":[],"upcoming":[],"warn_within_days":30,"checked_at":"2026-11-27T05:53:04.204868Z"}
    422 application/json {"detail":[{"type":"missing","loc":["body","records"],"msg":"Field required"}]}
    500 application/json {"error":{"message":"litellm.APIConnectionError: ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN is required for Skills API","type":"internal_server_error","param":null,"code":"500"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","tool_name"],"msg":"Field required"}]}
    501 application/json {"detail":"Agent tracing is not enabled. Configure the Lens service and LITELLM_LENS_URL."}
    200 application/json {"object":"list","data":[],"total_count":0,"current_page":1,"total_pages":0}
    400 application/json {"error":{"message":"avector_store_file_create: Missing required parameter: 'file_id'.","type":"invalid_request_error","param":"file_id","code":"400"}}
    400 application/json {"error":{"message":"avector_store_file_update: Missing required parameter: 'attributes'.","type":"invalid_request_error","param":"attributes","code":"400"}}
    400 application/json {"error":{"message":"avector_store_search: Missing required parameter: 'query'.","type":"invalid_request_error","param":"query","code":"400"}}
    400 application/json {"error":{"message":"litellm.BadRequestError: LLM Provider NOT provided. Pass in the LLM provider you are trying to call. You passed model=\n Pass model as E.g. For 'Huggingface' inference endpoints pass in `completion(model='huggingface/starcoder',..)` Learn more: https://docs.litellm.ai/docs/providers","type":"invalid_request_error","param":null,"code":"400"}}
    400 application/json {"error":{"message":"/videos: Missing required parameter: 'prompt'.","type":"invalid_request_error","param":"prompt","code":"400"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","video"],"msg":"Field required"},{"type":"missing","loc":["body","name"],"msg":"Field required"}]}
    400 application/json {"error":{"message":"/videos/edits: Missing required parameter: 'prompt'.","type":"invalid_request_error","param":"prompt","code":"400"}}
    400 application/json {"error":{"message":"/videos/extensions: Missing required parameter: 'prompt'.","type":"invalid_request_error","param":"prompt","code":"400"}}
    400 application/json {"error":{"message":"/videos/{video_id}/remix: Missing required parameter: 'prompt'.","type":"invalid_request_error","param":"prompt","code":"400"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","workflow_type"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","event_type"],"msg":"Field required"},{"type":"missing","loc":["body","step_name"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","role"],"msg":"Field required"},{"type":"missing","loc":["body","content"],"msg":"Field required"}]}
    500 application/json {"error":{"message":"litellm.APIConnectionError: Google API key is required. Set GOOGLE_API_KEY or GEMINI_API_KEY, or pass api_key.","type":"internal_server_error","param":null,"code":"500"}}
    400 application/json {"error":{"message":"/v1beta/agents: Missing required parameter: 'name'.","type":"invalid_request_error","param":"name","code":"400"}}
    500 application/json {"error":{"message":"DB not connected. This endpoint needs a database; set DATABASE_URL to a PostgreSQL connection string (postgresql://...) to enable it. See https://docs.litellm.ai/docs/proxy/virtual_keys","type":"internal_server_error","param":null,"code":"500"}}
    500 application/json {"detail":{"error":"Failed to perform Vantage dry run export: Database not connected. Connect a database to your proxy - https://docs.litellm.ai/docs/simple_proxy#managing-auth---virtual-keys"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","api_key"],"msg":"Field required"},{"type":"missing","loc":["body","integration_token"],"msg":"Field required"}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","vector_store_id"],"msg":"Field required"}]}
    400 application/json {"detail":"vector_store_id and custom_llm_provider are required"}
    401 application/json {"error":{"message":"Authentication Error, Malformed API Key passed in. Ensure Key has `Bearer ` prefix.","type":"auth_error","param":"None","code":"401"}}
    401 application/json {"detail":"No Vertex AI credential is configured on this proxy and the request carried no upstream Google credential. The LiteLLM virtual key is not forwarded to Google. Configure a Vertex credential (DEFAULT_VERTEXAI_PROJECT / DEFAULT_VERTEXAI_LOCATION / DEFAULT_VERTEXAI_CREDENTIALS, or a model with use_in_pass_through: true), or send your own Google OAuth token in the Authorization header."}
    404 application/json {"detail":"MCP server, toolset, or access group '{mcp_server_name}' not found"}
    404 application/json
    200 application/json {"client_id":"{mcp_server_name}","client_secret":"dummy","redirect_uris":["http://HOST/callback"]}
    400 application/json {"error":{"message":"litellm.BadRequestError: LiteLLM doesn't support {provider} for 'list_batch'. Supported providers: azure, hosted_vllm, litellm_proxy, openai, vertex_ai, xai.","type":"internal_server_error","param":null,"code":"400"}}
    400 application/json {"error":{"message":"litellm.BadRequestError: LiteLLM doesn't support custom_llm_provider={provider} for 'retrieve_batch' without a `model` kwarg. Supported via this path: 'openai', 'azure', 'vertex_ai', 'anthropic'. 'bedrock' and 'mistral' are supported but require `model` to be passed so the provider config can be loaded.","type":"internal_server_error","param":null,"code":"400"}}
    400 application/json {"error":{"message":"litellm.BadRequestError: LiteLLM doesn't support {provider} for 'cancel_batch'. Only 'openai', 'azure', 'vertex_ai', and 'bedrock' are supported.","type":"internal_server_error","param":null,"code":"400"}}
    500 application/json {"error":{"message":"'{provider}' is not a valid LlmProviders","type":"internal_server_error","param":null,"code":"500"}}

    / GET,HEAD GET:0:0:admin HEAD:0:0:admin
    /.well-known/agent-skills/index.json GET GET:1:1:admin
    /.well-known/jwks.json GET GET:2:2:admin
    /.well-known/litellm-cli-auth GET GET:3:3:admin
    /.well-known/litellm-ui-config GET GET:4:4:admin
    /.well-known/oauth-authorization-server GET GET:5:5:admin
    /.well-known/oauth-authorization-server/mcp GET GET:6:6:admin
    /.well-known/oauth-authorization-server/mcp/{mcp_server_name} GET GET:7:7:admin
    /.well-known/oauth-authorization-server/{mcp_server_name} GET GET:7:7:admin
    /.well-known/oauth-authorization-server/{mcp_server_name}/mcp GET GET:7:7:admin
    /.well-known/oauth-protected-resource GET GET:8:8:admin
    /.well-known/oauth-protected-resource/mcp GET GET:9:9:admin
    /.well-known/oauth-protected-resource/mcp/{mcp_server_name} GET GET:10:10:admin
    /.well-known/oauth-protected-resource/{mcp_server_name}/mcp GET GET:10:10:admin
    /.well-known/openid-configuration GET GET:11:11:admin
    /a2a/{agent_id} POST POST:-:12
    /a2a/{agent_id}/.well-known/agent-card.json GET GET:-:13
    /a2a/{agent_id}/.well-known/agent.json GET GET:-:13:admin
    /a2a/{agent_id}/message/send POST POST:-:12
    /access_group/list GET GET:-:14:admin
    /access_group/new POST POST:-:15:admin
    /access_group/{access_group}/budget GET DELETE:-:14:admin GET:-:14:admin PUT:-:14:admin
    /access_group/{access_group}/delete DELETE DELETE:-:14:admin
    /access_group/{access_group}/info GET GET:-:14:admin
    /access_group/{access_group}/update PUT PUT:-:14:admin
    /active/callbacks GET GET:-:16:admin
    /adaptive_router/state GET GET:-:17:admin
    /add/allowed_ip POST POST:-:18:admin
    /agent/daily/activity GET GET:-:19:admin
    /agent/daily/activity/aggregated GET GET:-:19:admin
    /agent/daily/activity/aggregated/keys GET GET:-:19:admin
    /agent/daily/activity/aggregated/model_top_keys GET GET:-:19:admin
    /agent/daily/activity/aggregated/search GET GET:-:19:admin
    /agent/daily/activity/export GET GET:-:19:admin
    /anthropic/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:20 GET:-:20 PATCH:-:20 POST:-:20 PUT:-:20
    /api/event_logging/batch POST POST:21:21:admin
    /api/plugins GET GET:-:22:admin
    /api/plugins/auth-token GET GET:-:23:admin
    /apply_guardrail POST POST:-:24:admin
    /assemblyai/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:25 GET:-:25 PATCH:-:25 POST:-:25 PUT:-:25
    /assistants GET GET:-:26 POST:-:26
    /assistants/{assistant_id:path} DELETE DELETE:-:26
    /audio/speech POST POST:-:27
    /audio/transcriptions POST POST:-:28
    /audit GET GET:-:29:admin
    /audit/{id} GET GET:-:29:admin
    /authorize GET GET:30:30:admin
    /authorize/complete POST POST:31:31:admin
    /authorize/flow GET GET:32:32:admin
    /authorize/mcp-session GET GET:33:33:admin
    /auto_router/availability POST POST:-:34
    /auto_router/benchmarks GET GET:-:35:admin
    /auto_router/classifier/default_prompt POST GET:-:16:admin POST:-:16:admin
    /auto_router/session GET GET:-:36
    /auto_router/shadow_eval GET GET:-:35:admin
    /auto_router/shadow_eval/start POST POST:-:37:admin
    /auto_router/shadow_eval/{job_id} GET GET:-:35:admin
    /auto_router/shadow_eval/{job_id}/stop POST POST:-:35:admin
    /auto_router/test_routing POST POST:-:38
    /auto_router/validate_complexity_router_config POST POST:-:38
    /azure/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:39 GET:-:39 PATCH:-:39 POST:-:39 PUT:-:39
    /azure_ai/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:39 GET:-:39 PATCH:-:39 POST:-:39 PUT:-:39
    /azure_speech/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:40 GET:-:40 PATCH:-:40 POST:-:40 PUT:-:40
    /batches POST GET:-:41 POST:-:42
    /batches/{batch_id:path} GET GET:-:41
    /batches/{batch_id}/cancel GET POST:-:41
    /bedrock/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:43 GET:-:43 PATCH:-:43 POST:-:43 PUT:-:43
    /bespoke/v1/systemone POST POST:-:44
    /budget/delete POST POST:-:45:admin
    /budget/info POST POST:-:46:admin
    /budget/list GET GET:-:47:admin
    /budget/new POST POST:-:19:admin
    /budget/settings GET GET:-:48:admin
    /budget/update POST POST:-:19:admin
    /cache/delete POST POST:-:49:admin
    /cache/flushall POST POST:-:50:admin
    /cache/ping GET GET:-:51:admin
    /cache/redis/info GET GET:-:50:admin
    /cache/settings GET GET:-:16:admin POST:-:52:admin
    /cache/settings/test POST POST:-:52:admin
    /callback GET GET:53:53:admin
    /callbacks/configs GET GET:-:22:admin
    /callbacks/list GET GET:-:54:admin
    /chat/completions POST POST:-:55
    /claude-code/marketplace.json GET GET:19:19
    /claude-code/plugins POST GET:-:19 POST:-:56
    /claude-code/plugins/{plugin_name} GET DELETE:-:19 GET:-:19 PUT:-:57
    /claude-code/plugins/{plugin_name}/disable POST POST:-:19:admin
    /claude-code/plugins/{plugin_name}/enable POST POST:-:19:admin
    /cloudzero/delete DELETE DELETE:-:19:admin
    /cloudzero/dry-run POST POST:-:58:admin
    /cloudzero/export POST POST:-:59:admin
    /cloudzero/init POST POST:-:60:admin
    /cloudzero/settings GET GET:-:19:admin PUT:-:61:admin
    /cohere/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:62 GET:-:62 PATCH:-:62 POST:-:62 PUT:-:62
    /completions POST POST:-:63
    /compliance/eu-ai-act POST POST:-:64:admin
    /compliance/gdpr POST POST:-:64:admin
    /comprehendmedical POST POST:-:65
    /comprehendmedical/{operation} POST POST:-:66
    /config/block_requests_for_models_without_pricing GET GET:-:67:admin PATCH:-:68:admin
    /config/cost_discount_config GET GET:-:19:admin PATCH:-:19:admin
    /config/cost_margin_config GET GET:-:19:admin PATCH:-:19:admin
    /config/pass_through_endpoint GET DELETE:-:69:admin GET:-:19:admin POST:-:70:admin
    /config/pass_through_endpoint/team/{team_id} GET GET:-:19:admin
    /config/pass_through_endpoint/{endpoint_id} POST POST:-:70:admin
    /config_overrides/cyberark POST DELETE:-:35:admin GET:-:35:admin POST:-:35:admin
    /config_overrides/cyberark/test_connection POST POST:-:71:admin
    /config_overrides/hashicorp_vault POST DELETE:-:35:admin GET:-:35:admin POST:-:35:admin
    /config_overrides/hashicorp_vault/test_connection POST POST:-:72:admin
    /containers POST GET:-:73 POST:-:74
    /containers/{container_id} GET DELETE:-:73 GET:-:73
    /containers/{container_id}/files GET GET:-:75 POST:-:76
    /containers/{container_id}/files/{file_id} GET DELETE:-:75 GET:-:75
    /containers/{container_id}/files/{file_id}/content GET GET:-:75
    /coordination_redis/settings GET GET:-:16:admin POST:-:77:admin
    /coordination_redis/settings/test POST POST:-:77:admin
    /cost/estimate POST POST:-:78:admin
    /cost/predict-cache POST POST:-:79
    /cost_optimization/prompt_caching/requests GET GET:-:80:admin
    /credentials POST GET:-:81:admin POST:-:82:admin
    /credentials/by_model/{model_id} GET GET:-:83:admin
    /credentials/by_name/{credential_name:path} GET GET:-:84:admin
    /credentials/migrate-encryption DELETE POST:-:19:admin
    /credentials/migrate-encryption/check DELETE GET:-:19:admin
    /credentials/{credential_name:path} DELETE DELETE:-:85:admin PATCH:-:86:admin
    /credentials/{credential_name}/jwks GET GET:-:87:admin
    /cursor/chat/completions POST POST:-:88
    /cursor/models GET GET:-:89
    /cursor/v1/models GET GET:-:89
    /cursor/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:90 GET:-:90 PATCH:-:90 POST:-:90 PUT:-:90
    /customer/block POST POST:-:91:admin
    /customer/daily/activity GET GET:-:19:admin
    /customer/daily/activity/aggregated GET GET:-:19:admin
    /customer/daily/activity/aggregated/keys GET GET:-:19:admin
    /customer/daily/activity/aggregated/model_top_keys GET GET:-:19:admin
    /customer/daily/activity/aggregated/search GET GET:-:19:admin
    /customer/daily/activity/export GET GET:-:19:admin
    /customer/delete POST POST:-:91:admin
    /customer/info GET GET:-:92:admin
    /customer/list GET GET:-:93:admin
    /customer/new POST POST:-:94:admin
    /customer/unblock POST POST:-:91:admin
    /customer/update POST POST:-:94:admin
    /decisions POST POST:-:95
    /delete/allowed_ip POST POST:-:18:admin
    /docs/oauth2-redirect GET,HEAD GET:0:0:admin HEAD:0:0:admin
    /email/event_settings GET GET:-:96:admin PATCH:-:77:admin
    /email/event_settings/reset POST POST:-:96:admin
    /embeddings POST POST:-:97
    /engines/{model}/chat/completions POST POST:-:55
    /engines/{model}/completions POST POST:-:63
    /engines/{model}/embeddings POST POST:-:97
    /eu.assemblyai/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:25 GET:-:25 PATCH:-:25 POST:-:25 PUT:-:25
    /fal_ai/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:98 GET:-:98 PATCH:-:98 POST:-:98 PUT:-:98
    /fallback POST POST:-:99:admin
    /fallback/login GET GET:0:0:admin
    /fallback/{model} GET DELETE:-:100:admin GET:-:101:admin
    /files POST GET:-:41 POST:-:102
    /files/{file_id:path} GET DELETE:-:41 GET:-:41
    /files/{file_id}/content GET GET:-:41
    /fine_tuning/jobs POST GET:-:103 POST:-:104
    /fine_tuning/jobs/{fine_tuning_job_id:path} GET GET:-:103:admin
    /fine_tuning/jobs/{fine_tuning_job_id}/cancel GET POST:-:103
    /gateway/daily/activity GET GET:-:35:admin
    /gemini/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:105:105 GET:105:105 PATCH:105:105 POST:105:105 PUT:105:105
    /get/default_team_settings GET GET:-:16:admin
    /get/internal_user_settings GET GET:-:16:admin
    /get/latest_release_info GET GET:-:106
    /get/mcp_semantic_filter_settings GET GET:-:107:admin
    /get/mcp_tool_search_settings GET GET:-:108:admin
    /get/sso_settings GET GET:-:107:admin
    /get/ui_settings GET GET:107:107:admin
    /get/ui_theme_settings GET GET:109:109:admin
    /get/user_banner GET GET:-:110
    /get/websearch_interception_settings GET GET:-:107:admin
    /get_favicon GET GET:111:111:admin
    /get_image GET GET:112:112:admin
    /get_logo_url GET GET:113:113:admin
    /gigachat/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:39 GET:-:39 PATCH:-:39 POST:-:39 PUT:-:39
    /global/spend/report GET GET:-:114:admin
    /global/spend/reset POST POST:-:115:admin
    /global/spend/tags GET GET:-:116:admin
    /guardrails POST POST:-:117:admin
    /guardrails/apply_guardrail PUT POST:-:24:admin
    /guardrails/list GET GET:-:118:admin
    /guardrails/register PUT POST:-:119
    /guardrails/submissions PUT GET:-:120
    /guardrails/submissions/{guardrail_id} GET GET:-:120
    /guardrails/submissions/{guardrail_id}/approve POST POST:-:120:admin
    /guardrails/submissions/{guardrail_id}/reject POST POST:-:120:admin
    /guardrails/test_custom_code PUT POST:-:121:admin
    /guardrails/ui/add_guardrail_settings GET GET:-:16:admin
    /guardrails/ui/category_yaml/{category_name} GET GET:-:122:admin
    /guardrails/ui/major_airlines GET GET:-:16:admin
    /guardrails/ui/provider_specific_params GET GET:-:16:admin
    /guardrails/usage/detail/{guardrail_id} GET GET:-:120:admin
    /guardrails/usage/logs GET GET:-:123:admin
    /guardrails/usage/overview GET GET:-:124:admin
    /guardrails/validate_blocked_words_file PUT POST:-:125:admin
    /guardrails/{guardrail_id} PUT DELETE:-:120:admin GET:-:126:admin PATCH:-:120:admin PUT:-:117:admin
    /guardrails/{guardrail_id}/info GET GET:-:126:admin
    /health GET GET:-:127
    /health/backlog GET GET:-:128:admin
    /health/drain GET GET:1:1:admin
    /health/history GET GET:-:129:admin
    /health/latest GET GET:-:129:admin
    /health/license GET GET:-:130:admin
    /health/liveliness GET GET:131:131:admin OPTIONS:132:132:admin
    /health/liveness GET GET:131:131:admin OPTIONS:132:132:admin
    /health/readiness GET GET:133:133:admin OPTIONS:132:132:admin
    /health/readiness/details GET GET:-:134:admin
    /health/services GET GET:-:135
    /health/shared-status GET GET:-:136:admin
    /health/test_connection POST POST:-:19
    /images/edits POST POST:-:137
    /images/generations POST POST:-:138
    /interactions POST POST:-:139
    /interactions/{interaction_id} GET DELETE:-:140 GET:-:140
    /interactions/{interaction_id}/cancel POST POST:-:140
    /introspect POST POST:-:141
    /jwt/key/mapping/delete POST POST:-:45:admin
    /jwt/key/mapping/info GET GET:-:142:admin
    /jwt/key/mapping/list GET GET:-:96:admin
    /jwt/key/mapping/new POST POST:-:143:admin
    /jwt/key/mapping/update POST POST:-:45:admin
    /key/aliases GET GET:-:144:admin
    /key/block POST POST:-:145:admin
    /key/bulk_update POST POST:-:146:admin
    /key/delete POST POST:-:147:admin
    /key/generate POST POST:-:85:admin
    /key/health POST POST:-:148
    /key/info GET GET:-:149
    /key/list GET GET:-:144
    /key/regenerate POST POST:-:150:admin
    /key/service-account/generate POST POST:-:19:admin
    /key/spend/report GET GET:-:35:admin
    /key/unblock POST POST:-:145:admin
    /key/update POST POST:-:151:admin
    /key/{key}/regenerate POST POST:-:150:admin
    /key/{key}/reset_spend POST POST:-:152:admin
    /langfuse/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:39:39 GET:39:39 PATCH:39:39 POST:39:39 PUT:39:39
    /laya/v1/systemone POST POST:-:153
    /lens GET GET:-:154 POST:-:155
    /lens/activity/available GET GET:-:156:admin
    /lens/agents GET GET:-:22
    /lens/datasets GET GET:-:154 POST:-:154
    /lens/datasets/build POST POST:-:154:admin
    /lens/datasets/{dataset_id} GET GET:-:154:admin
    /lens/datasets/{dataset_id}/export GET GET:-:154:admin
    /lens/datasets/{dataset_id}/revisions POST POST:-:154:admin
    /lens/datasets/{dataset_id}/revisions/{revision}/cases GET GET:-:154:admin
    /lens/feedback GET DELETE:-:157 GET:-:157 PUT:-:157
    /lens/feedback/summary POST POST:-:157
    /lens/internal/ingestion-credentials GET GET:158:159:admin
    /lens/preview/sample POST POST:-:160
    /lens/service GET GET:-:161
    /lens/signals GET GET:-:154 PUT:-:154
    /lens/traces/findings POST POST:-:162:admin
    /lens/traces/signals POST POST:-:162:admin
    /lens/tracing/keys POST GET:-:154:admin POST:-:154:admin
    /lens/tracing/keys/{key_id} DELETE DELETE:-:154:admin
    /lens/watch-all POST POST:-:154
    /lens/worker/claim POST POST:158:154:admin
    /lens/worker/{lens_id}/{job_id}/content GET GET:158:154:admin
    /lens/worker/{lens_id}/{job_id}/heartbeat POST POST:158:154:admin
    /lens/worker/{lens_id}/{job_id}/model POST POST:158:154:admin
    /lens/worker/{lens_id}/{job_id}/progress POST POST:158:154:admin
    /lens/worker/{lens_id}/{job_id}/result POST POST:158:154:admin
    /lens/worker/{lens_id}/{job_id}/reviews GET GET:158:154:admin
    /lens/worker/{lens_id}/{job_id}/sample GET GET:158:154:admin
    /lens/workers/register POST POST:-:163
    /lens/workers/{worker_id} DELETE DELETE:-:154
    /lens/workers/{worker_id}/billing-key PUT PUT:-:163:admin
    /lens/{lens_id} PUT GET:-:154 PUT:-:155
    /lens/{lens_id}/cancel POST POST:-:154
    /lens/{lens_id}/executions/{execution_id} GET GET:-:154
    /lens/{lens_id}/findings/{finding_id} PATCH PATCH:-:164
    /lens/{lens_id}/runs POST GET:-:154 POST:-:154
    /lens/{lens_id}/runs/{job_id} GET GET:-:154
    /lens/{lens_id}/runs/{job_id}/reviews GET GET:-:154:admin
    /litellm/.well-known/litellm-ui-config GET GET:4:4:admin
    /management/v1/budgets GET GET:-:165:admin
    /management/v1/spend_logs/end_users GET GET:-:166:admin
    /management/v1/spend_logs/users GET GET:-:166:admin
    /management/v1/teams/{team_id}/members/bulk_delete POST POST:-:167
    /management/v1/teams/{team_id}/members/bulk_update POST POST:-:167
    /management/v1/users/bulk POST POST:-:168:admin
    /management/v1/users/bulk_delete POST POST:-:169
    /mcp DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT DELETE:170:171 GET:170:172 HEAD:173:174 OPTIONS:170:175 PATCH:170:175 POST:170:176 PUT:170:175
    /mcp-rest/tools/call POST POST:-:177
    /mcp-rest/tools/list GET GET:-:178
    /mcp/proxy - DELETE:170:171 GET:170:172 HEAD:173:174 OPTIONS:170:175 PATCH:170:175 POST:170:176 PUT:170:175
    /milvus/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:179 GET:-:179 PATCH:-:179 POST:-:179 PUT:-:179
    /mistral/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:180 GET:-:180 PATCH:-:180 POST:-:180 PUT:-:180
    /model-insights GET GET:-:35:admin
    /model-insights/tasks GET GET:-:35:admin
    /model/block POST POST:-:181:admin
    /model/delete POST POST:-:45
    /model/deprecations GET GET:-:182:admin
    /model/info GET GET:-:16
    /model/new POST POST:-:39
    /model/unblock POST POST:-:181:admin
    /model/update POST POST:-:183
    /model/{model_id}/update PATCH PATCH:-:19
    /model_group/info GET GET:-:16
    /model_group/make_public POST POST:-:184:admin
    /model_hub/update_useful_links POST POST:-:185:admin
    /models GET GET:-:89
    /models/{model_id} GET GET:-:186:admin
    /models/{model_name}:countTokens GET POST:-:187
    /models/{model_name}:generateContent GET POST:-:188
    /models/{model_name}:streamGenerateContent GET POST:-:189
    /moderations POST POST:-:190
    /moyai/connect/exchange POST POST:191:191:admin
    /moyai/connect/start POST POST:-:192:admin
    /nvidia_nim/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:193 GET:-:193 PATCH:-:193 POST:-:193 PUT:-:193
    /ocr POST POST:-:194
    /onboarding/claim_token POST POST:195:195:admin
    /onboarding/get_token GET GET:196:196:admin
    /openai/deployments/{model}/chat/completions POST POST:-:55
    /openai/deployments/{model}/completions POST POST:-:63
    /openai/deployments/{model}/embeddings POST POST:-:97
    /openai/deployments/{model}/images/edits POST POST:-:197
    /openai/deployments/{model}/images/generations POST POST:-:138
    /openai/v1/realtime DELETE,GET,PATCH,POST,PUT GET:-:39
    /openai/v1/realtime/calls DELETE,GET,PATCH,POST,PUT POST:-:39
    /openai/v1/realtime/client_secrets DELETE,GET,PATCH,POST,PUT POST:-:39
    /openai/v1/realtime/transcription_sessions DELETE,GET,PATCH,POST,PUT POST:-:39
    /openai/v1/responses POST POST:-:88
    /openai/v1/responses/compact GET POST:-:198
    /openai/v1/responses/input_tokens GET POST:-:199
    /openai/v1/responses/{response_id:path} GET DELETE:-:200 GET:-:200
    /openai/v1/responses/{response_id}/cancel POST POST:-:200
    /openai/v1/responses/{response_id}/input_items GET GET:-:200
    /openai/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:39 GET:-:39 PATCH:-:39 POST:-:39 PUT:-:39
    /openai_passthrough/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:39 GET:-:39 PATCH:-:39 POST:-:39 PUT:-:39
    /openapi.json GET,HEAD GET:16:16:admin HEAD:201:201:admin
    /openrouter/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:202 GET:-:202 PATCH:-:202 POST:-:202 PUT:-:202
    /organization/daily/activity GET GET:-:203
    /organization/daily/activity/aggregated GET GET:-:19
    /organization/daily/activity/aggregated/keys GET GET:-:19
    /organization/daily/activity/aggregated/model_top_keys GET GET:-:19
    /organization/daily/activity/aggregated/search GET GET:-:19
    /organization/daily/activity/export GET GET:-:19
    /organization/delete DELETE DELETE:-:203:admin
    /organization/info GET GET:-:203:admin POST:-:203:admin
    /organization/list GET GET:-:203
    /organization/member_add POST POST:-:203:admin
    /organization/member_delete DELETE DELETE:-:203:admin
    /organization/member_update PATCH PATCH:-:203:admin
    /organization/new POST POST:-:203:admin
    /organization/spend/report GET GET:-:35:admin
    /organization/update PATCH PATCH:-:203:admin
    /policies POST POST:-:204:admin
    /policies/attachments GET POST:-:204:admin
    /policies/attachments/estimate-impact GET POST:-:204:admin
    /policies/attachments/list GET GET:-:205:admin
    /policies/attachments/{attachment_id} GET DELETE:-:96:admin GET:-:96:admin
    /policies/compare GET GET:-:206:admin
    /policies/list GET GET:-:207:admin
    /policies/name/{policy_name}/all-versions DELETE DELETE:-:96:admin
    /policies/name/{policy_name}/versions GET GET:-:96:admin POST:-:96:admin
    /policies/resolve GET POST:-:96:admin
    /policies/test-pipeline GET POST:-:208:admin
    /policies/usage/overview GET GET:-:124:admin
    /policies/{policy_id} GET DELETE:-:96:admin GET:-:96:admin PUT:-:96:admin
    /policies/{policy_id}/resolved-guardrails GET GET:-:96:admin
    /policies/{policy_id}/status PUT PUT:-:209:admin
    /policy/info/{policy_name} GET GET:-:210:admin
    /policy/list GET GET:-:211:admin
    /policy/templates GET GET:-:22:admin
    /policy/templates/enrich POST POST:-:212:admin
    /policy/templates/enrich/stream POST POST:-:212:admin
    /policy/templates/suggest POST POST:-:39:admin
    /policy/templates/test POST POST:-:213:admin
    /policy/test POST POST:-:214:admin
    /policy/validate POST POST:-:215:admin
    /project/delete DELETE DELETE:-:216:admin
    /project/info GET GET:-:217
    /project/list GET GET:-:85
    /project/new POST POST:-:218
    /project/update POST POST:-:219
    /prompts POST POST:-:220:admin
    /prompts/list GET GET:-:221:admin
    /prompts/test GET POST:-:222:admin
    /prompts/{prompt_id} GET DELETE:-:35:admin GET:-:223:admin PATCH:-:35:admin PUT:-:220:admin
    /prompts/{prompt_id}/info GET GET:-:223:admin
    /prompts/{prompt_id}/versions GET GET:-:224:admin
    /provider/budgets GET GET:-:225:admin
    /public/agent_hub GET GET:22:22:admin
    /public/agents/fields GET GET:22:22:admin
    /public/autorouter_presets GET GET:16:16:admin
    /public/complexity_router/fuse_presets GET GET:16:16:admin
    /public/complexity_router/scorer_defaults GET GET:226:226:admin
    /public/endpoints GET GET:16:16:admin
    /public/litellm_blog_posts GET GET:227:227:admin
    /public/litellm_model_cost_map GET GET:16:16:admin
    /public/mcp_hub GET GET:22:22:admin
    /public/model_hub GET GET:22:22:admin
    /public/model_hub/info GET GET:228:228:admin
    /public/providers GET GET:22:22:admin
    /public/providers/fields GET GET:22:22:admin
    /public/skill_hub GET GET:229:229:admin
    /public/v1/model_hub GET GET:230:230:admin
    /public/v1/model_hub/{facet} GET GET:-:231:admin
    /rag/ingest POST POST:-:232
    /rag/query POST POST:-:233
    /realtime - GET:1:1
    /realtime/calls POST POST:234:235
    /realtime/client_secrets POST POST:-:236
    /realtime/transcription_sessions POST POST:-:237
    /redoc GET,HEAD GET:0:0:admin HEAD:0:0:admin
    /register POST POST:238:238:admin
    /rerank POST POST:-:239
    /responses POST POST:-:88
    /responses/compact GET POST:-:198
    /responses/input_tokens GET POST:-:199
    /responses/{response_id} GET DELETE:-:200 GET:-:200
    /responses/{response_id}/cancel POST POST:-:200
    /responses/{response_id}/input_items GET GET:-:200
    /revoke POST POST:240:240:admin
    /robots.txt GET GET:241:241:admin
    /router/fields GET GET:-:16:admin
    /router/settings GET GET:-:16:admin
    /routes GET GET:16:16:admin
    /scim/v2 GET GET:242:242:admin
    /scim/v2/Groups GET GET:242:242:admin POST:242:242:admin
    /scim/v2/Groups/{group_id} GET DELETE:242:242:admin GET:242:242:admin PATCH:242:242:admin PUT:242:242:admin
    /scim/v2/ResourceTypes GET GET:242:242:admin
    /scim/v2/ResourceTypes/{resource_type_id} GET GET:242:242:admin
    /scim/v2/Schemas GET GET:242:242:admin
    /scim/v2/Schemas/{schema_id:path} GET GET:242:242:admin
    /scim/v2/ServiceProviderConfig GET GET:242:242:admin
    /scim/v2/Users GET GET:242:242:admin POST:242:242:admin
    /scim/v2/Users/{user_id} GET DELETE:242:242:admin GET:242:242:admin PATCH:242:242:admin PUT:242:242:admin
    /scim/v2/placeholders GET GET:242:242:admin
    /scim/v2/placeholders/{user_id}/merge POST POST:242:242:admin
    /search POST POST:-:243
    /search/tools POST GET:-:244
    /search/{search_tool_name} POST POST:-:245
    /search_tools POST POST:-:246:admin
    /search_tools/list GET GET:-:120:admin
    /search_tools/test_connection PUT POST:-:247:admin
    /search_tools/ui/available_providers GET GET:-:16:admin
    /search_tools/{search_tool_id} PUT DELETE:-:120:admin GET:-:120:admin PUT:-:246:admin
    /session/logout POST POST:-:19
    /settings GET GET:-:16:admin
    /spend/calculate POST POST:-:248:admin
    /spend/capture_rate GET GET:-:80:admin
    /spend/logs GET GET:-:249:admin
    /spend/logs/v2 GET GET:-:115:admin
    /spend/tags GET GET:-:250:admin
    /systemone POST POST:-:251
    /tag/daily/activity GET GET:-:96:admin
    /tag/daily/activity/aggregated GET GET:-:19:admin
    /tag/daily/activity/aggregated/keys GET GET:-:19:admin
    /tag/daily/activity/aggregated/model_top_keys GET GET:-:19:admin
    /tag/daily/activity/aggregated/search GET GET:-:19:admin
    /tag/daily/activity/export GET GET:-:19:admin
    /tag/dau GET GET:-:19:admin
    /tag/delete POST POST:-:252:admin
    /tag/distinct GET GET:-:19:admin
    /tag/info POST POST:-:253:admin
    /tag/list GET GET:-:96:admin
    /tag/mau GET GET:-:19:admin
    /tag/new POST POST:-:252:admin
    /tag/summary GET GET:-:80:admin
    /tag/update POST POST:-:252:admin
    /tag/user-agent/per-user-analytics GET GET:-:19:admin
    /tag/wau GET GET:-:19:admin
    /team/available PATCH GET:-:47
    /team/block PATCH POST:-:218:admin
    /team/bulk_member_add PATCH POST:-:218:admin
    /team/daily/activity GET GET:-:19
    /team/daily/activity/aggregated GET GET:-:19
    /team/daily/activity/aggregated/keys GET GET:-:19
    /team/daily/activity/aggregated/model_top_keys GET GET:-:19
    /team/daily/activity/aggregated/search GET GET:-:19
    /team/daily/activity/export GET GET:-:19
    /team/delete PATCH POST:-:254:admin
    /team/info PATCH GET:-:255
    /team/key/bulk_update POST POST:-:256:admin
    /team/list PATCH GET:-:47
    /team/member_add PATCH POST:-:257
    /team/member_delete PATCH POST:-:258
    /team/member_update PATCH POST:-:258
    /team/metadata_schema PATCH GET:-:259
    /team/model/add POST POST:-:260:admin
    /team/model/delete POST POST:-:260:admin
    /team/new POST POST:-:261:admin
    /team/permissions_bulk_update PATCH POST:-:262:admin
    /team/permissions_list PATCH GET:-:263
    /team/permissions_update PATCH POST:-:264
    /team/spend/by_user GET GET:-:19
    /team/spend/report GET GET:-:35:admin
    /team/unblock PATCH POST:-:218:admin
    /team/update POST POST:-:218
    /team/{team_id} PATCH PATCH:-:265:admin
    /team/{team_id}/callback POST GET:-:263 POST:-:266
    /team/{team_id}/callback/{callback_name} DELETE DELETE:-:19
    /team/{team_id}/disable_logging POST POST:-:263:admin
    /team/{team_id}/member/{user_id}/reset_budget POST POST:-:267
    /team/{team_id}/member/{user_id}/reset_spend POST POST:-:152
    /team/{team_id}/members/me GET GET:-:268
    /test GET GET:269:269:admin
    /threads POST POST:-:26
    /threads/{thread_id} GET GET:-:26
    /threads/{thread_id}/messages POST GET:-:26 POST:-:26
    /threads/{thread_id}/runs POST POST:-:26
    /tinyfish/{endpoint:path} GET,POST GET:-:270 POST:-:271
    /token POST POST:272:272
    /toolset/{toolset_name}/mcp DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT DELETE:273:273:admin GET:273:273:admin HEAD:274:274:admin OPTIONS:273:273:admin PATCH:273:273:admin POST:273:273:admin PUT:273:273:admin
    /transcribe POST POST:-:275
    /transcribe/{operation} POST POST:-:276
    /typesafe/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:277 GET:-:277 PATCH:-:277 POST:-:277 PUT:-:277
    /update/default_team_settings PATCH PATCH:-:278:admin
    /update/internal_user_settings PATCH PATCH:-:278:admin
    /update/mcp_semantic_filter_settings PATCH PATCH:-:278:admin
    /update/mcp_tool_search_settings PATCH PATCH:-:278:admin
    /update/sso_settings PATCH PATCH:-:107:admin
    /update/ui_settings PATCH PATCH:-:107:admin
    /update/ui_theme_settings PATCH PATCH:-:278:admin
    /update/user_banner PATCH PATCH:-:108:admin
    /update/websearch_interception_settings PATCH PATCH:-:278:admin
    /upload/logo POST POST:-:28:admin
    /usage/ai/chat POST POST:-:279:admin
    /user/available_users GET GET:-:19:admin
    /user/bulk_update POST POST:-:280:admin
    /user/daily/activity GET GET:-:19
    /user/daily/activity/aggregated GET GET:-:19
    /user/daily/activity/aggregated/cache_leakage_keys GET GET:-:19
    /user/daily/activity/aggregated/keys GET GET:-:19
    /user/daily/activity/aggregated/model_top_keys GET GET:-:19
    /user/daily/activity/aggregated/search GET GET:-:19
    /user/daily/activity/export GET GET:-:19
    /user/delete POST POST:-:91:admin
    /user/info GET GET:-:149
    /user/list GET GET:-:281
    /user/new POST POST:-:282:admin
    /user/password/change POST POST:-:283
    /user/spend/report GET GET:-:35:admin
    /user/update POST POST:-:258:admin
    /utils/dotprompt_json_converter POST POST:-:28:admin
    /utils/model_info GET GET:-:284
    /utils/supported_openai_params GET GET:-:284:admin
    /utils/test_policies_and_guardrails POST POST:-:285:admin
    /utils/token_counter POST POST:-:286
    /utils/transform_request POST POST:-:287
    /v1/a2a/discover POST POST:-:288:admin
    /v1/a2a/{agent_id}/message/send POST POST:-:12
    /v1/access_group POST GET:-:19:admin POST:-:289:admin
    /v1/access_group/{access_group_id} GET DELETE:-:19:admin GET:-:19:admin PUT:-:19:admin
    /v1/agents GET GET:-:22 POST:-:290
    /v1/agents/identity/providers GET GET:-:22:admin
    /v1/agents/make_public GET POST:-:291
    /v1/agents/{agent_id} GET DELETE:-:120 GET:-:120 PATCH:-:35 PUT:-:290
    /v1/agents/{agent_id}/identity GET GET:-:292:admin
    /v1/agents/{agent_id}/kill_switch POST POST:-:293
    /v1/agents/{agent_id}/make_public POST POST:-:35
    /v1/assistants GET GET:-:26 POST:-:26
    /v1/assistants/{assistant_id:path} DELETE DELETE:-:26
    /v1/audio/speech POST POST:-:27
    /v1/audio/transcriptions POST POST:-:28
    /v1/batches POST GET:-:41 POST:-:42
    /v1/batches/{batch_id:path} GET GET:-:41
    /v1/batches/{batch_id}/cancel GET POST:-:41
    /v1/chat/completions POST POST:-:55
    /v1/completions POST POST:-:63
    /v1/containers POST GET:-:73 POST:-:74
    /v1/containers/{container_id} GET DELETE:-:73 GET:-:73
    /v1/containers/{container_id}/files GET GET:-:75 POST:-:76
    /v1/containers/{container_id}/files/{file_id} GET DELETE:-:75 GET:-:75
    /v1/containers/{container_id}/files/{file_id}/content GET GET:-:75
    /v1/decisions POST POST:-:95
    /v1/embeddings POST POST:-:97
    /v1/evals POST GET:-:294:admin POST:-:295:admin
    /v1/evals/{eval_id} GET DELETE:-:294:admin GET:-:294:admin POST:-:294:admin
    /v1/evals/{eval_id}/cancel POST POST:-:294:admin
    /v1/evals/{eval_id}/runs POST GET:-:294:admin POST:-:296:admin
    /v1/evals/{eval_id}/runs/{run_id} GET DELETE:-:294:admin GET:-:294:admin POST:-:294:admin
    /v1/files POST GET:-:41 POST:-:102
    /v1/files/{file_id:path} GET DELETE:-:41 GET:-:41
    /v1/files/{file_id}/content GET GET:-:41
    /v1/fine_tuning/jobs POST GET:-:103 POST:-:104
    /v1/fine_tuning/jobs/{fine_tuning_job_id:path} GET GET:-:103:admin
    /v1/fine_tuning/jobs/{fine_tuning_job_id}/cancel GET POST:-:103
    /v1/images/edits POST POST:-:137
    /v1/images/generations POST POST:-:138
    /v1/indexes POST GET:-:35:admin POST:-:297:admin
    /v1/mcp/access_groups GET GET:-:298
    /v1/mcp/discover GET GET:-:16
    /v1/mcp/make_public POST POST:-:299
    /v1/mcp/network/client-ip GET GET:-:300
    /v1/mcp/openapi-registry GET GET:-:16
    /v1/mcp/registry.json GET GET:301:301
    /v1/mcp/server GET GET:-:22 POST:-:302 PUT:-:303
    /v1/mcp/server/health GET GET:-:22
    /v1/mcp/server/import GET POST:-:304
    /v1/mcp/server/oauth/session POST POST:-:16
    /v1/mcp/server/register POST POST:-:305
    /v1/mcp/server/submissions GET GET:-:302
    /v1/mcp/server/{server_id} GET DELETE:-:268 GET:-:302
    /v1/mcp/server/{server_id}/approve PUT PUT:-:302
    /v1/mcp/server/{server_id}/oauth-user-credential POST DELETE:-:302 POST:-:306
    /v1/mcp/server/{server_id}/oauth-user-credential/status GET GET:-:302
    /v1/mcp/server/{server_id}/pin POST DELETE:-:302 POST:-:302
    /v1/mcp/server/{server_id}/reject PUT PUT:-:302
    /v1/mcp/server/{server_id}/user-credential POST DELETE:-:302 POST:-:307
    /v1/mcp/server/{server_id}/user-credentials GET GET:-:302
    /v1/mcp/server/{server_id}/user-env-vars GET DELETE:-:302 GET:-:302 POST:-:308
    /v1/mcp/sessions GET DELETE:-:309 GET:-:310
    /v1/mcp/tools GET GET:-:311
    /v1/mcp/toolset POST GET:-:302 POST:-:312 PUT:-:313
    /v1/mcp/toolset/{toolset_id} GET DELETE:-:302 GET:-:302
    /v1/mcp/user-credentials GET GET:-:302
    /v1/mcp/user-env-vars/status GET GET:-:302
    /v1/memory POST GET:-:35:admin POST:-:314:admin
    /v1/memory/{key:path} GET DELETE:-:35:admin GET:-:35:admin PUT:-:35:admin
    /v1/messages POST POST:-:315
    /v1/messages/count_tokens POST POST:-:316
    /v1/model/deprecations GET GET:-:317:admin
    /v1/model/info GET GET:-:16
    /v1/models GET GET:-:89
    /v1/models/{model_id} GET GET:-:186:admin
    /v1/moderations POST POST:-:190
    /v1/ocr POST POST:-:194
    /v1/rag/ingest POST POST:-:232
    /v1/rag/query POST POST:-:233
    /v1/realtime - GET:1:1
    /v1/realtime/calls POST POST:234:235
    /v1/realtime/client_secrets POST POST:-:236
    /v1/realtime/transcription_sessions POST POST:-:237
    /v1/rerank POST POST:-:239
    /v1/responses POST POST:-:88
    /v1/responses/compact GET POST:-:198
    /v1/responses/input_tokens GET POST:-:199
    /v1/responses/{response_id} GET DELETE:-:200 GET:-:200
    /v1/responses/{response_id}/cancel POST POST:-:200
    /v1/responses/{response_id}/input_items GET GET:-:200
    /v1/rust_control_plane/logs POST POST:-:318:admin
    /v1/search POST POST:-:243
    /v1/search/tools POST GET:-:244
    /v1/search/{search_tool_name} POST POST:-:245
    /v1/skills POST GET:-:319 POST:-:319
    /v1/skills/{skill_id} GET DELETE:-:319 GET:-:319
    /v1/skills/{skill_id}/archive GET GET:1:1:admin
    /v1/systemone POST POST:-:251
    /v1/threads POST POST:-:26
    /v1/threads/{thread_id} GET GET:-:26
    /v1/threads/{thread_id}/messages POST GET:-:26 POST:-:26
    /v1/threads/{thread_id}/runs POST POST:-:26
    /v1/tool/list GET GET:-:35:admin
    /v1/tool/policy GET POST:-:320:admin
    /v1/tool/policy/options GET GET:-:16:admin
    /v1/tool/spend GET GET:-:35:admin
    /v1/tool/{tool_name:path} GET GET:-:35:admin
    /v1/tool/{tool_name}/detail GET GET:-:35:admin
    /v1/tool/{tool_name}/logs GET GET:-:35:admin
    /v1/tool/{tool_name}/overrides GET DELETE:-:35:admin
    /v1/traces POST GET:-:321
    /v1/traces/agents GET GET:-:321
    /v1/traces/query POST POST:-:321
    /v1/traces/query/help GET GET:-:321
    /v1/traces/{trace_id} GET GET:-:321
    /v1/traces/{trace_id}/spans/{span_id} GET GET:-:321
    /v1/traces/{trace_id}/spans/{span_id}/error GET GET:-:321
    /v1/unified_access_group POST GET:-:19:admin POST:-:289:admin
    /v1/unified_access_group/{access_group_id} GET DELETE:-:19:admin GET:-:19:admin PUT:-:19:admin
    /v1/vector_store/list GET GET:-:322
    /v1/vector_stores POST GET:-:73 POST:-:73
    /v1/vector_stores/{vector_store_id} GET DELETE:-:73 GET:-:73 POST:-:73
    /v1/vector_stores/{vector_store_id}/files POST GET:-:73 POST:-:323
    /v1/vector_stores/{vector_store_id}/files/{file_id} GET DELETE:-:73 GET:-:73 POST:-:324
    /v1/vector_stores/{vector_store_id}/files/{file_id}/content GET GET:-:73
    /v1/vector_stores/{vector_store_id}/search POST POST:-:325
    /v1/videos POST GET:-:326 POST:-:327
    /v1/videos/characters GET POST:-:328
    /v1/videos/characters/{character_id} GET GET:-:73:admin
    /v1/videos/edits GET POST:-:329
    /v1/videos/extensions GET POST:-:330
    /v1/videos/{video_id} GET GET:-:73
    /v1/videos/{video_id}/content GET GET:-:73
    /v1/videos/{video_id}/remix POST POST:-:331
    /v1/workflows/runs POST GET:-:35:admin POST:-:332:admin
    /v1/workflows/runs/{run_id} GET GET:-:35:admin PATCH:-:35:admin
    /v1/workflows/runs/{run_id}/events POST GET:-:35:admin POST:-:333:admin
    /v1/workflows/runs/{run_id}/messages POST GET:-:35:admin POST:-:334:admin
    /v1beta/agents POST GET:-:335 POST:-:336
    /v1beta/agents/{name} GET DELETE:-:335 GET:-:335
    /v1beta/agents/{name}/versions GET GET:-:335
    /v1beta/interactions POST POST:-:139
    /v1beta/interactions/{interaction_id} GET DELETE:-:140 GET:-:140
    /v1beta/interactions/{interaction_id}/cancel POST POST:-:140
    /v1beta/models/{model_name}:countTokens POST POST:-:187
    /v1beta/models/{model_name}:generateContent POST POST:-:188
    /v1beta/models/{model_name}:streamGenerateContent POST POST:-:189
    /v2/guardrails/list GET GET:-:118:admin
    /v2/model/info GET GET:-:19
    /v2/organization/{organization_id} PATCH PATCH:-:203:admin
    /v2/rerank POST POST:-:239
    /v2/team/list GET GET:-:281
    /v2/user/info GET GET:-:337
    /vantage/delete DELETE DELETE:-:19:admin
    /vantage/dry-run POST POST:-:338:admin
    /vantage/export POST POST:-:19:admin
    /vantage/init POST POST:-:339:admin
    /vantage/settings GET GET:-:19:admin PUT:-:61:admin
    /vector_store/delete POST POST:-:340:admin
    /vector_store/info POST POST:-:340
    /vector_store/list GET GET:-:322
    /vector_store/new POST POST:-:341:admin
    /vector_store/update POST POST:-:340:admin
    /vector_stores POST GET:-:73 POST:-:73
    /vector_stores/{vector_store_id} GET DELETE:-:73 GET:-:73 POST:-:73
    /vector_stores/{vector_store_id}/files POST GET:-:73 POST:-:323
    /vector_stores/{vector_store_id}/files/{file_id} GET DELETE:-:73 GET:-:73 POST:-:324
    /vector_stores/{vector_store_id}/files/{file_id}/content GET GET:-:73
    /vector_stores/{vector_store_id}/search POST POST:-:325
    /vertex_ai/discovery/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:342:343 GET:342:343 PATCH:342:343 POST:342:343 PUT:342:343
    /vertex_ai/live DELETE,GET,PATCH,POST,PUT GET:-:343
    /vertex_ai/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:343 GET:-:343 PATCH:-:343 POST:-:343 PUT:-:343
    /videos POST GET:-:326 POST:-:327
    /videos/characters GET POST:-:328
    /videos/characters/{character_id} GET GET:-:73:admin
    /videos/edits GET POST:-:329
    /videos/extensions GET POST:-:330
    /videos/{video_id} GET GET:-:73
    /videos/{video_id}/content GET GET:-:73
    /videos/{video_id}/remix POST POST:-:331
    /vllm/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:39 GET:-:39 PATCH:-:39 POST:-:39 PUT:-:39
    /watsonx/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:39 GET:-:39 PATCH:-:39 POST:-:39 PUT:-:39
    /{mcp_server_name}/authorize GET GET:30:30:admin
    /{mcp_server_name}/mcp DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT DELETE:344:344:admin GET:344:344:admin HEAD:345:345:admin OPTIONS:344:344:admin PATCH:344:344:admin POST:344:344:admin PUT:344:344:admin
    /{mcp_server_name}/register POST POST:346:346:admin
    /{mcp_server_name}/token POST POST:272:272:admin
    /{provider}/v1/batches POST GET:-:347:admin POST:-:42:admin
    /{provider}/v1/batches/{batch_id:path} GET GET:-:348:admin
    /{provider}/v1/batches/{batch_id}/cancel GET POST:-:349:admin
    /{provider}/v1/files POST GET:-:350:admin POST:-:102:admin
    /{provider}/v1/files/{file_id:path} GET DELETE:-:350:admin GET:-:350:admin
    /{provider}/v1/files/{file_id}/content GET GET:-:350:admin
    """#)
}
