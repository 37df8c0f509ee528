// Replaces what changed and leaves alone what did not, so that focus, scroll and what is typed survive.

/** The markup as the server sent it: the script fills in times, which is no change. */
const markupOf = new WeakMap()

/** Children with the same data-key and the same markup stay in the document as they are. */
export function patchKeyed(container, markup) {
  const next = parse(markup)
  const before = new Map([...container.children].map((child) => [child.dataset.key, child]))
  const focused = focusPath(container)
  let cursor = container.firstElementChild
  for (const child of next) {
    const old = before.get(child.dataset.key)
    const same = old !== undefined && markupOf.get(old) === child.outerHTML
    const placed = same ? old : child
    if (!same) markupOf.set(placed, child.outerHTML)
    if (placed === cursor) cursor = cursor.nextElementSibling
    else container.insertBefore(placed, cursor)
    if (old !== undefined && !same) {
      if (old === cursor) cursor = cursor.nextElementSibling
      old.remove()
    }
    before.delete(child.dataset.key)
  }
  for (const gone of before.values()) gone.remove()
  restoreFocus(container, focused)
}

/** For a container that came whole: to be called before anything in it is filled in. */
export function rememberMarkup(container) {
  for (const child of container.children) markupOf.set(child, child.outerHTML)
}

function parse(markup) {
  const template = document.createElement('template')
  template.innerHTML = markup
  return [...template.content.children]
}

function focusPath(container) {
  const { activeElement: active } = document
  if (!active || !container.contains(active)) return null
  const holder = active.closest('[data-key]')
  const control = active.closest('[data-action-id]')
  return { key: holder?.dataset.key, actionId: control?.dataset.actionId }
}

function restoreFocus(container, path) {
  if (path === null || container.contains(document.activeElement)) return
  const holder = [...container.children].find((child) => child.dataset.key === path.key)
  const same = [...(holder?.querySelectorAll('[data-action-id]') ?? [])].find(
    (one) => one.dataset.actionId === path.actionId,
  )
  const target = same?.matches('button') ? same : same?.querySelector('input, select, textarea')
  target?.focus()
}

/** Times are shown in the reader's own zone. */
export function showTimes(root) {
  for (const time of root.querySelectorAll('time[data-ts]')) {
    const at = new Date(Number(time.dataset.ts) * 1000)
    time.textContent = at.toLocaleTimeString('en', { hour: 'numeric', minute: '2-digit' })
    time.title = at.toLocaleString('en')
  }
  for (const time of root.querySelectorAll('time[data-day]')) {
    const at = new Date(Number(time.dataset.day) * 1000)
    const today = new Date().toDateString() === at.toDateString()
    time.textContent = today
      ? 'Today'
      : at.toLocaleDateString('en', { weekday: 'long', month: 'long', day: 'numeric' })
  }
}
