/** Strings that hold nothing personal, written before any rule ran and never tuned on. */
export const HELD_OUT_CLEAN = String.raw`
user_id | user-000187
user_id | u_9f8e7d6c5b4a
user_id | 01JA2B3C4D5E6F7G8H9JKMNPQR
user_id | 018f3c1e-9b7a-7def-8123-456789abcdef
user_id | 6ba7b810-9dad-11d1-80b4-00c04fd430c8
user_id | 00000000-0000-4000-8000-000000000001
user_id | 87654321-4321-4321-4321-210987654321
user_id | 7
user_id | 40005001
user_id | 7700900123
user_id | 175928847299117063
user_id | 178074098395766131
user_id | 9252609529149720
user_id | 7015953075355381963
user_id | W012A3CDE
user_id | discord:80351110224678912
user_id | auth0|62a1f0c9e8b7d60042a1b2c3
user_id | apple|001234.0123456789abcdef0123456789abcdef.1234
user_id | firebase:AbCdEf0123456789GhIjKlMnOp12
user_id | sub_1MowQVLkdIwHu7ixeRlqHVzs
user_id | guest
user_id | cli-runner@ci
user_id | bot/nightly-eval
user_id | 65a1b2c3d4e5f60718293a4b
user_id | d41d8cd98f00b204e9800998ecf8427e
user_id | da39a3ee5e6b4b0d3255bfef95601890afd80709
user_id | card:h_AbCdEfGhIjKlMnOp-1234_
user_id | customer#20034
user_id | s-1-5-21-3623811015-3361044348-30300820-1013
user_id | 3-141-592
user_id | kunde_10045
user_id | E12345
user_id | 31415926535
user_id | JD-1985-07
session_id | s_0192f0c17a2b7c3d
session_id | 1732429027
session_id | 1732429027123
session_id | 1732429027123456
session_id | session:2025:11:24:42
session_id | run-1732429027-7
session_id | 20241231235959
session_id | thread_2b7QWERTYuiop1234567890
session_id | b7ad6b7169203331
session_id | 0af7651916cd43dd8448eb211c80319c
session_id | D08XYZ1234/p1732429027123456
session_id | 4680832806931319
session_id | job.17.part.0003
session_id | cb-7f3a-2291-11ef
session_id | q-18446744073709551615
route | /v1/embeddings
route | /v3/accounts/55443322/invoices/20250001
route | /shops/{shop_id}/carts/{cart_id}
route | /reports/2025/q4/export.csv
route | GET /healthz
route | /events/1732429027123
route | /teams/77/boards/88000/cards/990000001
route | /img/hero@3x.webp
route | /unpkg/react@18.3.1/umd/react.production.min.js
route | /projects/-/models/claude-opus-4-1@20250805
route | /list?offset=200&limit=100&sort=-created
route | /range/1700000000-1700086400
route | /@team/dashboard
route | /hf/Qwen/Qwen2.5-72B-Instruct
route | /openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21
route | /help/v10.2.1.0
route | /changelog/2024.12.31
route | rpc:Summariser.Run/v3
route | arn:aws:bedrock:eu-central-1:210987654321:inference-profile/eu.anthropic.claude-sonnet-4-20250514-v1:0
route | arn:aws:states:us-west-2:123456789012:execution:flow:run-0007
route | projects/123456789012/locations/global/models/9876543210987654
route | classify-email-v7
route | App\Jobs\TranslateTicket
route | Billing::Dunning::Write
route | worker.pool[3].slot[12]
route | sk-summarise-customer-complaint-threads
route | gl-accounting-report-builder-prototype
route | /matrix;row=10;col=20
route | /doi/10.1000/xyz123
route | stage/2/attempt/10
environment | staging
environment | ap-southeast-2
environment | prod-2025-11-24
environment | review-app-87654321
environment | dev.local
tag:squad | payments
tag:service | search-api
tag:feature | translate-v3
tag:version | 2.0.0.17
tag:version | 22.4.0.1
tag:sdk_version | 0.9.12.3
tag:release | 2024.10.3.2
tag:build_number | 118273645
tag:git_sha | 1c2d3e4
tag:git_sha | 356a192b7913b04c54574d18c28d46e6395428ab
tag:tier | gold
tag:ledger | 1200-4400-01
tag:zone | europe-west4-a
tag:po | PO-7781-2025
tag:order | 303-1234567-7654321
tag:order_id | 7185551234
tag:upc | 036000291452
tag:asin | B0CHX1W1XY
tag:gtin | 05901234123457
tag:isbn | 978-0-306-40615-7
tag:plz | 10115
tag:day | 2024-02-29
tag:day | 31/12/2024
tag:day | 01-12-2024
tag:clock | 23:59:59.999
tag:at | 2024-12-31T23:59:59Z
tag:at | 2024-12-31T23:59:59.123456+0000
tag:period | 2024-Q4
tag:latlng | 40.712776,-74.005974
tag:latlng | 35.6762 139.6503
tag:lon | 151.20929
tag:bbox | 5.98865807458,47.3024876979,15.0169958839,54.983104153
tag:ports | 3000-3010
tag:range | 2000..3000
tag:digest | sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg
tag:etag | "5d8c72a5edda8d6a"
tag:bssid | a0:b1:c2:d3:e4:f5
tag:encoding | cl100k_base
tag:top_p | 0.95
tag:semver | 3.12.0-alpha.20241231
tag:semver | 0.1.8
tag:variant | treatment-2_of_3
tag:resolution | 1920x1080
tag:price | 9.999.999,00
tag:budget | 25 000 000
tag:device | Pixel 8a
tag:card_network | amex
tag:email_template | welcome-v2
tag:phone_verified | true
tag:s | ____----____
meta:model | gpt-5-mini-2025-08-07
meta:model | claude-opus-4-1-20250805
meta:model | mistralai/Mixtral-8x22B-Instruct-v0.1
meta:model | anthropic.claude-3-haiku-20240307-v1:0
meta:model | eu.meta.llama3-2-3b-instruct-v1:0
meta:model | gemini-1.5-flash-8b-001
meta:model | codestral-2501
meta:model | ft:gpt-3.5-turbo-0125:acme:support:9AbCdEfG
meta:model | @cf/meta/llama-3.1-8b-instruct
meta:model | text-embedding-ada-002
meta:model | o3-2025-04-16
meta:model | phi-3.5-moe-instruct
meta:model | nomic-embed-text:v1.5
meta:model | grok-4-0709
meta:response_id | chatcmpl-9xYzAbC123dEf456GhI789jKl
meta:response_id | resp_0a1b2c3d4e5f60718293a4b5c6d7e8f901234567890abcde
meta:response_id | msg_bdrk_01AbCdEfGhIjKlMnOpQrStUv
meta:request | req_vrtx_011CRabcdefghijklmnop
meta:request_id | 3f2504e0-4f89-11d3-9a0c-0305e82c3301
meta:aws_request | K9XW2Z7Q8R5T1V3B
meta:file | file_9f8e7d6c5b4a3f2e1d0c
meta:fingerprint | fp_a7d06e42a7
meta:traceparent | 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
meta:xray | 1-58406520-a006649127e371903a2de979
meta:parent | b7ad6b7169203331
meta:tool_id | toolu_bdrk_01XyZ987654321AbCdEf
meta:tool_call | call_a1B2c3D4e5F6g7H8i9J0kLmN
meta:pipeline | pipe_2024_12_31_23_59
meta:ended_at | 1732429027999
meta:ended_us | 1732429027999000
meta:elapsed | 12m34s
meta:offset | 8589934592
meta:pointer | 0x7ffee4c0a8b0
meta:invoice_number | 2024 0001 2345
meta:customer_number | 300400500
meta:case | CASE-2024-123456
meta:case | 5003t00001XyZ9A
meta:part | PN 555-0100-22
meta:parcel | JD014600006281234567
meta:vin | 1HGCM82633A004352
meta:loss | 0.0012345678
meta:usage_total | 987654321
meta:note | step 12/40, 3 errors, 99.95% ok
meta:note | upgraded 4.2.1.0 -> 4.2.2.0
meta:note | curl/8.4.0 python-requests/2.32.3
meta:note | Edg/131.0.2903.70 on Windows NT 10.0
meta:note | used 128000 of 200000 tokens
meta:note | listening on 127.0.0.1:9000 and ::1
meta:note | mask 255.255.255.0
meta:note | from 2024-11-01 00:00 to 2024-11-30 23:59
meta:note | chapter 3.2.1.4 paragraph 5
meta:note | password: required, token: expired
meta:note | output_tokens=512 cached_token: 1024
meta:note | ping @oncall or #incidents
meta:note | 3 * 4 = 12, 2^32 = 4294967296
meta:note | score 21:19, aspect 21:9
meta:note | lorem ipsum dolor sit amet
meta:note | [1] alpha [2] beta [3] gamma
meta:note | 5000 1234 6000 pieces
meta:note | 1 000 000 tokens for 2.50
meta:stop_reason | end_turn
meta:context_window | 1048576
meta:random_seed | 9876543210
meta:n | 1
meta:anthropic_version | 2023-06-01
meta:azure_deployment | prod-gpt4o-0513
meta:cache_key | ck-8f7e-2024-12
meta:crc | d87f7e0c
meta:adler | 11e60398
meta:image | ghcr.io/example/app@sha256:1111222233334444555566667777888899990000aaaabbbbccccddddeeeeffff
meta:repo | https://gitlab.example.com/group/app/-/jobs/1234567890
meta:language | pt-BR
meta:content_type | text/plain; charset=utf-8
meta:hex_color | #0a1b2c
meta:schedule | 0 */6 * * *
meta:token_type | bearer
meta:bits | 101101011010
`
