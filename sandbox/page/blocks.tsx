/**
 * Blocks on the page: what a person can act on is ours, everything else is the renderer's.
 * Invariant: every block carries its data-block-id.
 */
import type { ReactNode } from 'react'
import { isObject } from '../slack/validate-shape.ts'
import type { Json, ViewValues, Workspace } from '../slack/workspace.ts'
import { Element } from './elements.tsx'
import type { Place } from './place.ts'
import { renderKnownBlock, words } from './words.tsx'

export interface BlocksProps {
  blocks: unknown
  workspace: Workspace
  values: ViewValues
  /** By block id: what is wrong with an input. */
  errors: Record<string, string>
  /** Makes ids of controls unique on the page. */
  scope: string
}

export function Blocks(props: BlocksProps): ReactNode {
  const blocks = Array.isArray(props.blocks) ? props.blocks.filter(isObject) : []
  return blocks.map((block) => (
    <div
      className={`block block--${String(block.type)}`}
      key={String(block.block_id)}
      data-block-id={String(block.block_id)}
      data-block-type={String(block.type)}
    >
      <OneBlock {...props} block={block} />
    </div>
  ))
}

type BlockProps = BlocksProps & { block: Json }

function OneBlock(props: BlockProps): ReactNode {
  const { block } = props
  if (block.type === 'actions') return <Actions {...props} />
  if (block.type === 'input') return <Input {...props} />
  if (block.type === 'section' && isObject(block.accessory) && block.accessory.type !== 'image')
    return <SectionWithElement {...props} accessory={block.accessory} />
  return <Rendered {...props} />
}

/** The renderer's own markup, made from blocks that passed the validator; it escapes their text. */
function Rendered({ block, workspace }: BlockProps): ReactNode {
  const markup = renderKnownBlock(withFileAddresses(block, workspace), workspace)
  // biome-ignore lint/security/noDangerouslySetInnerHtml: this markup is React's own output, escaped already.
  return <div dangerouslySetInnerHTML={{ __html: markup }} />
}

function placeOf(props: BlockProps, element: Json, acts: boolean): Place {
  const blockId = String(props.block.block_id)
  return {
    workspace: props.workspace,
    blockId,
    values: props.values,
    acts,
    controlId: `${props.scope}-${blockId}-${String(element.action_id)}`.replace(/[^\w-]/g, '_'),
  }
}

function Actions(props: BlockProps): ReactNode {
  const elements = Array.isArray(props.block.elements) ? props.block.elements.filter(isObject) : []
  return (
    <div className="actions">
      {elements.map((element) => (
        <Element key={String(element.action_id)} element={element} place={placeOf(props, element, true)} />
      ))}
    </div>
  )
}

function SectionWithElement(props: BlockProps & { accessory: Json }): ReactNode {
  const { accessory: _accessory, ...section } = props.block
  return (
    <div className="section-with-element">
      <Rendered {...props} block={section} />
      <div className="section-with-element__element">
        <Element element={props.accessory} place={placeOf(props, props.accessory, true)} />
      </div>
    </div>
  )
}

function Input(props: BlockProps): ReactNode {
  const { block, workspace } = props
  const element = isObject(block.element) ? block.element : {}
  const place = placeOf(props, element, block.dispatch_action === true)
  const error = props.errors[place.blockId]
  const aboutId = `${place.controlId}-about`
  const about = error ?? (block.hint ? words(block.hint, workspace) : undefined)
  return (
    <div className={`input${error ? ' input--wrong' : ''}`}>
      <label className="input__label" htmlFor={place.controlId}>
        {words(block.label, workspace)}
        {block.optional === true ? <span className="input__optional"> (optional)</span> : null}
      </label>
      <Element
        element={element}
        place={{ ...place, ...(about ? { describedBy: aboutId } : {}), invalid: error !== undefined }}
      />
      {about ? (
        <div
          id={aboutId}
          className={error ? 'input__error' : 'input__hint'}
          {...(error ? { role: 'alert', 'data-error-for': place.blockId } : {})}
        >
          {about}
        </div>
      ) : null}
    </div>
  )
}

/** The renderer knows images by address only: a Slack file becomes the address this server serves it at. */
function withFileAddresses(block: Json, workspace: Workspace): Json {
  const addressed = (value: unknown): unknown => {
    if (!isObject(value) || !isObject(value.slack_file)) return value
    const { slack_file: ref, ...rest } = value
    return { ...rest, image_url: fileAddress(ref, workspace) }
  }
  const outer = addressed(block)
  if (!isObject(outer)) return block
  return {
    ...outer,
    ...(outer.accessory === undefined ? {} : { accessory: addressed(outer.accessory) }),
    ...(Array.isArray(outer.elements) ? { elements: outer.elements.map(addressed) } : {}),
  }
}

export function fileAddress(ref: Json, workspace: Workspace): string {
  if (typeof ref.url === 'string') return new URL(ref.url).pathname
  const file = workspace.files.find((one) => one.id === ref.id)
  return `/files/${String(ref.id)}/${encodeURIComponent(file?.name ?? 'file')}`
}
