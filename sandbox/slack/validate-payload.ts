/**
 * The one place that judges what an app sends: messages by whatever way, views by whatever way, files.
 * Answers the faults in the form Slack gives them: `message [json-pointer:/blocks/0/text]`.
 */
import { type LimitName, limit } from './limits.ts'
import { checkBlocks } from './validate-blocks.ts'
import {
  anything,
  array,
  boolean,
  both,
  byType,
  type Check,
  type Fault,
  type Inspection,
  isObject,
  number,
  object,
  report,
  rule,
  type Surface,
  string,
} from './validate-shape.ts'
import { plainText } from './validate-text.ts'

export type FileRefusal = Inspection['fileRefusal']

export type Payload =
  | {
      readonly kind: 'message'
      readonly text: string
      /** Absent as `undefined`. */
      readonly blocks: unknown
      readonly attachments: unknown
    }
  | { readonly kind: 'view'; readonly view: unknown; readonly allowed: readonly string[] }
  | { readonly kind: 'file'; readonly bytes: number; readonly altText: string }

/** Everything that is wrong with it; empty when Slack would take it. */
export function payloadFaults(payload: Payload, fileRefusal: FileRefusal): Fault[] {
  switch (payload.kind) {
    case 'message':
      return contentFaults(payload, fileRefusal)
    case 'view':
      return viewFaults(payload.view, payload.allowed, fileRefusal)
    case 'file':
      return fileFaults(payload)
  }
}

export const breaks = (faults: readonly Fault[], name: LimitName): boolean =>
  faults.some((fault) => fault.limit === name)

export function describeFault(fault: Fault): string {
  return `${fault.message} [json-pointer:${fault.pointer}]`
}

const inspecting = (surface: Surface, fileRefusal: FileRefusal): Inspection => ({
  surface,
  faults: [],
  fileRefusal,
})

function contentFaults(message: Extract<Payload, { kind: 'message' }>, fileRefusal: FileRefusal): Fault[] {
  const inspection = inspecting('message', fileRefusal)
  const { text, blocks, attachments } = message
  string(limit('message.text'))(text, '/text', inspection)
  if (blocks !== undefined) checkBlocks(blocks, '/blocks', inspection)
  if (attachments !== undefined)
    array(attachment, limit('message.attachments'))(attachments, '/attachments', inspection)
  return inspection.faults
}

/** Old attachments have fields without end; what is new in them, their blocks, is as strict as any. */
const attachment: Check = (value, pointer, inspection) => {
  if (!isObject(value)) return report(inspection, 'must provide an object', pointer)
  if (value.blocks !== undefined) checkBlocks(value.blocks, `${pointer}/blocks`, inspection)
}

function fileFaults(file: Extract<Payload, { kind: 'file' }>): Fault[] {
  const inspection = inspecting('message', () => null)
  number({ within: limit('file.bytes'), whole: true })(file.bytes, '/length', inspection)
  string(limit('file.alt_txt'))(file.altText, '/alt_txt', inspection)
  return inspection.faults
}

function viewFaults(view: unknown, allowed: readonly string[], fileRefusal: FileRefusal): Fault[] {
  const surface = isObject(view) && view.type === 'home' ? 'home' : 'modal'
  const inspection = inspecting(surface, fileRefusal)
  const table = Object.fromEntries(Object.entries(viewShapes).filter(([type]) => allowed.includes(type)))
  byType(table)(view, '/view', inspection)
  const bytes = Buffer.byteLength(JSON.stringify(view) ?? '')
  const most = limit('view.bytes')
  if (bytes > most.max) report(inspection, `must be less than ${most.max + 1} bytes`, '/view', most)
  return inspection.faults
}

const type: Check = anything
const shared = {
  private_metadata: string(limit('view.private_metadata')),
  callback_id: string(limit('view.callback_id')),
  external_id: string(limit('view.external_id')),
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
      required: { type, title: plainText(limit('view.title')), blocks: checkBlocks },
      optional: {
        ...shared,
        submit: plainText(limit('view.submit')),
        close: plainText(limit('view.close')),
        clear_on_close: boolean,
        notify_on_close: boolean,
        submit_disabled: boolean,
      },
    }),
    inputsNeedSubmit,
  ),
  home: object({ required: { type, blocks: checkBlocks }, optional: shared }),
}
