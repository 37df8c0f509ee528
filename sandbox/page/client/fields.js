// What the fields of a message or a view hold, in the form Slack sends it.

const noun = (kind) =>
  kind.includes('users')
    ? 'user'
    : kind.includes('channels')
      ? 'channel'
      : kind.includes('conversations')
        ? 'conversation'
        : 'option'

/** One field's value object, such as `{ selected_option: { value } }`. */
export function readField(field) {
  const { kind } = field.dataset
  const control = field.querySelector('input, select, textarea')
  switch (kind) {
    case 'datepicker':
      return { selected_date: control.value || null }
    case 'timepicker':
      return { selected_time: control.value || null }
    case 'datetimepicker':
      return { selected_date_time: control.value ? Math.floor(Date.parse(control.value) / 1000) : null }
    case 'radio_buttons': {
      const chosen = field.querySelector('input:checked')
      return { selected_option: chosen ? { value: chosen.value } : null }
    }
    case 'checkboxes':
      return {
        selected_options: [...field.querySelectorAll('input:checked')].map(({ value }) => ({ value })),
      }
    default:
      return control.matches('select') ? readMenu(kind, control) : { value: control.value || null }
  }
}

function readMenu(kind, select) {
  const what = noun(kind)
  const wrap = (value) => (what === 'option' ? { value } : value)
  if (select.multiple)
    return { [`selected_${what}s`]: [...select.selectedOptions].map((option) => wrap(option.value)) }
  return { [`selected_${what}`]: select.value ? wrap(select.value) : null }
}

/** All fields within, as `state.values`. */
export function readFields(root) {
  const values = {}
  for (const field of root.querySelectorAll('.field[data-action-id]')) {
    const { blockId, actionId } = field.dataset
    values[blockId] = { ...values[blockId], [actionId]: readField(field) }
  }
  return values
}

/** Puts what a person had entered into the same fields of a newer version. */
export function carryOver(before, root) {
  for (const old of before.querySelectorAll('.field[data-action-id]')) {
    const same = [...root.querySelectorAll('.field[data-action-id]')].find(
      (field) =>
        field.dataset.actionId === old.dataset.actionId &&
        field.dataset.blockId === old.dataset.blockId &&
        field.dataset.kind === old.dataset.kind,
    )
    if (same) copyField(old, same)
  }
}

function copyField(from, to) {
  const sources = [...from.querySelectorAll('input, select, textarea')]
  const targets = [...to.querySelectorAll('input, select, textarea')]
  for (const [index, target] of targets.entries()) {
    const source = sources[index]
    if (!source) continue
    if (target.matches('[type=radio], [type=checkbox]')) target.checked = source.checked
    else if (target.matches('select[multiple]')) {
      const chosen = [...source.selectedOptions].map((option) => option.value)
      for (const option of target.options) option.selected = chosen.includes(option.value)
    } else target.value = source.value
  }
}

/** The browser's picker wants local time, Slack an instant. */
export function showInstants(root) {
  for (const input of root.querySelectorAll('input[data-epoch]')) {
    const { epoch } = input.dataset
    if (!epoch || input.value) continue
    const at = new Date(Number(epoch) * 1000)
    const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000)
    input.value = local.toISOString().slice(0, 16)
  }
}
