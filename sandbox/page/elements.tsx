/**
 * Interactive elements as native controls, which the keyboard and screen readers know.
 * Invariant: each control's field carries data-action-id, data-block-id and data-kind; the script reads only these.
 */
import type { ReactNode } from 'react'
import { isObject } from '../slack/validate-shape.ts'
import { optionsOf } from '../slack/validate-text.ts'
import type { Json, ViewValues, Workspace } from '../slack/workspace.ts'
import { words } from './words.tsx'

export interface Place {
  workspace: Workspace
  blockId: string
  values: ViewValues
  /** Acts at once when changed: in actions, beside a section, or an input that dispatches. */
  acts: boolean
  /** Names the control for a label outside it, and its hint or error. */
  controlId: string
  describedBy?: string
  invalid?: boolean
}

export interface ElementProps {
  element: Json
  place: Place
}

export function Element({ element, place }: ElementProps): ReactNode {
  switch (element.type) {
    case 'button':
      return <Button element={element} place={place} />
    case 'overflow':
      return <Overflow element={element} place={place} />
    default:
      return (
        <div
          className={`field field--${String(element.type)}`}
          data-kind={String(element.type)}
          data-action-id={String(element.action_id)}
          data-block-id={place.blockId}
          {...(place.acts ? { 'data-acts': 'true' } : {})}
          {...confirmData(element)}
        >
          <Control element={element} place={place} />
        </div>
      )
  }
}

const confirmData = (element: Json) =>
  isObject(element.confirm) ? { 'data-confirm': JSON.stringify(element.confirm) } : {}

function Button({ element, place }: ElementProps): ReactNode {
  const style = typeof element.style === 'string' ? ` button--${element.style}` : ''
  return (
    <button
      type="button"
      className={`button${style}`}
      data-kind="button"
      data-action-id={String(element.action_id)}
      data-block-id={place.blockId}
      {...(typeof element.url === 'string' ? { 'data-url': element.url } : {})}
      {...(typeof element.accessibility_label === 'string'
        ? { 'aria-label': element.accessibility_label }
        : {})}
      {...confirmData(element)}
    >
      {words(element.text, place.workspace)}
    </button>
  )
}

function Overflow({ element, place }: ElementProps): ReactNode {
  return (
    <details className="overflow">
      <summary className="button" aria-label="More actions">
        ⋯
      </summary>
      <div className="overflow__menu">
        {optionsOf(element).map((option) => (
          <button
            type="button"
            key={String(option.value)}
            data-kind="overflow"
            data-action-id={String(element.action_id)}
            data-block-id={place.blockId}
            data-value={String(option.value)}
            {...confirmData(element)}
          >
            {words(option.text, place.workspace)}
          </button>
        ))}
      </div>
    </details>
  )
}

/** What the element holds now: what was entered, or its initial value. */
function held(element: Json, place: Place, key: string): unknown {
  return place.values[place.blockId]?.[String(element.action_id)]?.[key]
}

const optionValue = (option: unknown): string => (isObject(option) ? String(option.value) : '')
const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

function Control({ element, place }: ElementProps): ReactNode {
  const common = {
    id: place.controlId,
    ...(place.describedBy ? { 'aria-describedby': place.describedBy } : {}),
    ...(place.invalid ? { 'aria-invalid': true } : {}),
    ...(place.acts ? { 'aria-label': words(element.placeholder ?? element.action_id, place.workspace) } : {}),
  }
  const placeholder = element.placeholder ? words(element.placeholder, place.workspace) : undefined
  switch (element.type) {
    case 'plain_text_input':
      return element.multiline === true ? (
        <textarea
          {...common}
          rows={4}
          placeholder={placeholder}
          defaultValue={text(held(element, place, 'value'))}
        />
      ) : (
        <input
          {...common}
          type="text"
          placeholder={placeholder}
          defaultValue={text(held(element, place, 'value'))}
        />
      )
    case 'number_input':
      return (
        <input
          {...common}
          type="text"
          inputMode="decimal"
          placeholder={placeholder}
          defaultValue={text(held(element, place, 'value'))}
        />
      )
    case 'email_text_input':
    case 'url_text_input':
      return (
        <input
          {...common}
          type={element.type === 'url_text_input' ? 'url' : 'email'}
          placeholder={placeholder}
          defaultValue={text(held(element, place, 'value'))}
        />
      )
    case 'datepicker':
      return <input {...common} type="date" defaultValue={text(held(element, place, 'selected_date'))} />
    case 'timepicker':
      return <input {...common} type="time" defaultValue={text(held(element, place, 'selected_time'))} />
    case 'datetimepicker':
      return (
        <input
          {...common}
          type="datetime-local"
          data-epoch={text(held(element, place, 'selected_date_time'))}
        />
      )
    case 'radio_buttons':
    case 'checkboxes':
      return <Choices element={element} place={place} />
    default:
      return <Menu element={element} place={place} common={common} />
  }
}

