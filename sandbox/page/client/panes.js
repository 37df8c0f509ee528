// The panes of the window: fetched as fragments, and shown so that nothing a person is at is disturbed.
import { act } from './acts.js'
import { carryOver, showInstants } from './fields.js'
import { patchKeyed, rememberMarkup, showTimes } from './patch.js'

const { body } = document
export const state = {
  team: body.dataset.team,
  userId: body.dataset.user,
  place: body.dataset.place,
  thread: body.dataset.thread ?? null,
}
const pane = (id) => document.getElementById(id)
export const modal = pane('modal')

async function fragment(name) {
  const query = new URLSearchParams({
    team: state.team,
    user: state.userId,
    place: state.place,
    thread: state.thread ?? '',
  })
  const response = await fetch(`/page/fragment/${name}?${query}`)
  return response.ok ? await response.text() : null
}

/** One refresh of a pane at a time; what changes meanwhile is fetched once more afterwards. */
const refreshing = new Map()
export function refresh(name) {
  const running = refreshing.get(name)
  if (running) {
    running.again = true
    return
  }
  const run = { again: false }
  refreshing.set(name, run)
  void (async () => {
    do {
      run.again = false
      const asked = JSON.stringify(state)
      const markup = await fragment(name).catch(() => null)
      if (markup !== null && asked === JSON.stringify(state)) show(name, markup)
    } while (run.again)
    refreshing.delete(name)
  })()
}

function show(name, markup) {
  if (name === 'messages') return showMessages(markup)
  if (name === 'modal') return showModal(markup)
  const target = pane(name)
  target.innerHTML = markup
  settle(target)
}

export function settle(root) {
  if (!root.matches?.('[data-messages]')) {
    const list = root.querySelector('[data-messages]')
    if (list) rememberMarkup(list)
  }
  showTimes(root)
  showInstants(root)
}

function showMessages(markup) {
  const list = document.querySelector('[data-messages]')
  if (!list) return
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80
  patchKeyed(list, markup)
  settle(list)
  if (atEnd) toEnd(list)
}

function toEnd(list) {
  list.scrollTop = list.scrollHeight
  for (const image of list.querySelectorAll('img'))
    if (!image.complete)
      image.addEventListener('load', () => (list.scrollTop = list.scrollHeight), { once: true })
}

function showModal(markup) {
  const before = modal.firstElementChild
  const template = document.createElement('template')
  template.innerHTML = markup
  const next = template.content.firstElementChild
  if (next === null) {
    modal.replaceChildren()
    if (modal.open) modal.close()
    return
  }
  const same = before?.dataset.viewId === next.dataset.viewId
  if (same) carryOver(before, next)
  const focusedId = document.activeElement?.id
  const { selectionStart: from, selectionEnd: to } = document.activeElement ?? {}
  modal.replaceChildren(next)
  settle(modal)
  if (!modal.open) modal.showModal()
  const first = modal.querySelector(
    '[aria-invalid] , .input--wrong input, .modal__body input, .modal__body select, .modal__body textarea',
  )
  const again = same && focusedId ? pane(focusedId) : null
  // Never a button that shuts it: a second Enter would put away what is shown once.
  const where =
    again ?? first ?? modal.querySelector('[data-submit-view]') ?? modal.querySelector('.modal__body')
  where?.focus()
  // Who was typing goes on where they were.
  if (again && Number.isInteger(from)) again.setSelectionRange(from, to)
}

export async function go(place, thread = null) {
  state.place = place
  state.thread = thread
  const query = new URLSearchParams({ team: state.team, user: state.userId, place })
  if (thread) query.set('thread', thread)
  history.pushState({ ...state }, '', `/?${query}`)
  await enter()
}

export async function enter() {
  const [main, sidebar] = await Promise.all([fragment('main'), fragment('sidebar')])
  if (main !== null) show('main', main)
  if (sidebar !== null) show('sidebar', sidebar)
  arrive()
  await showThread()
}

export function arrive() {
  const list = document.querySelector('[data-messages]')
  if (list) {
    toEnd(list)
    document.querySelector('[data-composer]')?.focus()
  }
  if (state.place === 'home') void act('openHome', { userId: state.userId })
}

async function showThread() {
  const target = pane('thread')
  target.hidden = state.thread === null
  if (state.thread === null) return target.replaceChildren()
  const markup = await fragment('thread')
  if (markup !== null) show('thread', markup)
}
