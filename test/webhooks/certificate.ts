/**
 * A certificate for `hooks.example.com` that signs itself, until 2120, with its key: for receivers in tests alone, which
 * trust it by naming it. Nobody else does.
 */
export const RECEIVER_NAME = 'hooks.example.com'

export const RECEIVER_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBWjCCAQCgAwIBAgIBATAKBggqhkjOPQQDAjAcMRowGAYDVQQDDBFob29rcy5l
eGFtcGxlLmNvbTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowHDEa
MBgGA1UEAwwRaG9va3MuZXhhbXBsZS5jb20wWTATBgcqhkjOPQIBBggqhkjOPQMB
BwNCAARJ+GwU+3RQGYmEOpzliy4CHcc0PH6u4VEo5GkZaRmKxtKEqKwkolxpUD5N
97JVZI1jpinFUoPzaUzOmHFVgk9pozEwLzAcBgNVHREEFTATghFob29rcy5leGFt
cGxlLmNvbTAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIGDq5J+5
B8G3dq3a6pcq/XwqhI1StOmkTuj8+HMz5MOtAiEA7DNQkDSlOeuOdH2GOQGTs/j2
oCDpPE9uZtbLG7h8uAw=
-----END CERTIFICATE-----
`

export const RECEIVER_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgSjxjIMhzzvqqvSpb
pu9MOn44AOrSQMo3/fVPlWyTHQShRANCAARJ+GwU+3RQGYmEOpzliy4CHcc0PH6u
4VEo5GkZaRmKxtKEqKwkolxpUD5N97JVZI1jpinFUoPzaUzOmHFVgk9p
-----END PRIVATE KEY-----
`
