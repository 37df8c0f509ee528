// Slack's confirmation dialog, in front of an act that asks for one.

const words = (text, otherwise) => text?.text ?? otherwise

/** True when the person goes on. */
export function confirmed(element) {
  const { confirm } = element.dataset
  if (!confirm) return Promise.resolve(true)
  const asked = JSON.parse(confirm)
  const dialog = document.getElementById('confirm')
  const title = make('h2', words(asked.title, 'Are you sure?'), { id: 'confirm-title' })
  const text = make('p', words(asked.text, ''))
  const deny = make('button', words(asked.deny, 'Cancel'), { type: 'button', className: 'button' })
  const go = make('button', words(asked.confirm, 'Yes'), {
    type: 'button',
    className: `button button--${asked.style === 'danger' ? 'danger-solid' : 'primary'}`,
  })
  deny.dataset.confirmDeny = 'true'
  go.dataset.confirmGo = 'true'
  const foot = make('footer', '', { className: 'modal__foot' })
  foot.append(deny, go)
  dialog.replaceChildren(title, text, foot)
  dialog.showModal()
  go.focus()
  return new Promise((resolve) => {
    const finish = (answer) => {
      dialog.close()
      resolve(answer)
    }
    go.addEventListener('click', () => finish(true))
    deny.addEventListener('click', () => finish(false))
    dialog.addEventListener('cancel', () => resolve(false), { once: true })
  })
}

function make(tag, text, properties = {}) {
  const element = Object.assign(document.createElement(tag), properties)
  element.textContent = text
  return element
}
