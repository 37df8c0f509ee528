/** Menus as native selects, filled with options, people or channels. */
import type { ReactNode } from 'react'
import { isObject } from '../slack/validate-shape.ts'
import { optionsOf } from '../slack/validate-text.ts'
import type { Json, Workspace } from '../slack/workspace.ts'
import type { ElementProps, Place } from './place.ts'
import { words } from './words.tsx'

interface MenuProps extends ElementProps {
  common: { id: string }
}

export function Menu({ element, place, common }: MenuProps): ReactNode {
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

/** What the element holds now: what was entered, or its initial value. */
export function held(element: Json, place: Place, key: string): unknown {
  return place.values[place.blockId]?.[String(element.action_id)]?.[key]
}

export const optionValue = (option: unknown): string => (isObject(option) ? String(option.value) : '')
export const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
