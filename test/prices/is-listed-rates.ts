/** Whether a file's JSON is what core/pricing/listed-rates.ts writes down. */
import { isJsonObject } from '../../core/event/field-reader.ts'
import type { ListedRates } from '../../core/pricing/listed-rates.ts'

export const isListedRates = (value: unknown): value is ListedRates =>
  isJsonObject(value) &&
  typeof value.list === 'string' &&
  typeof value.at === 'string' &&
  isJsonObject(value.rates) &&
  Object.values(value.rates).every(isModelRates)

const isModelRates = (value: unknown): boolean =>
  value === null || (isJsonObject(value) && Object.values(value).every((rate) => typeof rate === 'string'))
