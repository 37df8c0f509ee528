/** The kinds of columns that every table uses: money is a bigint of nano-dollars, an instant has milliseconds. */
import { bigint, customType, timestamp } from 'drizzle-orm/pg-core'
import { type NanoUsd, nanoUsd } from '../../../core/money.ts'

export const money = customType<{ data: NanoUsd; driverData: string }>({
  dataType: () => 'bigint',
  toDriver: (amount) => amount.toString(),
  fromDriver: (value) => nanoUsd(BigInt(value)),
})
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' })
export const count = (name: string) => bigint(name, { mode: 'number' })