function Choices({ element, place }: ElementProps): ReactNode {
  const radio = element.type === 'radio_buttons'
  const chosen = radio
    ? [optionValue(held(element, place, 'selected_option'))]
    : list(held(element, place, 'selected_options')).map(optionValue)
  return (
    <div className="choices" role={radio ? 'radiogroup' : 'group'} id={place.controlId}>
      {optionsOf(element).map((option) => (
        <label key={optionValue(option)} className="choice">
          <input
            type={radio ? 'radio' : 'checkbox'}
            name={`${place.controlId}-choice`}
            value={optionValue(option)}
            defaultChecked={chosen.includes(optionValue(option))}
          />
          <span>
            {words(option.text, place.workspace)}
            {option.description ? (
              <small className="choice__about">{words(option.description, place.workspace)}</small>
            ) : null}
          </span>
        </label>
      ))}
    </div>
  )
}

interface MenuProps extends ElementProps {
  common: { id: string }
}

function Menu({ element, place, common }: MenuProps): ReactNode {
  const kind = String(element.type)
  const multiple = kind.startsWith('multi_')
  const key = `selected_${menuNoun(kind)}${multiple ? 's' : ''}`
  const now = held(element, place, key)
  const chosen = (multiple ? list(now) : [now]).map((one) => (isObject(one) ? optionValue(one) : text(one)))
  const placeholder = element.placeholder ? words(element.placeholder, place.workspace) : 'Choose an option'
  return (
    <select {...common} multiple={multiple} defaultValue={multiple ? chosen : (chosen[0] ?? '')}>
      {multiple ? null : <option value="">{placeholder}</option>}
      {groupsOf(element, place.workspace).map((group) =>
        group.label === null ? (
          group.options.map((one) => (
            <option key={one.value} value={one.value}>
              {one.label}
            </option>
          ))
        ) : (
          <optgroup key={group.label} label={group.label}>
            {group.options.map((one) => (
              <option key={one.value} value={one.value}>
                {one.label}
              </option>
            ))}
          </optgroup>
        ),
      )}
    </select>
  )
}

function menuNoun(kind: string): string {
  if (kind.includes('users')) return 'user'
  if (kind.includes('channels')) return 'channel'
  return kind.includes('conversations') ? 'conversation' : 'option'
}

interface Group {
  label: string | null
  options: { value: string; label: string }[]
}

function groupsOf(element: Json, workspace: Workspace): Group[] {
  const offered = (options: Json[]) =>
    options.map((option) => ({ value: optionValue(option), label: words(option.text, workspace) }))
  const people = workspace.users
    .filter((user) => !user.isBot)
    .map((user) => ({ value: user.id, label: `@${user.name}` }))
  const channels = workspace.channels
    .filter((channel) => channel.imUserId === null)
    .map((channel) => ({ value: channel.id, label: `#${channel.name}` }))
  switch (menuNoun(String(element.type))) {
    case 'user':
      return [{ label: null, options: people }]
    case 'channel':
    case 'conversation':
      return [{ label: null, options: channels }]
    default:
      if (!Array.isArray(element.option_groups))
        return [{ label: null, options: offered(optionsOf(element)) }]
      return element.option_groups.filter(isObject).map((group) => ({
        label: words(group.label, workspace),
        options: offered(optionsOf({ options: group.options })),
      }))
  }
}
