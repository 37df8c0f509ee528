/**
 * The two things an app sends: the blocks of a message, and a view.
 * Answers the faults in the form Slack gives them: `message [json-pointer:/blocks/0/text]`.
 */
import { checkBlocks } from './validate-blocks.ts'
import {
  anything,
  boolean,
  both,
  byType,
  type Check,
  type Fault,
  type Inspection,
  isObject,
  object,
  report,
  rule,
  string,
} from './validate-shape.ts'
import { plainText } from './validate-text.ts'

type FileRefusal = Inspection['fileRefusal']
export const viewBytesMax = 250_000

export function messageFaults(blocks: unknown, fileRefusal: FileRefusal, pointer = '/blocks'): Fault[] {
  const inspection: Inspection = { surface: 'message', faults: [], fileRefusal }
  checkBlocks(blocks, pointer, inspection)
  return inspection.faults
}

export function viewFaults(view: unknown, allowed: readonly string[], fileRefusal: FileRefusal): Fault[] {
  const surface = isObject(view) && view.type === 'home' ? 'home' : 'modal'
  const inspection: Inspection = { surface, faults: [], fileRefusal }
  const table = Object.fromEntries(Object.entries(viewShapes).filter(([type]) => allowed.includes(type)))
  byType(table)(view, '/view', inspection)
  return inspection.faults
}

export function describeFault(fault: Fault): string {
  return `${fault.message} [json-pointer:${fault.pointer}]`
}

const type: Check = anything
const shared = {
  private_metadata: string({ charsMin: 0, charsMax: 3000 }),
  callback_id: string({ charsMin: 0, charsMax: 255 }),
  external_id: string({ charsMin: 0, charsMax: 255 }),
}

/** Slack shows a modal with inputs only if it can be submitted. */
const inputsNeedSubmit = rule((view, pointer, inspection) => {
  const blocks = Array.isArray(view.blocks) ? view.blocks : []
  if (view.submit === undefined && blocks.some((block) => isObject(block) && block.type === 'input'))
    report(inspection, 'missing required field: submit', pointer)
})

const viewShapes: Record<string, Check> = {
  modal: both(
    object({
      required: { type, title: plainText(24), blocks: checkBlocks },
      optional: {
        ...shared,
        submit: plainText(24),
        close: plainText(24),
        clear_on_close: boolean,
        notify_on_close: boolean,
        submit_disabled: boolean,
      },
    }),
    inputsNeedSubmit,
  ),
  home: object({ required: { type, blocks: checkBlocks }, optional: shared }),
}
