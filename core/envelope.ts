/** A secret that is read back, encrypted: which key, which nonce, what came out. */
export interface Envelope {
  readonly keyId: string
  readonly nonce: string
  readonly ciphertext: string
}
