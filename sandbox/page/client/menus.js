// Menus that open from a button: arrows go through them, Escape and a click elsewhere close them.

const menuOf = (element) => element.closest('[data-menu]')
const itemsOf = (menu) => [...menu.querySelectorAll('[role="menuitem"]')]

export function closeMenu(element) {
  const menu = menuOf(element)
  if (menu?.open) menu.open = false
}

/** True when the key was for a menu. */
export function onMenuKey(event) {
  const menu = menuOf(event.target)
  if (menu === null) return false
  const items = itemsOf(menu)
  const at = items.indexOf(document.activeElement)
  if (event.key === 'Escape' && menu.open) {
    menu.open = false
    menu.querySelector('summary').focus()
  } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    const step = event.key === 'ArrowDown' ? 1 : -1
    menu.open = true
    items.at(at === -1 && step === -1 ? -1 : (at + step + items.length) % items.length)?.focus()
  } else if ((event.key === 'Home' || event.key === 'End') && menu.open) {
    items.at(event.key === 'Home' ? 0 : -1)?.focus()
  } else {
    return false
  }
  event.preventDefault()
  return true
}

document.addEventListener('click', ({ target }) => {
  for (const open of document.querySelectorAll('[data-menu][open]'))
    if (!open.contains(target)) open.open = false
})
document.addEventListener('focusout', ({ target, relatedTarget }) => {
  const menu = menuOf(target)
  if (menu?.open && relatedTarget !== null && !menu.contains(relatedTarget)) menu.open = false
})
