/** That an answer is not of the whole organisation, said where it is not: a sum of a part reads like the whole otherwise. */
import { type Reach, seesAll } from '../../core/people/reach.ts'
import type { Message } from './card.ts'
import { type Block, context } from './text.ts'

export const PARTIAL = 'Of the projects that you may see; the organisation has others.'
const SHARED = 'Of the projects that the person who shared it may see; the organisation has others.'

export const partialBlocks = (reach: Reach): Block[] => (seesAll(reach) ? [] : [context(PARTIAL)])

export const withPartial = (message: Message, reach: Reach, isShared = false): Message => {
  if (seesAll(reach)) return message
  const said = isShared ? SHARED : PARTIAL
  return { ...message, text: `${message.text}\n${said}`, blocks: [...message.blocks, context(said)] }
}
