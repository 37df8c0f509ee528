// What a person does on the page, and what the workspace says has changed.
import { act, placeOf } from './acts.js'
import { complete, onComposerInput, onComposerKey, send } from './composer.js'
import { confirmed } from './confirm.js'
import { readField, readFields } from './fields.js'
import { closeMenu, onMenuKey } from './menus.js'
import { arrive, enter, go, modal, refresh, settle, state } from './panes.js'

const { body } = document

/** Acts on the element, marking it busy so that nobody wonders whether the click counted. */
async function press(element, request) {
  if (!(await confirmed(element))) return
  const { root, where } = placeOf(element)
  element.setAttribute('aria-busy', 'true')
  const { actionId, blockId } = element.dataset
  await act('press', {
    userId: state.userId,
    ...where,
    actionId,
    blockId,
    values: readFields(root),
    ...request,
  })
  element.removeAttribute('aria-busy')
}

async function submit() {
  const view = modal.firstElementChild
  const button = view.querySelector('[data-submit-view]')
  button.setAttribute('aria-busy', 'true')
  const request = { userId: state.userId, viewId: view.dataset.viewId, values: readFields(view) }
  await act('submitView', request)
  button.removeAttribute('aria-busy')
  refresh('modal')
}

async function closeModal() {
  const view = modal.firstElementChild
  if (view) await act('closeView', { userId: state.userId, viewId: view.dataset.viewId })
  refresh('modal')
}

const clicks = [
  ['[data-shortcut]', pickShortcut],
  ['a[data-place]', (element) => go(element.dataset.place)],
  ['[data-open-thread]', (element) => go(element.dataset.channel, element.dataset.openThread)],
  ['[data-close-thread]', () => go(state.place)],
  ['[data-invite]', (element) => invite(element.dataset.invite)],
  ['[data-send]', () => send(document.querySelector('[data-composer]'), state.userId)],
  ['[data-hint]', (element) => complete(document.querySelector('[data-composer]'), element.dataset.hint)],
  ['[data-submit-view]', submit],
  ['[data-close-view]', closeModal],
  ['button[data-kind="button"]', pressButton],
  ['button[data-kind="overflow"]', pressOverflow],
]

function invite(channelId) {
  return act('command', { userId: state.userId, channelId, text: `/invite @${body.dataset.app}` })
}

function pickShortcut(element) {
  const { shortcut, channel, message } = element.dataset
  closeMenu(element)
  const where = message ? { channelId: channel, messageTs: message } : {}
  return act('shortcut', { userId: state.userId, callbackId: shortcut, ...where })
}

function pressButton(element) {
  const { url } = element.dataset
  if (url) window.open(url, '_blank', 'noopener')
  return press(element, {})
}

function pressOverflow(element) {
  closeMenu(element)
  return press(element, { held: { selected_option: { value: element.dataset.value } } })
}

document.addEventListener('click', (event) => {
  if (event.metaKey || event.ctrlKey) return
  for (const [selector, handle] of clicks) {
    const element = event.target.closest(selector)
    if (!element) continue
    event.preventDefault()
    void handle(element)
    return
  }
})

document.addEventListener('change', (event) => {
  const { target } = event
  if (target.matches('[data-user-switch]')) {
    // What the app writes to one person is nowhere to go for another.
    const place = state.place.startsWith('D') ? 'home' : state.place
    location.href = `/?${new URLSearchParams({ team: state.team, user: target.value, place })}`
    return
  }
  const field = target.closest('.field[data-acts=change]')
  if (field) void press(field, { held: readField(field) })
})

document.addEventListener('input', (event) => {
  if (event.target.matches('[data-composer]')) onComposerInput(event.target)
  const field = event.target.closest('.field[data-acts=character]')
  if (field) void press(field, { held: readField(field) })
})

document.addEventListener('keydown', (event) => {
  const { target } = event
  if (onMenuKey(event)) return
  if (target.matches('[data-composer]')) return onComposerKey(event, target, state.userId)
  const inModal = target.closest('#modal') !== null
  if (inModal && event.key === 'Enter' && target.matches('input:not([type=radio], [type=checkbox])')) {
    event.preventDefault()
    const field = target.closest('.field[data-acts=enter]')
    if (field) void press(field, { held: readField(field) })
    else if (modal.querySelector('[data-submit-view]')) void submit()
  }
})

modal.addEventListener('cancel', (event) => {
  event.preventDefault()
  void closeModal()
})

window.addEventListener('popstate', () => {
  const query = new URLSearchParams(location.search)
  state.place = query.get('place') ?? state.place
  state.thread = query.get('thread')
  void enter()
})

function listen() {
  const source = new EventSource('/page/changes')
  const everything = () => {
    for (const name of ['sidebar', 'messages', 'modal']) refresh(name)
    if (state.place === 'home') refresh('main')
    if (state.thread) refresh('thread')
  }
  source.addEventListener('open', everything)
  source.addEventListener('message', (event) => {
    const change = JSON.parse(event.data)
    if (change.kind === 'workspace') {
      refresh('sidebar')
      refresh(state.place === 'home' ? 'main' : 'head')
      return
    }
    if (change.kind === 'channel' && change.channelId === state.place) {
      refresh('messages')
      if (state.thread) refresh('thread')
    }
    if (change.kind === 'modal' && change.userId === state.userId) refresh('modal')
    if (change.kind === 'home' && change.userId === state.userId && state.place === 'home') refresh('main')
  })
}

settle(document)
arrive()
if (modal.firstElementChild) modal.showModal()
listen()
body.dataset.ready = 'true'
