/** The rules of one kind of national id, from a package that is kept for them. */
import { stdnum } from 'stdnum'

export type IdCheck = (text: string) => boolean

/** Throws at once when the package has no such rules, so that a renamed one cannot silently find nothing. */
export function idCheck(country: string, name: string): IdCheck {
  const validator = stdnum[country]?.[name]
  if (validator === undefined) throw new Error(`stdnum has no rules for ${country}.${name}`)
  return (text) => validator.validate(text).isValid
}
