/** Personal strings that the rules were built and tuned on. Written as read-labelled.ts says; all values are fictional. */
export const SEEN_PERSONAL = `
user_id | ⟦email:alice@example.com⟧
user_id | ⟦email:Bob.Stone@Example.ORG⟧
user_id | ⟦email:carol+billing@mail.example.co.uk⟧
user_id | acct:⟦email:dave_77@example.net⟧
user_id | mailto:⟦email:erin-o'hara@example.com⟧
user_id | auth0|⟦email:frank@example.io⟧
user_id | ⟦email:müller@beispiel.example.de⟧
session_id | ⟦email:sess-gina@example.com⟧-2025
route | /v1/users/⟦email:henry@example.com⟧/chat
route | /invite?to=⟦email:iris%40example.com⟧&lang=en
route | GET /crm/contacts/⟦email:j.k.lee@sub.example.edu⟧
route | /unsubscribe/⟦email:kurt%40mail.example.org⟧
environment | ⟦email:prod-lena@example.dev⟧
tag:owner | ⟦email:mona@example.com⟧
tag:team | growth (⟦email:growth-team@example.com⟧)
tag:customer | Nils Berg <⟦email:nils@example.se⟧>
meta:note | please write to ⟦email:olga@example.com⟧, not to ⟦email:piet@example.nl⟧.
meta:note | "⟦email:quinn@example.com⟧" asked again
meta:reply_to | ⟦email:r_2@example.travel⟧
meta:cc | ⟦email:sam@example.com⟧;⟦email:tina@example.com⟧
meta:url | https://app.example.com/u?email=⟦email:uwe@example.com⟧
meta:from | ⟦email:x@example.com⟧
meta:description | Ticket by ⟦email:yuki@example.co.jp⟧: refund
meta:sa | ⟦email:runner@project-1.iam.gserviceaccount.example.com⟧
user_id | ⟦phone:+12025550134⟧
user_id | ⟦phone:+447700900123⟧
user_id | whatsapp:⟦phone:+33199001234⟧
user_id | tel:⟦phone:+1-202-555-0147⟧
user_id | ⟦phone:+49 30 23125 456⟧
session_id | call_⟦phone:+61491570156⟧
route | /sms/⟦phone:+12025550199⟧/send
route | /lookup?msisdn=⟦phone:+4915550101010⟧
tag:phone | ⟦phone:2025550134⟧
tag:contact | ⟦phone:(202) 555-0134⟧
tag:contact | ⟦phone:202-555-0182⟧
tag:contact | ⟦phone:202.555.0119⟧
tag:mobile | ⟦phone:07700900456⟧
meta:note | call ⟦phone:020 7946 0958⟧ after five
meta:note | his number is ⟦phone:07700 900 789⟧
meta:note | Tel. ⟦phone:01 99 00 12 34⟧
meta:note | joignable au ⟦phone:06 39 98 12 34⟧ ou au ⟦phone:+33 6 39 98 56 78⟧
meta:note | ring ⟦phone:+44 (0)20 7946 0018⟧
meta:note | fax: ⟦phone:1-800-555-0123⟧
meta:note | (⟦phone:202-555-0175⟧)
meta:phone_number | ⟦phone:98765 43210⟧
meta:tel | ⟦phone:0891 901234⟧
meta:note | mobile ⟦phone:0491 570 157⟧ (AU)
meta:note | Mobil: ⟦phone:0171 3920000⟧
meta:caller | ⟦phone:+91 98765 43210⟧
meta:to | ⟦phone:+5511912345678⟧
meta:note | dial ⟦phone:0044 20 7946 0321⟧
meta:note | ⟦phone:+1 (202) 555-0108⟧ ext. 4
meta:whatsapp | ⟦phone:34612345678⟧
user_id | ⟦card:4242424242424242⟧
route | /pay/⟦card:5555555555554444⟧
tag:card | ⟦card:378282246310005⟧
tag:payment | ⟦card:4000-0566-5566-5556⟧
meta:card_number | ⟦card:6011111111111117⟧
meta:note | paid with ⟦card:4242 4242 4242 4242⟧ exp 12/30
meta:note | amex ⟦card:3782 822463 10005⟧
meta:note | Diners ⟦card:3056 9309 0259 04⟧ declined
meta:note | card ⟦card:30569309025904⟧ declined
meta:note | JCB ⟦card:3566 0020 2036 0505⟧
meta:note | mastercard:⟦card:2223003122003222⟧.
meta:cc | ⟦card:4012888888881881⟧
meta:pan | ⟦card:4222222222222⟧
meta:text_of_ticket | the number was ⟦card:5105-1051-0510-5100⟧, sorry
meta:debug | {"number":"⟦card:4111111111111111⟧","cvc":"123"}
meta:note | UnionPay ⟦card:6200000000000005⟧
meta:note | ⟦card:6011 0009 9013 9424⟧
meta:note | maestro card ⟦card:6759649826438453⟧
user_id | ⟦iban:DE89370400440532013000⟧
tag:account | ⟦iban:GB29NWBK60161331926819⟧
tag:iban | ⟦iban:FR1420041010050500013M02606⟧
route | /accounts/⟦iban:NL91ABNA0417164300⟧/statement
meta:note | please pay to ⟦iban:DE89 3704 0044 0532 0130 00⟧ today
meta:note | IBAN: ⟦iban:ES91 2100 0418 4502 0005 1332⟧
meta:note | from ⟦iban:BE68539007547034⟧ to ⟦iban:CH9300762011623852957⟧
meta:iban | ⟦iban:it60x0542811101000000123456⟧
meta:bank | ⟦iban:PL61 1090 1014 0000 0712 1981 2874⟧
meta:note | konto ⟦iban:SE45 5000 0000 0583 9825 7466⟧.
meta:note | ⟦iban:MT84 MALT 0110 0001 2345 MTLC AST0 01S⟧
meta:note | (⟦iban:PT50000201231234567890154⟧)
meta:payout | ⟦iban:AE070331234567890123456⟧
meta:payout | iban=⟦iban:LU280019400644750000⟧
user_id | ⟦national_id:046-32-5604⟧
tag:ssn | ⟦national_id:013489504⟧
meta:note | SSN ⟦national_id:011-08-5888⟧ on file
meta:note | ssn: ⟦national_id:074821983⟧
meta:note | social security ⟦national_id:031 56 8519⟧
meta:nino | ⟦national_id:BE180094D⟧
meta:note | NI number ⟦national_id:CE 56 74 25 B⟧
meta:note | ⟦national_id:KW490785A⟧ is his NINO
user_id | ⟦national_id:140042828646587⟧
meta:note | NIR ⟦national_id:1 54 08 29 517830 97⟧
meta:insee | ⟦national_id:264080685080510⟧
user_id | ⟦national_id:10983036F⟧
meta:dni | ⟦national_id:78911211-M⟧
meta:note | NIE ⟦national_id:Z5265464X⟧
meta:note | documento ⟦national_id:Y2532415Z⟧ caducado
user_id | ⟦national_id:CLNSPB59D11F648B⟧
meta:note | CF: ⟦national_id:BVDTBC60E25F347R⟧
meta:steuer_id | ⟦national_id:33812746036⟧
meta:note | Steuer-ID ⟦national_id:16 782 141 195⟧
meta:note | CPF ⟦national_id:911.561.458-13⟧
meta:cpf | ⟦national_id:36380140700⟧
route | /clientes/⟦national_id:558.186.125-03⟧
meta:aadhaar | ⟦national_id:857583050819⟧
meta:note | Aadhaar ⟦national_id:8253 2415 7295⟧ verified
meta:pesel | ⟦national_id:23040399130⟧
meta:note | PESEL: ⟦national_id:00120964826⟧
meta:bsn | ⟦national_id:857346878⟧
meta:note | BSN ⟦national_id:843586655⟧
meta:note | personnummer ⟦national_id:390124-4339⟧
meta:note | AHV ⟦national_id:756.5002.3653.88⟧
user_id | ⟦national_id:110107192610191989⟧
meta:curp | ⟦national_id:LABS911111MDFTTS80⟧
meta:note | hetu ⟦national_id:190692-836T⟧
meta:sin | ⟦national_id:132 867 342⟧
user_id | ⟦ip:203.0.113.42⟧
user_id | anon-⟦ip:198.51.100.7⟧
session_id | ⟦ip:192.0.2.146⟧:52113
route | /geo/⟦ip:203.0.113.9⟧
route | http://⟦ip:192.168.17.40⟧:8080/v1/chat
tag:client_ip | ⟦ip:10.1.2.3⟧
tag:ip | ⟦ip:8.8.4.4⟧
meta:remote_addr | ⟦ip:198.51.100.230⟧
meta:x_forwarded_for | ⟦ip:203.0.113.195⟧, ⟦ip:198.51.100.178⟧
meta:note | blocked ⟦ip:192.0.2.1⟧ again
meta:ip | ⟦ip:2001:db8::8a2e:370:7334⟧
user_id | ⟦ip:2001:db8:85a3:0:0:8a2e:370:7334⟧
meta:note | from [⟦ip:2001:db8:1::ab9⟧]:443
meta:note | peer ⟦ip:2001:DB8:AAAA:BBBB:CCCC:DDDD:EEEE:1⟧ left
meta:note | IP=⟦ip:172.16.254.1⟧;
meta:addr | ⟦ip:2001:db8::1⟧
meta:cidr | ⟦ip:203.0.113.128⟧/25
user_id | ⟦api_key:sk-{}proj-{n48}⟧
user_id | ⟦api_key:sk-{}ant-api03-{b93}AA⟧
session_id | ⟦api_key:sk-{}{n48}⟧
route | /v1/chat?key=⟦api_key:AI{}za{b35}⟧
route | /v1/models?api_key=⟦api_key:{h32}⟧
route | /download?token=⟦api_key:{n24}⟧&x=1
route | https://svc:⟦api_key:hunter2hunter2⟧@db.example.com/x
tag:key | ⟦api_key:lens_{}k3v9x2mq_{b43}⟧
tag:aws | ⟦api_key:AK{}IA{u16}⟧
tag:secret | ⟦api_key:wJalr{n30}KEY⟧
meta:aws_secret_access_key | ⟦api_key:{n40}⟧
meta:note | export OPENAI_API_KEY=⟦api_key:sk-{}svcacct-{n60}⟧
meta:note | use ⟦api_key:gh{}p_{n36}⟧ to clone
meta:note | ⟦api_key:github_{}pat_{n22}_{n59}⟧
meta:note | ci token ⟦api_key:gl{}pat-{n20}⟧
meta:slack | ⟦api_key:xo{}xb-{d12}-{d12}-{n24}⟧
meta:stripe | ⟦api_key:sk_{}live_{n24}⟧
meta:stripe | ⟦api_key:rk_{}live_{n24}⟧
meta:twilio | ⟦api_key:SK{h32}⟧
meta:mail | ⟦api_key:SG{}.{b22}.{b43}⟧
meta:hub | ⟦api_key:hf{}_{l34}⟧
meta:npm | //registry.example.com/:_authToken=⟦api_key:npm{}_{n36}⟧
meta:pypi | ⟦api_key:pypi{}-AgEIcHlwaS5vcmc{b60}⟧
meta:headers | Authorization: Bearer ⟦api_key:{n40}⟧
meta:authorization | Bearer ⟦api_key:{n32}⟧
meta:password | ⟦api_key:correct-horse-battery⟧
meta:note | password=⟦api_key:Tr0ub4dor-3⟧
meta:conn | postgres://app:⟦api_key:s3cr3tpw⟧@db.example.com:5432/app
meta:azure_openai_key | ⟦api_key:{h32}⟧
meta:conn | AccountName=x;AccountKey=⟦api_key:{n86}==⟧;EndpointSuffix=y
meta:groq | ⟦api_key:gs{}k_{n52}⟧
meta:key | ⟦api_key:-----BEGIN RSA {}PRIVATE KEY-----MIIEow{n40}-----END RSA {}PRIVATE KEY-----⟧
meta:xai | ⟦api_key:xa{}i-{n80}⟧
user_id | ⟦jwt:ey{}JhbGciOiJIUzI1NiJ9.ey{}JzdWIiOiIxMjM0In0.{b43}⟧
session_id | ⟦jwt:ey{}JhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.ey{}JpYXQiOjE3MDB9.{b60}⟧
route | /cb?id_token=⟦jwt:ey{}JhbGciOiJFUzI1NiJ9.ey{}JhdWQiOiJhcGkifQ.{b86}⟧
meta:auth | Bearer ⟦jwt:ey{}JhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.ey{}JuYW1lIjoiQSJ9.{b43}⟧
meta:note | got ⟦jwt:ey{}JhbGciOiJub25lIn0.ey{}JzdWIiOiJ4In0.{b20}⟧ back
tag:jwt | ⟦jwt:ey{}JraWQiOiJhIiwiYWxnIjoiUlMyNTYifQ.ey{}JzdWIiOiJhYmMifQ.{b43}⟧
`
