/** A person cannot do that here: press what is not shown, type where there is no channel. */
export class SandboxRefusal extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.name = 'SandboxRefusal'
    this.code = code
  }
}
