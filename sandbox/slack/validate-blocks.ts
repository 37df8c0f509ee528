/**
 * Layout blocks, and what holds for a list of them: how many, where each type may stand, ids that are unique.
 * Invariant: a list that passes here can be shown and acted on by this workspace.
 */
import { type Limit, limit } from './limits.ts'
import { chartBlock } from './validate-chart.ts'
import { actionsElement, inputElement, sectionAccessory } from './validate-elements.ts'
import { richTextBlock, tableBlock } from './validate-rich-text.ts'
import {
  anything,
  array,
  boolean,
  both,
  byType,
  type Check,
  exactlyOne,
  filled,
  type Inspection,
  isObject,
  object,
  oneOf,
  report,
  rule,
  type Surface,
  url,
} from './validate-shape.ts'
import { altText, anyText, blockId, imageElement, plainText, slackFile } from './validate-text.ts'

const type: Check = anything
const common = { block_id: blockId }

const sectionHasContent = rule((block, pointer, inspection) => {
  if (block.text === undefined && block.fields === undefined)
    report(inspection, 'must provide text or fields', pointer)
})

const contextElement = byType({
  plain_text: anyText(limit('context.text')),
  mrkdwn: anyText(limit('context.text')),
  image: imageElement,
})

/** A button with a URL still acts, so only the ids matter: twice the same in one block cannot be told apart. */
const uniqueActionIds = rule((block, pointer, inspection) => {
  if (!Array.isArray(block.elements)) return
  const seen = new Set<unknown>()
  for (const [index, element] of block.elements.entries()) {
    if (!isObject(element) || element.action_id === undefined) continue
    if (seen.has(element.action_id))
      report(
        inspection,
        `\`action_id\` \`${String(element.action_id)}\` already exists for another element`,
        `${pointer}/elements/${index}/action_id`,
      )
    seen.add(element.action_id)
  }
})

const everywhere: Record<string, Check> = {
  section: both(
    object({
      required: { type },
      optional: {
        ...common,
        text: anyText(limit('section.text')),
        fields: array(anyText(limit('section.field')), limit('section.fields')),
        accessory: sectionAccessory,
        expand: boolean,
      },
    }),
    sectionHasContent,
  ),
  divider: object({ required: { type }, optional: common }),
  header: object({ required: { type, text: plainText(limit('header.text')) }, optional: common }),
  image: both(
    object({
      required: { type, alt_text: altText },
      optional: {
        ...common,
        image_url: url(limit('image.image_url')),
        slack_file: slackFile,
        title: plainText(limit('image.title')),
      },
    }),
    exactlyOne('image_url', 'slack_file'),
  ),
  context: object({
    required: { type, elements: array(contextElement, limit('context.elements')) },
    optional: common,
  }),
  actions: both(
    object({
      required: { type, elements: array(actionsElement, limit('actions.elements')) },
      optional: common,
    }),
    uniqueActionIds,
  ),
  rich_text: richTextBlock,
  input: object({
    required: { type, label: plainText(limit('input.label')), element: inputElement },
    optional: {
      ...common,
      hint: plainText(limit('input.hint')),
      optional: boolean,
      dispatch_action: boolean,
    },
  }),
}

/** Its limit is one for all markdown of a message, counted below. */
const markdown = object({
  required: { type, text: filled },
  optional: common,
})

const alert = object({
  required: { type, text: anyText(limit('alert.text')) },
  optional: { ...common, level: oneOf('default', 'info', 'warning', 'error', 'success') },
})

const bySurface: Record<Surface, Record<string, Check>> = {
  message: { ...everywhere, markdown, table: tableBlock, data_visualization: chartBlock },
  modal: { ...everywhere, alert },
  home: everywhere,
}

const blocksOf: Record<Surface, Limit> = {
  message: limit('message.blocks'),
  modal: limit('view.blocks'),
  home: limit('view.blocks'),
}
const ofOneKind: Record<string, Limit> = {
  data_visualization: limit('message.charts'),
  table: limit('message.tables'),
}

export function checkBlocks(blocks: unknown, pointer: string, inspection: Inspection): void {
  const { surface } = inspection
  array(byType(bySurface[surface]), blocksOf[surface])(blocks, pointer, inspection)
  if (!Array.isArray(blocks)) return
  checkUniqueBlockIds(blocks, pointer, inspection)
  for (const [kind, most] of Object.entries(ofOneKind)) {
    const count = blocks.filter((block) => isObject(block) && block.type === kind).length
    if (count > most.max) report(inspection, `no more than ${most.max} ${kind} blocks allowed`, pointer, most)
  }
  checkMarkdownTotal(blocks, pointer, inspection)
}

function checkUniqueBlockIds(blocks: unknown[], pointer: string, inspection: Inspection): void {
  const seen = new Set<unknown>()
  for (const [index, block] of blocks.entries()) {
    if (!isObject(block) || block.block_id === undefined) continue
    if (seen.has(block.block_id))
      report(
        inspection,
        `\`block_id\` \`${String(block.block_id)}\` already exists for another block`,
        `${pointer}/${index}/block_id`,
      )
    seen.add(block.block_id)
  }
}

/** Slack counts the markdown of all blocks of a message together. */
function checkMarkdownTotal(blocks: unknown[], pointer: string, inspection: Inspection): void {
  const chars = blocks
    .filter((block) => isObject(block) && block.type === 'markdown')
    .reduce<number>((sum, block) => sum + (isObject(block) ? String(block.text).length : 0), 0)
  const most = limit('message.markdown')
  if (chars > most.max)
    report(inspection, `markdown blocks must be less than ${most.max + 1} characters in total`, pointer, most)
}
