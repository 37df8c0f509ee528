/** Personal strings that were written before any rule ran and never tuned on. All values are fictional. */
export const HELD_OUT_PERSONAL = `
user_id | ⟦email:zoe@example.com⟧
user_id | ⟦email:adam.w.young@students.example.ac.uk⟧
user_id | user:⟦email:bea@example.com⟧
user_id | google-oauth2|⟦email:carl@example.org⟧
user_id | ⟦email:d.e.f+test1@example.com⟧
user_id | ⟦email:EVA@EXAMPLE.COM⟧
user_id | okta/⟦email:fay@corp.example.com⟧
session_id | ⟦email:gus@example.com⟧:7f3a
session_id | chat/⟦email:hana@example.jp⟧/3
route | /api/profile/⟦email:ivo@example.hr⟧
route | /reset?user=⟦email:jana%40example.cz⟧
route | POST /mail/⟦email:ken@example.com⟧/draft
environment | ⟦email:lou@example.com⟧
tag:user | ⟦email:mia@example.com⟧
tag:account_manager | ⟦email:noor@example.nl⟧
tag:reviewer | Otto (⟦email:otto@example.de⟧)
meta:summary_of | thread between ⟦email:paul@example.com⟧ and ⟦email:rita@example.com⟧
meta:assignee | ⟦email:stefan_k@example.com⟧
meta:reporter | [⟦email:tom@example.com⟧]
meta:note | E-Mail:⟦email:uli@example.de⟧
meta:note | contact=⟦email:vic@example.com⟧,priority=high
meta:note | wanda's address (⟦email:wanda@example.pl⟧) bounced
meta:list | ⟦email:a1@example.com⟧,⟦email:b2@example.com⟧,⟦email:c3@example.com⟧
meta:log | user=⟦email:xin@example.cn⟧ status=200
meta:href | <a href="mailto:⟦email:yan@example.com⟧">
meta:upn | ⟦email:zed_1@tenant.onmicrosoft.example.com⟧
meta:note | ⟦email:first.last@very.long.sub.domain.example.com⟧
user_id | ⟦phone:+16175550199⟧
user_id | ⟦phone:+33700901234⟧
user_id | sms:⟦phone:+447911123456⟧
user_id | ⟦phone:+1 415 555 0132⟧
user_id | ⟦phone:+81-90-1234-5678⟧
session_id | ivr-⟦phone:+13035550111⟧
route | /v2/calls/⟦phone:+14155550123⟧
route | /verify/phone/⟦phone:+46701740605⟧
tag:phone_number | ⟦phone:7185550166⟧
tag:contact | ⟦phone:(617) 555-0148⟧
tag:contact | ⟦phone:415-555-0190⟧
tag:msisdn | ⟦phone:447700900987⟧
meta:note | you can text ⟦phone:415.555.0177⟧
meta:note | Anruf unter ⟦phone:030 23125 014⟧
meta:note | ligne ⟦phone:02 61 91 12 34⟧
meta:note | ⟦phone:07700 900461⟧ no answer
meta:note | Phone ⟦phone:0161 496 0123⟧, ask for Jo
meta:note | office: ⟦phone:+44 29 2018 0456⟧
meta:note | +country given: ⟦phone:+34 612 34 56 78⟧
meta:note | ⟦phone:+353 20 915 1234⟧ or ⟦phone:+353209109876⟧
meta:callback | ⟦phone:+1.202.555.0163⟧
meta:home_phone | ⟦phone:617 555 0120⟧
meta:fax | ⟦phone:02025550144⟧
meta:note | her cell is ⟦phone:(303) 555-0155⟧.
meta:sender | ⟦phone:+862112345678⟧
meta:note | WhatsApp ⟦phone:+52 55 1234 5678⟧
meta:note | nr ⟦phone:06-12345678⟧
meta:note | tel ⟦phone:11 91234-5678⟧
meta:mobile | ⟦phone:91234567⟧
user_id | ⟦card:5200828282828210⟧
route | /charge/⟦card:4000056655665556⟧/capture
tag:card_number | ⟦card:371449635398431⟧
tag:note | ⟦card:4111-1111-1111-1111⟧
meta:note | visa ⟦card:4012 8888 8888 1881⟧ failed
meta:note | number ⟦card:5105105105105100⟧, name J. Doe
meta:note | ⟦card:3714 496353 98431⟧
meta:card | ⟦card:36227206271667⟧
meta:note | Discover ⟦card:6011-1111-1111-1117⟧
meta:note | ⟦card:3530 1113 3330 0000⟧ (JCB)
meta:credit_card | ⟦card:2223 0031 2200 3222⟧
meta:body_of_mail | My card is ⟦card:4242-4242-4242-4242⟧!
meta:debug | pan=⟦card:6200000000000005⟧
meta:account | ⟦card:5454545454545454⟧
meta:note | old visa ⟦card:4222222222222⟧
meta:note | ⟦card:6304000000000000⟧ maestro
user_id | ⟦iban:AT611904300234573201⟧
tag:bank_account | ⟦iban:IE29AIBK93115212345678⟧
route | /sepa/⟦iban:NO9386011117947⟧
meta:note | refund ⟦iban:GB82 WEST 1234 5698 7654 32⟧ please
meta:note | acct ⟦iban:DK50 0040 0440 1162 43⟧
meta:iban | ⟦iban:FI2112345600000785⟧
meta:note | ⟦iban:BR9700360305000010009795493P1⟧
meta:note | to ⟦iban:SA03 8000 0000 6080 1016 7519⟧ and ⟦iban:TR330006100519786457841326⟧
meta:creditor | ⟦iban:cz6508000000192000145399⟧
meta:note | "⟦iban:LT121000011101001000⟧"
meta:note | IBAN ⟦iban:HU42 1177 3016 1111 1018 0000 0000⟧
meta:note | ⟦iban:NL91 ABNA 0417 1643 00⟧, ref 2025-11
meta:debug | debtor:⟦iban:DE44500105175407324931⟧;
user_id | ⟦national_id:026-35-4921⟧
tag:ssn | ⟦national_id:042-38-7290⟧
meta:note | SSN: ⟦national_id:025946590⟧
meta:social_security_number | ⟦national_id:019366559⟧
meta:note | applicant ⟦national_id:028-62-0038⟧
user_id | ⟦national_id:BP020402D⟧
meta:note | nino=⟦national_id:LB564698A⟧
meta:ni_number | ⟦national_id:LE 23 21 36 C⟧
meta:note | secu ⟦national_id:187048306399732⟧
meta:nir | ⟦national_id:2 41 06 62 51105 735⟧
user_id | ⟦national_id:58470462T⟧
meta:note | DNI: ⟦national_id:43521095N⟧
meta:nie | ⟦national_id:Y3339348S⟧
tag:nif | ⟦national_id:90747644V⟧
user_id | ⟦national_id:BTBSLB63L08L783W⟧
meta:codice_fiscale | ⟦national_id:NPPSBR81R24L255Q⟧
meta:note | codice ⟦national_id:TMGLFL96S22F174N⟧.
meta:note | IdNr. ⟦national_id:23222844322⟧
meta:tax_id | ⟦national_id:48393270568⟧
user_id | ⟦national_id:368.716.006-80⟧
meta:note | cpf ⟦national_id:58842512206⟧
meta:note | titular ⟦national_id:634.726.059-01⟧
meta:note | uid ⟦national_id:7772 4684 6320⟧
meta:aadhaar_number | ⟦national_id:974855771731⟧
meta:pesel | ⟦national_id:42060417066⟧
meta:note | pesel ⟦national_id:06051912493⟧
meta:note | burgerservicenummer ⟦national_id:568409784⟧
meta:bsn | ⟦national_id:585725743⟧
user_id | ⟦national_id:020505-0875⟧
meta:ahv | ⟦national_id:7565378673018⟧
meta:id_card | ⟦national_id:110101191404055801⟧
meta:note | CURP ⟦national_id:BACL290124MDFFRP51⟧
meta:hetu | ⟦national_id:020871-6202⟧
meta:note | SIN ⟦national_id:739-539-351⟧
meta:national_id | ⟦national_id:22474034084⟧
meta:note | rrn ⟦national_id:570204-1087764⟧
meta:tfn | ⟦national_id:715 830 084⟧
user_id | ⟦ip:203.0.113.77⟧
user_id | guest_⟦ip:198.51.100.99⟧
session_id | ⟦ip:192.0.2.33⟧
route | /block/⟦ip:198.51.100.14⟧/32
route | https://⟦ip:203.0.113.5⟧/v1/embeddings
tag:remote_ip | ⟦ip:10.20.30.40⟧
tag:host | ⟦ip:172.31.44.12⟧
meta:client_ip | ⟦ip:1.2.3.4⟧
meta:ip_address | ⟦ip:192.168.1.20⟧
meta:note | login from ⟦ip:203.0.113.200⟧ (Berlin)
meta:log | src=⟦ip:192.0.2.200⟧ dst=⟦ip:198.51.100.201⟧
meta:note | ip ⟦ip:9.9.9.9⟧ resolved
user_id | ⟦ip:2001:db8:abcd:12::99⟧
meta:ipv6 | ⟦ip:2001:db8:0:1:1:1:1:1⟧
meta:note | [⟦ip:2001:db8::2:1⟧] timed out
meta:peer | ⟦ip:fe80::1c2d:3e4f:5a6b:7c8d⟧
meta:note | ⟦ip:203.0.113.60⟧,⟦ip:2001:db8:5::f⟧
user_id | ⟦api_key:sk-{}ant-api03-{b93}AA⟧
user_id | key:⟦api_key:sk-{}proj-{b74}⟧
session_id | ⟦api_key:lens_{}abc234de_{b43}⟧
route | /chat?apikey=⟦api_key:{n32}⟧
route | /webhook?secret=⟦api_key:{n20}⟧
route | /v1beta/models/gemini-2.5-pro:generateContent?key=⟦api_key:AI{}za{b35}⟧
route | ftp://bot:⟦api_key:pa55word⟧@files.example.com/in
tag:api_key | ⟦api_key:{n40}⟧
tag:litellm | ⟦api_key:sk-{}{n22}⟧
tag:access_key | ⟦api_key:AS{}IA{u16}⟧
meta:note | AWS_SECRET_ACCESS_KEY=⟦api_key:{n40}⟧
meta:client_secret | ⟦api_key:GOC{}SPX-{b28}⟧
meta:note | rotate ⟦api_key:gh{}o_{n36}⟧ now
meta:note | ⟦api_key:gh{}s_{n36}⟧
meta:token | ⟦api_key:gl{}ptt-{h40}⟧
meta:note | bot ⟦api_key:xo{}xp-{d11}-{d11}-{d12}-{h32}⟧
meta:app_token | ⟦api_key:xap{}p-1-A{u10}-{d13}-{h64}⟧
meta:note | STRIPE_KEY: ⟦api_key:sk_{}test_{n24}⟧
meta:webhook | ⟦api_key:wh{}sec_{n32}⟧
meta:note | SENDGRID=⟦api_key:SG{}.{b22}.{b43}⟧
meta:note | hub token ⟦api_key:hf{}_{l34}⟧ leaked
meta:npmrc | ⟦api_key:npm{}_{n36}⟧
meta:note | twine -p ⟦api_key:pypi{}-AgEIcHlwaS5vcmc{b80}⟧
meta:curl | curl -H "Authorization: Bearer ⟦api_key:{n48}⟧"
meta:headers | x-api-key: ⟦api_key:{n36}⟧
meta:passwd | ⟦api_key:Sommer2025!⟧
meta:note | pwd: ⟦api_key:Winter2024?⟧
meta:dsn | redis://default:⟦api_key:{n20}⟧@cache.example.com:6379
meta:conn | Server=x;User Id=sa;Password=⟦api_key:Str0ngPassw0rd⟧;
meta:openrouter | ⟦api_key:sk-{}or-v1-{h64}⟧
meta:langfuse | ⟦api_key:sk-{}lf-{h8}-{h4}-{h4}-{h4}-{h12}⟧
meta:replicate | ⟦api_key:r8{}_{n37}⟧
meta:perplexity | ⟦api_key:ppl{}x-{n48}⟧
meta:pem | ⟦api_key:-----BEGIN {}PRIVATE KEY-----MIIEvg{n40}⟧
meta:private_key | ⟦api_key:{n64}⟧
meta:digitalocean | ⟦api_key:do{}p_v1_{h64}⟧
meta:databricks | ⟦api_key:da{}pi{h32}⟧
user_id | ⟦jwt:ey{}JhbGciOiJIUzI1NiJ9.ey{}JzdWIiOiJ1c2VyLTEifQ.{b43}⟧
session_id | ⟦jwt:ey{}JhbGciOiJFZERTQSJ9.ey{}JleHAiOjE3MDAwfQ.{b86}⟧
route | /login?jwt=⟦jwt:ey{}JhbGciOiJIUzI1NiJ9.ey{}JyIjoxfQ.{b43}⟧&next=/
meta:cookie | sid=⟦jwt:ey{}JhbGciOiJIUzUxMiJ9.ey{}JpZCI6Nzd9.{b86}⟧; Path=/
meta:authorization | Bearer ⟦jwt:ey{}JhbGciOiJSUzI1NiJ9.ey{}JzY29wZSI6ImEifQ.{b86}⟧
meta:note | ⟦jwt:ey{}JhbGciOiJQUzI1NiIsImN0eSI6IkpXVCJ9.ey{}JpIjoiYSJ9.{b60}⟧
`
