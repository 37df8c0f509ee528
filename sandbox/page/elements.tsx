/**
 * Interactive elements as native controls, which the keyboard and screen readers know.
 * Invariant: each control's field carries data-action-id, data-block-id and data-kind; the script reads only these.
 */
import type { ReactNode } from 'react'
import { isObject } from '../slack/validate-shape.ts'
import { optionsOf } from '../slack/validate-text.ts'
import type { Json } from '../slack/workspace.ts'
import { held, list, Menu, optionValue, text } from './menus.tsx'
import type { ElementProps } from './place.ts'
import { words } from './words.tsx'

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
          {...(place.acts ? { 'data-acts': actsOn(element) } : {})}
          {...confirmData(element)}
        >
          <Control element={element} place={place} />
        </div>
      )
  }
}

const TYPED = ['plain_text_input', 'number_input', 'email_text_input', 'url_text_input']

/** Menus act when they change; what is typed acts on Enter, unless the element asks for every character. */
function actsOn(element: Json): 'change' | 'enter' | 'character' {
  if (!TYPED.includes(String(element.type))) return 'change'
  const config = isObject(element.dispatch_action_config) ? element.dispatch_action_config : {}
  const on = config.trigger_actions_on
  return Array.isArray(on) && on.includes('on_character_entered') ? 'character' : 'enter'
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
    <details className="overflow" data-menu="true">
      <summary className="button" aria-label="More actions">
        ⋯
      </summary>
      <div className="overflow__menu" role="menu">
        {optionsOf(element).map((option) => (
          <button
            type="button"
            role="menuitem"
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
