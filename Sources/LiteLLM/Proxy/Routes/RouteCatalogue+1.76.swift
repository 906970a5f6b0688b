// Made by Scripts/conformance --routes; asked of LiteLLM itself.

extension RouteCatalogue {
  static let v76 = RouteCatalogue(
    #"""
    200 text/html;charset=utf-8
    200 application/json {"server_root_path":"/","proxy_base_url":null}
    200 application/json {}
    422 application/json {"detail":[{"type":"missing","loc":["body","ip"],"msg":"Field required","input":{}}]}
    400 application/json {"detail":{"error":"DB not connected. See https://docs.litellm.ai/docs/proxy/virtual_keys"}}
    500 application/json {"error":{"message":"Cannot connect to host api.anthropic.com:443 ssl:default [Name or service not known]","type":"None","param":"None","code":"500"}}
    500 application/json {"error":{"message":"Cannot connect to host api.assemblyai.com:443 ssl:default [Name or service not known]","type":"None","param":"None","code":"500"}}
    500 application/json {"error":{"message":"'custom_llm_provider' must be set. Either via:\n `Router(assistants_config={'custom_llm_provider': ..})` \nor\n `router.arun_thread(custom_llm_provider=..)`","type":"None","param":"None","code":"500"}}
    500 text/plain;charset=utf-8 Internal Server Error
    422 application/json {"detail":[{"type":"missing","loc":["body","file"],"msg":"Field required","input":null}]}
    500 application/json {"detail":{"message":"DB not connected. See https://docs.litellm.ai/docs/proxy/virtual_keys"}}
    500 application/json {"error":{"message":"Internal Server Error, Missing credentials. Please pass an `api_key`, `workload_identity`, `admin_api_key`, or set the `OPENAI_API_KEY` or `OPENAI_ADMIN_KEY` environment variable.","type":"internal_server_error","param":"None","code":"500"}}
    500 application/json {"error":{"message":"Internal Server Error, acreate_batch() missing 3 required positional arguments: 'completion_window', 'endpoint', and 'input_file_id'","type":"internal_server_error","param":"None","code":"500"}}
    400 application/json {"detail":{"error":"Model missing from endpoint. Expected format: /model/<Model>/<endpoint>. Got: {endpoint}"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","id"],"msg":"Field required","input":{}}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","budgets"],"msg":"Field required","input":{}}]}
    500 application/json {"detail":{"error":"DB not connected. See https://docs.litellm.ai/docs/proxy/virtual_keys"}}
    422 application/json {"detail":[{"type":"missing","loc":["query","budget_id"],"msg":"Field required","input":null}]}
    500 application/json {"detail":"Cache Delete Failed(503: Cache not initialized. litellm.cache is None)"}
    503 application/json {"detail":"Service Unhealthy (503: Cache not initialized. litellm.cache is None)"}
    503 application/json {"error":{"message":"{\"message\": \"Service Unhealthy (503: Cache not initialized. litellm.cache is None)\", \"litellm_cache_params\": \"{}\", \"health_check_cache_params\": \"{}\", \"traceback\": \"Traceback (most recent call last):\\n  File \\\"site-packages/litellm/proxy/caching_routes.py\\\", line 65, in cache_ping\\n    raise HTTPException(\\nfastapi.exceptions.HTTPException: 503: Cache not initialized. litellm.cache is None\\n\"}","type":"cache_ping_error","param":"cache_ping","code":"503"}}
    200 application/json {"success":["sync_deployment_callback_on_success","deployment_callback_on_success"],"failure":["deployment_callback_on_failure","async_deployment_callback_on_failure"],"success_and_failure":["_PROXY_MaxBudgetLimiter","_PROXY_MaxParallelRequestsHandler","_PROXY_CacheControlCheck","_PROXY_VirtualKeyModelMaxBudgetLimiter","ServiceLogging"]}
    400 application/json {"error":{"message":"{'error': '/chat/completions: Invalid model name passed in model=None. Call `/v1/models` to view available models for your key.'}","type":"None","param":"None","code":"400"}}
    500 application/json {"detail":{"error":"Failed to perform CloudZero dry run export: Database not connected. Connect a database to your proxy - https://docs.litellm.ai/docs/simple_proxy#managing-auth---virtual-keys"}}
    500 application/json {"detail":{"error":"Failed to perform CloudZero export: 500: {'error': 'DB not connected. See https://docs.litellm.ai/docs/proxy/virtual_keys'}"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","api_key"],"msg":"Field required","input":{}},{"type":"missing","loc":["body","connection_id"],"msg":"Field required","input":{}}]}
    400 application/json {"detail":{"error":"At least one field must be provided for update"}}
    500 application/json {"error":{"message":"Cannot connect to host api.cohere.com:443 ssl:default [Name or service not known]","type":"None","param":"None","code":"500"}}
    500 application/json {"error":{"message":"'prompt'","type":"None","param":"None","code":"500"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","callback_name"],"msg":"Field required","input":{}}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","config_type"],"msg":"Field required","input":{}},{"type":"missing","loc":["body","field_name"],"msg":"Field required","input":{}}]}
    422 application/json {"detail":[{"type":"missing","loc":["query","field_name"],"msg":"Field required","input":null}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","field_name"],"msg":"Field required","input":{}},{"type":"missing","loc":["body","field_value"],"msg":"Field required","input":{}},{"type":"missing","loc":["body","config_type"],"msg":"Field required","input":{}}]}
    422 application/json {"detail":[{"type":"missing","loc":["query","config_type"],"msg":"Field required","input":null}]}
    422 application/json {"detail":[{"type":"missing","loc":["query","endpoint_id"],"msg":"Field required","input":null}]}
    200 application/json {"endpoints":[]}
    422 application/json {"detail":[{"type":"missing","loc":["body","path"],"msg":"Field required","input":{}},{"type":"missing","loc":["body","target"],"msg":"Field required","input":{}}]}
    400 application/json {"error":{"message":"Authentication Error, No DB Connected","type":"auth_error","param":"None","code":"400"}}
    422 application/json {"detail":[{"type":"missing","loc":["body"],"msg":"Field required","input":null}]}
    200 application/json {"success":true,"credentials":[]}
    422 application/json {"detail":[{"type":"value_error","loc":["body"],"msg":"Value error, Either credential_values or model_id must be set","input":{},"ctx":{"error":{}}}]}
    422 application/json {"detail":[{"type":"missing","loc":["path","credential_name"],"msg":"Field required","input":null}]}
    404 application/json {"error":{"message":"Credential not found. Got credential name: {credential_name}","type":"internal_server_error","param":"None","code":"404"}}
    200 application/json {"message":"{'error': 'DB not connected. See https://docs.litellm.ai/docs/proxy/virtual_keys'}","type":"internal_server_error","param":"None","openai_code":500,"code":"500","headers":{}}
    422 application/json {"detail":[{"type":"missing","loc":["body","credential_name"],"msg":"Field required","input":{}},{"type":"missing","loc":["body","credential_info"],"msg":"Field required","input":{}},{"type":"missing","loc":["body","credential_values"],"msg":"Field required","input":{}}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","user_ids"],"msg":"Field required","input":{}}]}
    422 application/json {"detail":[{"type":"missing","loc":["query","end_user_id"],"msg":"Field required","input":null}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","user_id"],"msg":"Field required","input":{}}]}
    500 application/json {"detail":"Database not connected"}
    422 application/json {"detail":[{"type":"missing","loc":["body","settings"],"msg":"Field required","input":{}}]}
    400 application/json {"error":{"message":"{\"error\": \"/embeddings: Invalid model name passed in model=None. Call `/v1/models` to view available models for your key.\"}","type":"None","param":"None","code":"400"}}
    400 application/json {"error":{"message":"{'error': '/chat/completions: Invalid model name passed in model={model}. Call `/v1/models` to view available models for your key.'}","type":"None","param":"None","code":"400"}}
    400 application/json {"error":{"message":"{\"error\": \"/embeddings: Invalid model name passed in model={model}. Call `/v1/models` to view available models for your key.\"}","type":"None","param":"None","code":"400"}}
    500 application/json {"error":{"message":"Missing credentials. Please pass an `api_key`, `workload_identity`, `admin_api_key`, or set the `OPENAI_API_KEY` or `OPENAI_ADMIN_KEY` environment variable.","type":"None","param":"None","code":"500"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","purpose"],"msg":"Field required","input":null},{"type":"missing","loc":["body","file"],"msg":"Field required","input":null}]}
    500 application/json {"error":{"message":"Internal Server Error, Only premium users can use this endpoint + You must be a LiteLLM Enterprise user to use this feature. If you have a license please set `LITELLM_LICENSE` in your env. Get a 7 day trial key here: https://www.litellm.ai/enterprise#trial. \nPricing: https://www.litellm.ai/#pricing","type":"internal_server_error","param":"None","code":"500"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","model"],"msg":"Field required","input":{}},{"type":"missing","loc":["body","training_file"],"msg":"Field required","input":{}}]}
    400 application/json {"error":{"message":"No connected db.","type":"no_db_connection","param":null,"code":"400"}}
    200 application/json {"data":null}
    200 application/json {"values":{"logo_url":null},"field_schema":{"description":"Configuration for UI theme customization","properties":{"logo_url":{"description":"URL or path to custom logo image. Can be a local file path or HTTP/HTTPS URL","type":"string"}}}}
    200 image/jpeg
    200 application/json {"logo_url":""}
    400 application/json {"detail":{"error":"Please provide start_date and end_date"}}
    422 application/json {"detail":[{"type":"missing","loc":["query","model_group"],"msg":"Field required","input":null}]}
    500 application/json {"detail":{"error":"No db connected"}}
    500 application/json {"error":{"message":"{'error': 'No db connected'}","type":"internal_error","param":"None","code":"500"}}
    500 application/json {"error":{"message":"/spend/all_tag_names ErrorDatabase not connected. Connect a database to your proxy - https://docs.litellm.ai/docs/simple_proxy#managing-auth---virtual-keys","type":"internal_error","param":"None","code":"500"}}
    500 application/json {"error":{"message":"Prisma Client is not initialized","type":"internal_error","param":"None","code":"500"}}
    401 application/json {"error":{"message":"Prisma Client is not initialized","type":"internal_error","param":"None","code":"401"}}
    500 application/json {"error":{"message":"/spend/tags ErrorDatabase not connected. Connect a database to your proxy - https://docs.litellm.ai/docs/simple_proxy#managing-auth---virtual-keys\nTraceback (most recent call last):\n  File \"site-packages/litellm/proxy/spend_tracking/spend_management_endpoints.py\", line 1371, in global_view_spend_tags\n    raise Exception(\nException: Database not connected. Connect a database to your proxy - https://docs.litellm.ai/docs/simple_proxy#managing-auth---virtual-keys\n","type":"internal_error","param":"None","code":"500"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","guardrail"],"msg":"Field required","input":{}}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","guardrail_name"],"msg":"Field required","input":{}},{"type":"missing","loc":["body","text"],"msg":"Field required","input":{}}]}
    200 application/json {"guardrails":[]}
    500 application/json {"detail":"Prisma client not initialized"}
    500 application/json {"detail":{"error":"Database not initialized"}}
    200 application/json "I'm alive!"
    200 -
    200 application/json {"status":"healthy","db":"Not connected","cache":null,"litellm_version":"1.76.3","success_callbacks":["sync_deployment_callback_on_success","_PROXY_VirtualKeyModelMaxBudgetLimiter","_PROXY_MaxBudgetLimiter","_PROXY_MaxParallelRequestsHandler","_PROXY_CacheControlCheck","ServiceLogging"],"use_aiohttp_transport":true}
    422 application/json {"detail":[{"type":"missing","loc":["query","service"],"msg":"Field required","input":null}]}
    500 application/json {"detail":{"error":"Failed to test connection: 'NoneType' object does not support item assignment"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","image"],"msg":"Field required","input":null}]}
    400 application/json {"error":{"message":"400: {'error': '/image/generations: Invalid model name passed in model=None. Call `/v1/models` to view available models for your key.'}","type":"None","param":"None","code":"400"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","invitation_id"],"msg":"Field required","input":{}}]}
    422 application/json {"detail":[{"type":"missing","loc":["query","invitation_id"],"msg":"Field required","input":null}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","invitation_id"],"msg":"Field required","input":{}},{"type":"missing","loc":["body","is_accepted"],"msg":"Field required","input":{}}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","key"],"msg":"Field required","input":{}}]}
    422 application/json {"detail":[{"type":"value_error","loc":["body"],"msg":"Value error, At least one of 'keys' or 'key_aliases' must be provided.","input":{},"ctx":{"error":{}}}]}
    500 application/json {"error":{"message":"Internal Server Error, Connect Proxy to database to generate keys - https://docs.litellm.ai/docs/proxy/virtual_keys ","type":"internal_server_error","param":"None","code":"500"}}
    200 application/json {"key":"healthy","logging_callbacks":null}
    500 application/json {"error":{"message":"Internal Server Error, Database not connected. Connect a database to your proxy - https://docs.litellm.ai/docs/simple_proxy#managing-auth---virtual-keys","type":"internal_server_error","param":"None","code":"500"}}
    500 application/json {"error":{"message":"Authentication Error, Database not connected","type":"internal_server_error","param":"None","code":"500"}}
    500 application/json {"error":{"message":"Internal Server Error, Regenerating Virtual Keys is an Enterprise feature, You must be a LiteLLM Enterprise user to use this feature. If you have a license please set `LITELLM_LICENSE` in your env. Get a 7 day trial key here: https://www.litellm.ai/enterprise#trial. \nPricing: https://www.litellm.ai/#pricing","type":"internal_server_error","param":"None","code":"500"}}
    400 application/json {"detail":"team_id is required for service account keys. Please specify `team_id` in the request body."}
    401 application/json {"error":{"message":"Invalid credentials used to access UI.\nCheck 'UI_USERNAME', 'UI_PASSWORD' in .env file","type":"auth_error","param":"invalid_credentials","code":"401"}}
    200 application/json {"num_items_in_user_api_key_cache":2,"num_items_in_llm_router_cache":0,"num_items_in_proxy_logging_obj_cache":6}
    500 application/json {"error":{"message":"Cannot connect to host api.mistral.ai:443 ssl:default [Name or service not known]","type":"None","param":"None","code":"500"}}
    200 application/json []
    500 application/json {"error":{"message":"DB not connected. See https://docs.litellm.ai/docs/proxy/virtual_keys","type":"internal_error","param":"None","code":"500"}}
    500 application/json {"error":{"message":"{'error': \"No DB Connected. Here's how to do it - https://docs.litellm.ai/docs/proxy/virtual_keys\"}","type":"auth_error","param":"None","code":"500"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","model_groups"],"msg":"Field required","input":{}}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","useful_links"],"msg":"Field required","input":{}}]}
    200 application/json {"data":[{"id":"demo-chat","object":"model","created":1677610602,"owned_by":"openai"},{"id":"demo-claude","object":"model","created":1677610602,"owned_by":"openai"}],"object":"list"}
    404 application/json {"detail":"The model `{model_id}` does not exist or is not accessible"}
    200 application/json {"totalTokens":3,"promptTokensDetails":[]}
    400 application/json {"error":{"message":"{'error': 'agenerate_content: Invalid model name passed in model={model_name}. Call `/v1/models` to view available models for your key.'}","type":"None","param":"None","code":"400"}}
    400 application/json {"error":{"message":"{'error': 'agenerate_content_stream: Invalid model name passed in model={model_name}. Call `/v1/models` to view available models for your key.'}","type":"None","param":"None","code":"400"}}
    500 application/json {"error":{"message":"'input'","type":"None","param":"None","code":"500"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","invitation_link"],"msg":"Field required","input":{}},{"type":"missing","loc":["body","user_id"],"msg":"Field required","input":{}},{"type":"missing","loc":["body","password"],"msg":"Field required","input":{}}]}
    422 application/json {"detail":[{"type":"missing","loc":["query","invite_link"],"msg":"Field required","input":null}]}
    400 application/json {"error":{"message":"400: {'error': '/image/generations: Invalid model name passed in model={model}. Call `/v1/models` to view available models for your key.'}","type":"None","param":"None","code":"400"}}
    200 application/json
    422 application/json {"detail":[{"type":"missing","loc":["query","organization_id"],"msg":"Field required","input":null}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","organizations"],"msg":"Field required","input":{}}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","member"],"msg":"Field required","input":{}},{"type":"missing","loc":["body","organization_id"],"msg":"Field required","input":{}}]}
    422 application/json {"detail":[{"type":"value_error","loc":["body"],"msg":"Value error, Either user id or user email must be provided","input":{},"ctx":{"error":{}}}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","organization_alias"],"msg":"Field required","input":{}}]}
    200 application/json {"otel_spans":[],"spans_grouped_by_parent":{},"most_recent_parent":null}
    422 application/json {"detail":[{"type":"missing","loc":["body","prompt_id"],"msg":"Field required","input":{}},{"type":"missing","loc":["body","litellm_params"],"msg":"Field required","input":{}}]}
    200 application/json {"prompts":[]}
    500 application/json {"detail":"DB not connected. See https://docs.litellm.ai/docs/proxy/virtual_keys"}
    400 application/json {"detail":"Prompt {prompt_id} not found"}
    500 application/json {"error":{"message":"Internal Server Error, No provider budget config found. Please set a provider budget config in the router settings. https://docs.litellm.ai/docs/proxy/provider_budget_routing","type":"internal_server_error","param":"None","code":"500"}}
    200 application/json {"docs_title":"LiteLLM API","custom_docs_description":null,"litellm_version":"1.76.3","useful_links":{}}
    400 application/json {"error":{"message":"Authentication Error, Router.schedule_acompletion() missing 2 required positional arguments: 'messages' and 'priority'","type":"auth_error","param":"None","code":"400"}}
    404 application/json {"detail":"Not Found"}
    500 application/json {"detail":"Failed to reload model cost map: 500: Database connection not available"}
    500 application/json {"error":{"message":"'model'","type":"None","param":"None","code":"500"}}
    400 application/json {"error":{"message":"litellm.BadRequestError: You passed in model=None. There are no healthy deployments for this model","type":null,"param":null,"code":"400"}}
    404 -
    500 application/json {"detail":"Failed to cancel model cost map reload: 500: Database connection not available"}
    422 application/json {"detail":[{"type":"missing","loc":["query","hours"],"msg":"Field required","input":null}]}
    200 application/json {"scheduled":false,"interval_hours":null,"last_run":null,"next_run":null}
    403 application/json {"detail":{"error":"This feature is only available for LiteLLM Enterprise users. You must be a LiteLLM Enterprise user to use this feature. If you have a license please set `LITELLM_LICENSE` in your env. Get a 7 day trial key here: https://www.litellm.ai/enterprise#trial. \nPricing: https://www.litellm.ai/#pricing"}}
    400 application/json {"error":{"message":"Bad Request - Either 'model' or 'completion_response' must be provided","type":"None","param":"None","code":"400"}}
    400 application/json {"detail":{"error":"Database not connected. Connect a database to your proxy - https://docs.litellm.ai/docs/simple_proxy#managing-auth---virtual-keys"}}
    500 application/json {"error":{"message":"/spend/logs ErrorDatabase not connected. Connect a database to your proxy - https://docs.litellm.ai/docs/simple_proxy#managing-auth---virtual-keys","type":"internal_error","param":"None","code":"500"}}
    422 application/json {"detail":[{"type":"missing","loc":["query","session_id"],"msg":"Field required","input":null}]}
    200 application/json null
    422 application/json {"detail":[{"type":"missing","loc":["body","name"],"msg":"Field required","input":{}}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","names"],"msg":"Field required","input":{}}]}
    422 application/json {"detail":[{"type":"missing","loc":["query","start_date"],"msg":"Field required","input":null},{"type":"missing","loc":["query","end_date"],"msg":"Field required","input":null}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","team_id"],"msg":"Field required","input":{}}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","team_ids"],"msg":"Field required","input":{}}]}
    500 application/json {"error":{"message":"{'error': 'Database not connected. Connect a database to your proxy - https://docs.litellm.ai/docs/simple_proxy#managing-auth---virtual-keys'}","type":"auth_error","param":"None","code":"500"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","member"],"msg":"Field required","input":{}},{"type":"missing","loc":["body","team_id"],"msg":"Field required","input":{}}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","team_id"],"msg":"Field required","input":{}},{"type":"missing","loc":["body","models"],"msg":"Field required","input":{}}]}
    500 application/json {"error":{"message":"{'error': 'No db connected'}","type":"internal_server_error","param":"None","code":"500"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","team_id"],"msg":"Field required","input":{}},{"type":"missing","loc":["body","team_member_permissions"],"msg":"Field required","input":{}}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","callback_name"],"msg":"Field required","input":{}},{"type":"missing","loc":["body","callback_vars"],"msg":"Field required","input":{}}]}
    200 application/json {"route":"/test"}
    500 application/json {"detail":{"error":"Set `'STORE_MODEL_IN_DB='True'` in your env to enable this feature."}}
    200 application/json {"message":"SSO settings updated successfully","status":"success","settings":{}}
    200 application/json {"proxy_admin":{"description":"admin over litellm proxy, has all permissions","ui_label":"Admin (All Permissions)"},"proxy_admin_viewer":{"description":"view all keys, view all spend","ui_label":"Admin (View Only)"},"internal_user":{"description":"view/create/delete their own keys, view their own spend","ui_label":"Internal User (Create/Delete/View)"},"internal_user_viewer":{"description":"view their own keys, view their own spend","ui_label":"Internal User (View Only)"}}
    500 application/json {"detail":{"error":"Database not connected"}}
    500 application/json {"detail":{"error":"No db connected. prisma client=None"}}
    400 application/json {"error":{"message":"DB not connected. See https://docs.litellm.ai/docs/proxy/virtual_keys","type":"internal_server_error","param":"None","code":"400"}}
    422 application/json {"detail":[{"type":"missing","loc":["query","model"],"msg":"Field required","input":null}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","model"],"msg":"Field required","input":{}}]}
    422 application/json {"detail":[{"type":"missing","loc":["body","call_type"],"msg":"Field required","input":{}},{"type":"missing","loc":["body","request_body"],"msg":"Field required","input":{}}]}
    500 application/json {"error":{"message":"can only concatenate str (not \"NoneType\") to str","type":"None","param":"None","code":"500"}}
    400 application/json {"detail":{"error":"model parameter is required"}}
    500 application/json {"error":{"message":"litellm.APIConnectionError: openai - Cannot connect to host api.openai.com:443 ssl:default [Name or service not known]","type":null,"param":null,"code":"500"}}
    500 application/json {"error":{"message":"asearch() missing 1 required positional argument: 'query'","type":"None","param":"None","code":"500"}}
    422 application/json {"detail":[{"type":"missing","loc":["body","vector_store_id"],"msg":"Field required","input":{}}]}
    200 application/json {"object":"list","data":[],"total_count":0,"current_page":1,"total_pages":0}
    500 application/json {"error":{"message":"No credentials found on proxy for project_name=None + location=None, check `/model/info` for allowed project + region combinations with `use_in_pass_through: true`. Headers were passed through directly but request failed with error: Cannot connect to host none-aiplatform.googleapis.com:443 ssl:default [Name or service not known]","type":"None","param":"None","code":"500"}}
    401 application/json {"error":{"message":"Authentication Error, Malformed API Key passed in. Ensure Key has `Bearer ` prefix.","type":"auth_error","param":"None","code":"401"}}
    500 application/json {"error":{"message":"No credentials found on proxy for project_name=None + location=None, check `/model/info` for allowed project + region combinations with `use_in_pass_through: true`. Headers were passed through directly but request failed with error: Cannot connect to host discoveryengine.googleapis.com:443 ssl:default [Name or service not known]","type":"None","param":"None","code":"500"}}
    500 application/json {"error":{"message":"Internal Server Error, litellm.BadRequestError: LiteLLM doesn't support {provider} for 'list_batch'. Only 'openai' is supported.","type":"internal_server_error","param":null,"code":"500"}}
    500 application/json {"error":{"message":"Internal Server Error, litellm.BadRequestError: LiteLLM doesn't support {provider} for 'create_batch'. Only 'openai' is supported.","type":"internal_server_error","param":null,"code":"500"}}
    500 application/json {"error":{"message":"Internal Server Error, litellm.BadRequestError: LiteLLM doesn't support {provider} for 'cancel_batch'. Only 'openai' and 'azure' are supported.","type":"internal_server_error","param":null,"code":"500"}}
    400 application/json {"error":{"message":"litellm.BadRequestError: LiteLLM doesn't support {provider} for 'file_list'. Only 'openai' and 'azure' are supported.","type":null,"param":null,"code":"400"}}
    400 application/json {"error":{"message":"litellm.BadRequestError: LiteLLM doesn't support {provider} for 'create_batch'. Only 'openai' is supported.","type":null,"param":null,"code":"400"}}
    400 application/json {"error":{"message":"litellm.BadRequestError: LiteLLM doesn't support {provider} for 'file_retrieve'. Only 'openai' and 'azure' are supported.","type":null,"param":null,"code":"400"}}
    400 application/json {"error":{"message":"litellm.BadRequestError: LiteLLM doesn't support {provider} for 'custom_llm_provider'. Supported providers are 'openai', 'azure', 'vertex_ai'.","type":null,"param":null,"code":"400"}}

    / GET,HEAD GET:0:0:admin HEAD:0:0:admin
    /.well-known/litellm-ui-config GET GET:1:1:admin
    /active/callbacks GET GET:-:2:admin
    /add/allowed_ip POST POST:-:3:admin
    /alerting/settings GET GET:-:4:admin
    /anthropic/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:5 GET:-:5 PATCH:-:5 POST:-:5 PUT:-:5
    /assemblyai/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:6 GET:-:6 PATCH:-:6 POST:-:6 PUT:-:6
    /assistants GET GET:-:7 POST:-:7
    /assistants/{assistant_id:path} DELETE DELETE:-:7
    /audio/speech POST POST:-:8
    /audio/transcriptions POST POST:-:9
    /audit GET GET:-:10:admin
    /audit/{id} GET GET:-:10:admin
    /azure/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:8 GET:-:8 PATCH:-:8 POST:-:8 PUT:-:8
    /batches POST GET:-:11 POST:-:12
    /batches/{batch_id:path} GET GET:-:11
    /batches/{batch_id}/cancel GET POST:-:11:admin
    /bedrock/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:13 GET:-:13 PATCH:-:13 POST:-:13 PUT:-:13
    /budget/delete POST POST:-:14:admin
    /budget/info POST POST:-:15:admin
    /budget/list GET GET:-:4:admin
    /budget/new POST POST:-:16:admin
    /budget/settings GET GET:-:17:admin
    /budget/update POST POST:-:16:admin
    /cache/delete POST POST:-:18:admin
    /cache/flushall POST POST:-:19:admin
    /cache/ping GET GET:-:20:admin
    /cache/redis/info GET GET:-:19:admin
    /callbacks/list GET GET:-:21:admin
    /chat/completions POST POST:-:22
    /cloudzero/dry-run POST POST:-:23:admin
    /cloudzero/export POST POST:-:24:admin
    /cloudzero/init POST POST:-:25:admin
    /cloudzero/settings GET GET:-:16:admin PUT:-:26:admin
    /cohere/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:27 GET:-:27 PATCH:-:27 POST:-:27 PUT:-:27
    /completions POST POST:-:28
    /config/callback/delete POST POST:-:29:admin
    /config/field/delete POST POST:-:30:admin
    /config/field/info GET GET:-:31:admin
    /config/field/update POST POST:-:32:admin
    /config/list GET GET:-:33:admin
    /config/pass_through_endpoint GET DELETE:-:34:admin GET:-:35:admin POST:-:36:admin
    /config/pass_through_endpoint/{endpoint_id} POST POST:-:36:admin
    /config/update POST POST:-:37:admin
    /config/yaml GET GET:38:38:admin
    /credentials POST GET:-:39:admin POST:-:40:admin
    /credentials/by_model/{model_id} GET GET:-:41:admin
    /credentials/by_name/{credential_name:path} GET GET:-:42:admin
    /credentials/{credential_name:path} DELETE DELETE:-:43:admin PATCH:-:44:admin
    /customer/block POST POST:-:45:admin
    /customer/delete POST POST:-:45:admin
    /customer/info GET GET:-:46:admin
    /customer/list GET GET:-:4:admin
    /customer/new POST POST:-:47:admin
    /customer/unblock POST POST:-:45:admin
    /customer/update POST POST:-:47:admin
    /delete/allowed_ip POST POST:-:3:admin
    /docs/oauth2-redirect GET,HEAD GET:0:0:admin HEAD:0:0:admin
    /email/event_settings GET GET:-:48:admin PATCH:-:49:admin
    /email/event_settings/reset POST POST:-:48:admin
    /embeddings POST POST:-:50
    /end_user/block POST POST:-:45:admin
    /end_user/delete POST POST:-:45:admin
    /end_user/info GET GET:-:46:admin
    /end_user/list GET GET:-:4:admin
    /end_user/new POST POST:-:47:admin
    /end_user/unblock POST POST:-:45:admin
    /end_user/update POST POST:-:47:admin
    /engines/{model}/chat/completions POST POST:-:51
    /engines/{model}/completions POST POST:-:28
    /engines/{model}/embeddings POST POST:-:52
    /eu.assemblyai/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:6 GET:-:6 PATCH:-:6 POST:-:6 PUT:-:6
    /fallback/login GET GET:0:0:admin
    /files POST GET:-:53 POST:-:54
    /files/{file_id:path} GET DELETE:-:53 GET:-:53
    /files/{file_id}/content GET GET:-:53
    /fine_tuning/jobs POST GET:-:55 POST:-:56
    /fine_tuning/jobs/{fine_tuning_job_id:path} GET GET:-:55:admin
    /fine_tuning/jobs/{fine_tuning_job_id}/cancel GET POST:-:55
    /gemini/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:57:57 GET:57:57 PATCH:57:57 POST:57:57 PUT:57:57
    /get/allowed_ips GET GET:-:58:admin
    /get/config/callbacks GET GET:-:2:admin
    /get/default_team_settings GET GET:-:2:admin
    /get/internal_user_settings GET GET:-:2:admin
    /get/litellm_model_cost_map GET GET:-:2:admin
    /get/sso_settings GET GET:-:2:admin
    /get/ui_theme_settings GET GET:-:59:admin
    /get_image GET GET:60:60:admin
    /get_logo_url GET GET:61:61:admin
    /global/activity GET GET:-:62:admin
    /global/activity/cache_hits GET GET:-:62:admin
    /global/activity/exceptions GET GET:-:63:admin
    /global/activity/exceptions/deployment GET GET:-:63:admin
    /global/activity/model GET GET:-:62:admin
    /global/all_end_users GET GET:-:64:admin
    /global/spend GET GET:-:65:admin
    /global/spend/all_tag_names GET GET:-:66:admin
    /global/spend/end_users POST POST:-:64:admin
    /global/spend/keys GET GET:-:64:admin
    /global/spend/logs GET GET:-:67:admin
    /global/spend/models GET GET:-:64:admin
    /global/spend/provider GET GET:-:62:admin
    /global/spend/refresh POST POST:-:68:admin
    /global/spend/report GET GET:-:62:admin
    /global/spend/reset POST POST:-:68:admin
    /global/spend/tags GET GET:-:69:admin
    /global/spend/teams GET GET:-:64:admin
    /guardrails POST POST:-:70:admin
    /guardrails/apply_guardrail PUT POST:-:71:admin
    /guardrails/list GET GET:-:72:admin
    /guardrails/ui/add_guardrail_settings GET GET:-:2:admin
    /guardrails/ui/provider_specific_params GET GET:-:2:admin
    /guardrails/{guardrail_id} PUT DELETE:-:73:admin GET:-:73:admin PATCH:-:73:admin PUT:-:70:admin
    /guardrails/{guardrail_id}/info GET GET:-:73:admin
    /health GET GET:-:2
    /health/history GET GET:-:74:admin
    /health/latest GET GET:-:74:admin
    /health/liveliness GET GET:75:75:admin OPTIONS:76:76:admin
    /health/liveness GET GET:75:75:admin OPTIONS:76:76:admin
    /health/readiness GET GET:77:77:admin OPTIONS:76:76:admin
    /health/services GET GET:-:78:admin
    /health/test_connection POST POST:-:79:admin
    /images/edits POST POST:-:80
    /images/generations POST POST:-:81
    /invitation/delete POST POST:-:82:admin
    /invitation/info GET GET:-:83:admin
    /invitation/new POST POST:-:47:admin
    /invitation/update POST POST:-:84:admin
    /key/block POST POST:-:85:admin
    /key/delete POST POST:-:86:admin
    /key/generate POST POST:-:87:admin
    /key/health POST POST:-:88
    /key/info GET GET:-:89
    /key/list GET GET:-:90
    /key/regenerate POST POST:-:91:admin
    /key/service-account/generate POST POST:-:92:admin
    /key/unblock POST POST:-:85:admin
    /key/update POST POST:-:85:admin
    /key/{key}/regenerate POST POST:-:91:admin
    /langfuse/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:8:8 GET:8:8 PATCH:8:8 POST:8:8 PUT:8:8
    /litellm/.well-known/litellm-ui-config GET GET:1:1:admin
    /login POST POST:93:93:admin
    /memory-usage-in-mem-cache GET GET:-:94:admin
    /memory-usage-in-mem-cache-items GET GET:-:2:admin
    /mistral/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:95 GET:-:95 PATCH:-:95 POST:-:95 PUT:-:95
    /model/delete POST POST:-:14
    /model/info GET GET:-:2
    /model/metrics GET GET:-:67:admin
    /model/metrics/exceptions GET GET:-:67:admin
    /model/metrics/slow_responses GET GET:-:67:admin
    /model/new POST POST:-:8
    /model/settings GET GET:-:96:admin
    /model/streaming_metrics GET GET:-:97:admin
    /model/update POST POST:-:98
    /model/{model_id}/update PATCH PATCH:-:16
    /model_group/info GET GET:-:2
    /model_group/make_public POST POST:-:99:admin
    /model_hub/update_useful_links POST POST:-:100:admin
    /models GET GET:-:101
    /models/{model_id} GET GET:-:102:admin
    /models/{model_name}:countTokens GET POST:-:103:admin
    /models/{model_name}:generateContent GET POST:-:104:admin
    /models/{model_name}:streamGenerateContent GET POST:-:105:admin
    /moderations POST POST:-:106
    /onboarding/claim_token POST POST:107:107:admin
    /onboarding/get_token GET GET:108:108:admin
    /openai/deployments/{model}/chat/completions POST POST:-:51
    /openai/deployments/{model}/completions POST POST:-:28
    /openai/deployments/{model}/embeddings POST POST:-:52
    /openai/deployments/{model}/images/edits POST POST:-:80
    /openai/deployments/{model}/images/generations POST POST:-:109
    /openai/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:8 GET:-:8 PATCH:-:8 POST:-:8 PUT:-:8
    /openapi.json GET,HEAD GET:2:2:admin HEAD:110:110:admin
    /organization/delete DELETE DELETE:-:38:admin
    /organization/info GET GET:-:111:admin POST:-:112:admin
    /organization/list GET GET:-:64
    /organization/member_add POST POST:-:113:admin
    /organization/member_delete DELETE DELETE:-:38:admin
    /organization/member_update PATCH PATCH:-:114:admin
    /organization/new POST POST:-:115:admin
    /organization/update PATCH PATCH:-:16:admin
    /otel-spans GET GET:116:116:admin
    /prompts POST POST:-:117:admin
    /prompts/list GET GET:-:118:admin
    /prompts/{prompt_id} GET DELETE:-:119:admin GET:-:120:admin PATCH:-:119:admin PUT:-:117:admin
    /prompts/{prompt_id}/info GET GET:-:120:admin
    /provider/budgets GET GET:121:121:admin
    /public/model_hub GET GET:96:96:admin
    /public/model_hub/info GET GET:122:122:admin
    /queue/chat/completions POST POST:-:123:admin
    /realtime - GET:124:124
    /redoc GET,HEAD GET:0:0:admin HEAD:0:0:admin
    /reload/model_cost_map POST POST:-:125:admin
    /rerank POST POST:-:126
    /responses POST POST:-:106
    /responses/{response_id} GET DELETE:-:127 GET:-:127
    /responses/{response_id}/input_items GET GET:-:127
    /robots.txt GET GET:128:128:admin
    /routes GET GET:2:2:admin
    /schedule/model_cost_map_reload POST DELETE:-:129:admin POST:-:130:admin
    /schedule/model_cost_map_reload/status GET GET:-:131:admin
    /scim/v2/Groups GET GET:132:132:admin POST:132:132:admin
    /scim/v2/Groups/{group_id} GET DELETE:132:132:admin GET:132:132:admin PATCH:132:132:admin PUT:132:132:admin
    /scim/v2/ServiceProviderConfig GET GET:132:132:admin
    /scim/v2/Users GET GET:132:132:admin POST:132:132:admin
    /scim/v2/Users/{user_id} GET DELETE:132:132:admin GET:132:132:admin PATCH:132:132:admin PUT:132:132:admin
    /settings GET GET:-:2:admin
    /spend/calculate POST POST:-:133:admin
    /spend/keys GET GET:-:134:admin
    /spend/logs GET GET:-:135:admin
    /spend/logs/session/ui GET GET:-:136:admin
    /spend/logs/ui GET GET:-:68:admin
    /spend/logs/ui/{request_id} GET GET:-:137:admin
    /spend/tags GET GET:-:8:admin
    /spend/users GET GET:-:134:admin
    /tag/daily/activity GET GET:-:16:admin
    /tag/dau GET GET:-:16:admin
    /tag/delete POST POST:-:138:admin
    /tag/distinct GET GET:-:16:admin
    /tag/info POST POST:-:139:admin
    /tag/list GET GET:-:48:admin
    /tag/mau GET GET:-:16:admin
    /tag/new POST POST:-:138:admin
    /tag/summary GET GET:-:140:admin
    /tag/update POST POST:-:138:admin
    /tag/user-agent/per-user-analytics GET GET:-:16:admin
    /tag/wau GET GET:-:16:admin
    /team/available GET GET:-:4
    /team/block POST POST:-:141:admin
    /team/bulk_member_add POST POST:-:141:admin
    /team/daily/activity GET GET:-:16
    /team/delete POST POST:-:142:admin
    /team/filter/ui GET GET:-:64:admin
    /team/info GET GET:-:143
    /team/list GET GET:-:4
    /team/member_add POST POST:-:144
    /team/member_delete POST POST:-:114
    /team/member_update POST POST:-:114
    /team/model/add POST POST:-:145:admin
    /team/model/delete POST POST:-:145:admin
    /team/new POST POST:-:146:admin
    /team/permissions_list GET GET:-:64
    /team/permissions_update POST POST:-:147
    /team/unblock POST POST:-:141:admin
    /team/update POST POST:-:141:admin
    /team/{team_id}/callback POST GET:-:146:admin POST:-:148:admin
    /team/{team_id}/disable_logging POST POST:-:146:admin
    /test GET GET:149:149:admin
    /threads POST POST:-:7
    /threads/{thread_id} GET GET:-:7
    /threads/{thread_id}/messages POST GET:-:7 POST:-:7
    /threads/{thread_id}/runs POST POST:-:7
    /update/default_team_settings PATCH PATCH:-:150:admin
    /update/internal_user_settings PATCH PATCH:-:150:admin
    /update/sso_settings PATCH PATCH:-:151:admin
    /update/ui_theme_settings PATCH PATCH:-:150:admin
    /upload/logo POST POST:-:9:admin
    /user/available_roles GET GET:-:152:admin
    /user/available_users GET GET:-:16:admin
    /user/bulk_update POST POST:-:153:admin
    /user/daily/activity GET GET:-:16
    /user/daily/activity/aggregated GET GET:-:16:admin
    /user/delete POST POST:-:45:admin
    /user/filter/ui GET GET:-:64
    /user/info GET GET:-:89
    /user/list GET GET:-:154:admin
    /user/new POST POST:-:155:admin
    /user/update POST POST:-:114:admin
    /utils/dotprompt_json_converter POST POST:-:9:admin
    /utils/supported_openai_params GET GET:-:156:admin
    /utils/token_counter POST POST:-:157
    /utils/transform_request POST POST:-:158
    /v1/assistants GET GET:-:7 POST:-:7
    /v1/assistants/{assistant_id:path} DELETE DELETE:-:7
    /v1/audio/speech POST POST:-:8
    /v1/audio/transcriptions POST POST:-:9
    /v1/batches POST GET:-:11 POST:-:12
    /v1/batches/{batch_id:path} GET GET:-:11
    /v1/batches/{batch_id}/cancel GET POST:-:11:admin
    /v1/chat/completions POST POST:-:22
    /v1/completions POST POST:-:28
    /v1/embeddings POST POST:-:50
    /v1/files POST GET:-:53 POST:-:54
    /v1/files/{file_id:path} GET DELETE:-:53 GET:-:53
    /v1/files/{file_id}/content GET GET:-:53
    /v1/fine_tuning/jobs POST GET:-:55 POST:-:56
    /v1/fine_tuning/jobs/{fine_tuning_job_id:path} GET GET:-:55:admin
    /v1/fine_tuning/jobs/{fine_tuning_job_id}/cancel GET POST:-:55
    /v1/images/edits POST POST:-:80
    /v1/images/generations POST POST:-:81
    /v1/messages POST POST:-:159
    /v1/messages/count_tokens POST POST:-:160:admin
    /v1/model/info GET GET:-:2
    /v1/models GET GET:-:101
    /v1/models/{model_id} GET GET:-:102:admin
    /v1/moderations POST POST:-:106
    /v1/realtime - GET:124:124
    /v1/rerank POST POST:-:126
    /v1/responses POST POST:-:106
    /v1/responses/{response_id} GET DELETE:-:127 GET:-:127
    /v1/responses/{response_id}/input_items GET GET:-:127
    /v1/threads POST POST:-:7
    /v1/threads/{thread_id} GET GET:-:7
    /v1/threads/{thread_id}/messages POST GET:-:7 POST:-:7
    /v1/threads/{thread_id}/runs POST POST:-:7
    /v1/vector_stores POST POST:-:161
    /v1/vector_stores/{vector_store_id}/search POST POST:-:162
    /v1beta/models/{model_name}:countTokens POST POST:-:103:admin
    /v1beta/models/{model_name}:generateContent POST POST:-:104:admin
    /v1beta/models/{model_name}:streamGenerateContent POST POST:-:105:admin
    /v2/guardrails/list GET GET:-:73:admin
    /v2/key/info POST POST:-:86
    /v2/model/info GET GET:-:16
    /v2/rerank POST POST:-:126
    /v2/team/list GET GET:-:154
    /vector_store/delete POST POST:-:163:admin
    /vector_store/info POST POST:-:163:admin
    /vector_store/list GET GET:-:164:admin
    /vector_store/new POST POST:-:48:admin
    /vector_store/update POST POST:-:163:admin
    /vector_stores POST POST:-:161
    /vector_stores/{vector_store_id}/search POST POST:-:162
    /vertex-ai/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:165 GET:-:165 PATCH:-:165 POST:-:165 PUT:-:165
    /vertex_ai/discovery/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:166:167 GET:166:167 PATCH:166:167 POST:166:167 PUT:166:167
    /vertex_ai/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:165 GET:-:165 PATCH:-:165 POST:-:165 PUT:-:165
    /vllm/{endpoint:path} DELETE,GET,PATCH,POST,PUT DELETE:-:8 GET:-:8 PATCH:-:8 POST:-:8 PUT:-:8
    /{provider}/v1/batches POST GET:-:168:admin POST:-:12:admin
    /{provider}/v1/batches/{batch_id:path} GET GET:-:169:admin
    /{provider}/v1/batches/{batch_id}/cancel GET POST:-:170:admin
    /{provider}/v1/files POST GET:-:171:admin POST:-:54:admin
    /{provider}/v1/files/{file_id:path} GET DELETE:-:172:admin GET:-:173:admin
    /{provider}/v1/files/{file_id}/content GET GET:-:174:admin
    """#)
}
