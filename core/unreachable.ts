/** The end of every exhaustive switch: a new member of a union fails to compile here, and throws if it slips in. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}
