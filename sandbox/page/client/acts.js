// What a person does goes to the workspace as one POST; a refusal is shown, never swallowed.

export async function act(verb, body) {
  const response = await fetch(`/_sandbox/${verb}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ team: document.body.dataset.team, ...body }),
  }).catch(() => null)
  const answer = response ? await response.json().catch(() => ({})) : {}
  if (!response?.ok) {
    toast(answer.message ?? 'The local Slack workspace does not answer.')
    return null
  }
  return answer.result ?? {}
}

let hideTimer
export function toast(text) {
  const box = document.getElementById('toast')
  box.textContent = text
  box.hidden = false
  clearTimeout(hideTimer)
  hideTimer = setTimeout(() => {
    box.hidden = true
  }, 5000)
}

/** Where an element stands: in a message, or in a view. */
export function placeOf(element) {
  const view = element.closest('[data-view-id]')
  if (view) return { root: view, where: { viewId: view.dataset.viewId } }
  const message = element.closest('[data-message-ts]')
  return {
    root: message,
    where: { channelId: message.dataset.channel, messageTs: message.dataset.messageTs },
  }
}
