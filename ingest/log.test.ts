import { DrizzleQueryError } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { reasonOf } from './log.ts'

describe('what is logged of a failure', () => {
  it('is the cause, and never the values of the statement that failed', () => {
    const cause = Object.assign(new Error('value out of range'), { code: '22003' })
    const error = new DrizzleQueryError('insert into admissions values ($1)', ['secret-request-id'], cause)
    expect(reasonOf(error)).toEqual({ code: '22003', reason: 'value out of range' })
  })

  it('is never empty', () => {
    const refused = new AggregateError([new Error('::1 refused'), new Error('127.0.0.1 refused')])
    expect(reasonOf(refused).reason).toBe('::1 refused; 127.0.0.1 refused')
    expect(reasonOf(new TypeError()).reason).toBe('TypeError')
    expect(reasonOf('odd').reason).toBe('odd')
  })
})
