// The composer: Enter sends, Shift+Enter breaks the line, `/` offers commands.
import { act } from './acts.js'

const hints = JSON.parse(document.body.dataset.hints)
let chosen = -1

const listOf = (input) => input.closest('.composer').querySelector('.composer__hints')

export function onComposerInput(input) {
  input.style.height = 'auto'
  input.style.height = `${Math.min(input.scrollHeight, 160)}px`
  chosen = -1
  showHints(input)
}

function matching(input) {
  const text = input.value
  return text.startsWith('/') ? hints.filter((hint) => hint.text.startsWith(text) && hint.text !== text) : []
}

function showHints(input) {
  const list = listOf(input)
  const offered = matching(input)
  list.hidden = offered.length === 0
  list.replaceChildren(
    ...offered.map((hint, index) => {
      const item = document.createElement('div')
      item.className = 'composer__hint'
      item.id = `hint-${index}`
      item.dataset.hint = hint.text
      item.setAttribute('role', 'option')
      item.setAttribute('aria-selected', String(index === chosen))
      const command = document.createElement('b')
      command.textContent = hint.text
      const about = document.createElement('span')
      about.textContent = hint.about
      item.append(command, about)
      return item
    }),
  )
  if (chosen >= 0) input.setAttribute('aria-activedescendant', `hint-${chosen}`)
  else input.removeAttribute('aria-activedescendant')
}

export function complete(input, text) {
  input.value = text
  onComposerInput(input)
  input.focus()
}

export function onComposerKey(event, input, userId) {
  const offered = matching(input)
  const open = !listOf(input).hidden && offered.length > 0
  if (open && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
    event.preventDefault()
    const step = event.key === 'ArrowDown' ? 1 : -1
    chosen = (chosen + step + offered.length) % offered.length
    showHints(input)
  } else if (open && (event.key === 'Tab' || (event.key === 'Enter' && chosen >= 0))) {
    event.preventDefault()
    complete(input, offered[Math.max(chosen, 0)].text)
  } else if (open && event.key === 'Escape') {
    listOf(input).hidden = true
  } else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault()
    void send(input, userId)
  }
}

export async function send(input, userId) {
  const text = input.value.trim()
  if (text === '') return
  const channelId = input.dataset.composer
  input.value = ''
  onComposerInput(input)
  input.focus()
  const result = await act('command', { userId, channelId, text })
  if (result === null && input.value === '') input.value = text
}
