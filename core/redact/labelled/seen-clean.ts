/** Strings that hold nothing personal, on which the rules were tuned: ids, model names, routes, numbers. */
export const SEEN_CLEAN = `
user_id | user_3f8a2c
user_id | usr_01HZX3K9QWERTY7B2M4N6P8R0S
user_id | 01J9ZK3T5V7X9B1D3F5H7K9M1P
user_id | 0192f0c1-7a2b-7c3d-8e4f-5a6b7c8d9e0f
user_id | f47ac10b-58cc-4372-a567-0e02b2c3d479
user_id | 12345678-1234-1234-1234-123456789012
user_id | 550e8400-e29b-41d4-a716-446655440000
user_id | 12345
user_id | 987654321
user_id | 1002003004
user_id | 116784263563096130
user_id | 123050850805581185
user_id | 1194109648364539049
user_id | 9708802846447352
user_id | U07ABCDEF12
user_id | T024BE7LD:U2147483697
user_id | auth0|5f7c8ec7c33c6c004bbafe82
user_id | google-oauth2|103547991597142817347
user_id | github|1234567
user_id | cus_NffrFeUfNV2Hib
user_id | acct_1032D82eZvKYlo2C
user_id | ada-lovelace
user_id | anonymous
user_id | service/worker-7
user_id | 507f1f77bcf86cd799439011
user_id | 5d41402abc4b2a76b9719d911017c592
user_id | e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
user_id | email:h_Zm9vYmFyYmF6cXV4MTIzNA
user_id | tenant-42/user-1007
user_id | org:1234:user:5678
user_id | emp-004217
user_id | V1StGXR8_Z5jdHi6B-myT
user_id | 2025-000123
user_id | A-1234-5678
session_id | sess_8a7b6c5d4e3f2a1b
session_id | 1764000000000
session_id | 1764000000
session_id | 1764000000000-42
session_id | 1764000000000000
session_id | thread_abc123def456ghi789
session_id | 20251124T053707Z-8817
session_id | C06ABCDEF-1732429027.123456
session_id | 4bf92f3577b34da6a3ce929d0e0e4736
session_id | 00f067aa0ba902b7
session_id | conv-2025-11-24-0001
session_id | ws:3:1764000000000:0
session_id | 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
session_id | 4057137928407105
session_id | 64-bit-9223372036854775807
route | /v1/chat/completions
route | /v1/users/12345/orders/987654321
route | /v1/users/:id/orders/:order_id
route | /api/v2/tickets/20250929/summary
route | POST /v1/messages
route | /orders/1000234567890
route | /orgs/1000/projects/2000/runs/300000000
route | /tiles/12/2200/1343.png
route | /assets/logo@2x.png
route | /npm/@anthropic-ai/sdk@0.32.1
route | /p/claude-3-5-sonnet@20240620
route | /search?page=2&per_page=50
route | /search?from=1764000000000&to=1764003600000
route | /u/@handle
route | /models/meta-llama/Llama-3.3-70B-Instruct
route | /v1beta/models/gemini-2.5-pro:generateContent
route | /docs/v1.2.3.4/install
route | /releases/2025.11.24.1
route | grpc://llm.v1.Chat/Complete
route | arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0
route | arn:aws:lambda:eu-west-1:123456789012:function:summarise
route | projects/my-project-123456/locations/us-central1/endpoints/1234567890123456789
route | summarise-invoice-v2
route | Agents::Support::Triage
route | std::vector
route | cron 0 5 * * 1-5
route | sk-learn-pipeline-for-text-classification
route | task-force-one-hundred-and-twenty-three
route | /a/b/c/d;v=1.1
route | /isbn/978-3-16-148410-0
route | checkout.step-3.retry-2
environment | production
environment | eu-west-1
environment | staging-2025.11
environment | preview/pr-12345678
environment | k8s-10-prod
tag:team | growth
tag:team | platform-eu
tag:feature | summarise
tag:version | 1.2.3.4
tag:version | 10.0.19041.1
tag:app_version | 4.18.2.1001
tag:release | v2025.11.24.3
tag:build | 20251124.5
tag:commit | 9f3c2ab
tag:commit | a94a8fe5ccb19ba61c4c0873d391e987982fbbd3
tag:plan | enterprise
tag:cost_center | 4711-0815
tag:region | us-east-1
tag:invoice | INV-2025-00042
tag:order | 100-2345678-9012345
tag:order_id | 5512345678
tag:sku | 4006381333931
tag:sku | B08N5WRWNW
tag:ean | 0012345678905
tag:isbn | 9783161484100
tag:zip | 94103-1234
tag:date | 2025-11-24
tag:date | 24.11.2025
tag:date | 24-11-2025
tag:time | 12:34:56
tag:ts | 2026-11-23T02:10:00.000Z
tag:ts | 2025-11-24T05:37:07+01:00
tag:window | 2025-11-01/2025-11-30
tag:coords | 48.8566,2.3522
tag:coords | 52.520008, 13.404954
tag:coords | -33.868820
tag:coords | +48.85661400,+2.35222190
tag:ports | 8080,8443,9090
tag:range | 1000-2000
tag:hash | sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
tag:etag | W/"33a64df551425fcc55e4d42a148795d9f25f89d4"
tag:mac | 00:1B:44:11:3A:B7
tag:tokenizer | o200k_base
tag:temperature | 0.7
tag:semver | 1.0.0-rc.1+build.20251124
tag:semver | 18.3.1
tag:experiment | exp-2025-11_variant-B
tag:size | 1024x768
tag:amount | 1,234,567.89
tag:amount | 12.345.678,90
tag:phone_model | iPhone 15 Pro
tag:card_type | visa
tag:ip_version | 4
tag:k | --------------------
meta:model | gpt-4.1-2025-04-14
meta:model | claude-sonnet-4-5-20250929
meta:model | meta-llama/Llama-3.3-70B
meta:model | anthropic.claude-3-5-sonnet-20241022-v2:0
meta:model | us.amazon.nova-pro-v1:0
meta:model | gemini-2.0-flash-001
meta:model | mistral-large-2411
meta:model | ft:gpt-4o-mini-2024-07-18:acme::A1B2C3D4
meta:model | accounts/fireworks/models/llama-v3p1-405b-instruct
meta:model | text-embedding-3-large
meta:model | o4-mini-2025-04-16
meta:model | deepseek-r1-distill-qwen-32b
meta:model | qwen2.5-72b-instruct-q4_K_M
meta:model | command-r-plus-08-2024
meta:response_id | chatcmpl-AbCdEfGhIjKlMnOpQrStUvWxYz012
meta:response_id | resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b
meta:response_id | msg_01XFDUDYJgAACzvnptvVoYEL
meta:request | req_011CQ4xyz0123456789ABCDE
meta:request_id | 7f6d1a2e-3333-4444-5555-666677778888
meta:batch | batch_abc123
meta:file | file-BK7bzQj3FfZFXr7DbL6xJwfo
meta:system_fingerprint | fp_44709d6fcb
meta:trace | 4bf92f3577b34da6a3ce929d0e0e4736
meta:trace | 1-67891233-abcdef012345678912345678
meta:span | 00f067aa0ba902b7
meta:toolu | toolu_01A09q90qw90lq917835lq9
meta:call | call_DdmO9pD3xa9XTPNJ32zg2hcA
meta:run | run_2025_11_24_05_37
meta:started_at | 1764000000123
meta:started_ns | 1764000000123456789
meta:duration | 00:01:23.456
meta:job | 4294967296
meta:shard | 0x1f4e2d3c
meta:order_number | 4539 1488 0343 6460
meta:order_number | 202511240001
meta:ticket | SUP-20251124-0007
meta:ticket | ZD-123456789
meta:serial | SN 1234-5678-9012
meta:tracking | 1Z999AA10123456784
meta:license_plate | B-AB 1234
meta:score | 0.98765432
meta:latency | 123.456.789
meta:note | retry 3 of 5 after 2000 ms
meta:note | see RFC 5737 and RFC 3849, section 2.1.3
meta:note | version 1.2.3.4 of the agent
meta:note | Chrome/120.0.6099.109 Safari/537.36
meta:note | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)
meta:note | 3 messages, 2 tools, 45678 tokens
meta:note | 127.0.0.1:8080 is local
meta:note | bound to 0.0.0.0
meta:note | prices from 2024-01-01 to 2025-12-31
meta:note | page 12 of 345, row 6789
meta:note | token: none, secret: missing
meta:note | max_tokens=4096 and token_count: 128000
meta:note | mention @alice and @bob in #general
meta:note | 1 + 1 = 2; 10 / 2 = 5
meta:note | ratio 4:3, 16:9 and 12:34
meta:note | the keyboard said asdfghjkl
meta:note | (1) first (2) second (3) third
meta:note | 2 x 1234 5678 boxes
meta:note | 100 000 000 rows
meta:finish_reason | stop
meta:max_tokens | 4096
meta:seed | 1234567890
meta:top_logprobs | 5
meta:api_version | 2024-10-21
meta:deployment | gpt-4o-eu-2024-08-06
meta:key | prompt-cache-key-7
meta:checksum | crc32:cbf43926
meta:checksum | 414fa339
meta:container | docker.io/library/node@sha256:0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9
meta:git | git+https://github.com/example/repo.git#v1.2.3
meta:locale | en-US
meta:mime | application/json
meta:color | #ff8800
meta:cron | */15 * * * *
meta:card_brand | mastercard
meta:flags | 0b1011
`
