/** Each row of the table of limits, against the validator: the compiler demands a payload for every row. */
import { describe, expect, it } from 'vitest'
import { type LimitName, limit, limitNames } from './limits.ts'
import { type Payload, payloadFaults } from './validate-payload.ts'
import type { Json } from './validate-shape.ts'

const long = (chars: number): string => 'x'.repeat(Math.max(0, chars))
const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: Math.max(0, count) }, (_, n) => make(n))
const url = (chars: number): string => (chars < 10 ? '' : `https://x/${long(chars - 10)}`)
const id = (chars: number, letter: string): string =>
  chars < 1 ? '' : `${letter}${'A'.repeat(Math.max(8, chars - 1))}`
const plain = (text: string): Json => ({ type: 'plain_text', text })
const option = (value: string, more: Json = {}): Json => ({ text: plain('a'), value, ...more })
const options = (count: number): Json[] => many(count, (n) => option(`${n}`))

const message = (blocks: unknown): Payload => ({
  kind: 'message',
  text: 'hi',
  blocks,
  attachments: undefined,
})
const block = (one: Json): Payload => message([one])
const element = (one: Json): Payload => block({ type: 'actions', elements: [one] })
const input = (one: Json, more: Json = {}): Payload =>
  block({ type: 'input', label: plain('L'), element: one, ...more })
const textInput = { type: 'plain_text_input' }
const view = (more: Json): Payload => ({
  kind: 'view',
  allowed: ['modal'],
  view: { type: 'modal', title: plain('T'), blocks: [], ...more },
})
const section = (more: Json): Payload => block({ type: 'section', text: plain('x'), ...more })
const image = (more: Json): Payload =>
  block({ type: 'image', alt_text: 'a', ...('slack_file' in more ? {} : { image_url: url(20) }), ...more })
const button = (more: Json): Payload => element({ type: 'button', text: plain('Go'), ...more })
const confirm = (more: Json): Payload => button({ confirm: { text: plain('Sure?'), ...more } })
const select = (more: Json): Payload => element({ type: 'static_select', options: options(1), ...more })
const table = (rows: Json[][], more: Json = {}): Json => ({ type: 'table', rows, ...more })
const cell = (chars = 1): Json => ({ type: 'raw_text', text: long(chars) })
const richText = (...elements: Json[]): Payload => block({ type: 'rich_text', elements })
const inline = (...elements: Json[]): Json => ({ type: 'rich_text_section', elements })
const list = (more: Json): Payload =>
  richText({ type: 'rich_text_list', style: 'bullet', elements: [inline()], ...more })
const chart = (one: Json, title = 'T'): Json => ({ type: 'data_visualization', title, chart: one })
const pie = (count: number, labelChars = 1): Json =>
  chart({
    type: 'pie',
    segments: many(count, (n) => ({ label: labelChars === 1 ? `${n}` : long(labelChars), value: 1 })),
  })
const bars = (given: {
  series?: number
  categories?: string[]
  points?: string[]
  name?: string
  axis?: Json
}) => {
  const { series = 1, categories = ['a'], points = categories, name, axis = {} } = given
  return chart({
    type: 'bar',
    series: many(series, (n) => ({
      name: name ?? `${n}`,
      data: points.map((label) => ({ label, value: 1 })),
    })),
    axis_config: { categories, ...axis },
  })
}
const letters = (count: number): string[] => many(count, (n) => `c${n}`)

/** A payload that is good but for that row, and as large there as asked. */
const samples: Record<LimitName, (size: number) => Payload> = {
  'message.text': (n) => ({ kind: 'message', text: long(n), blocks: undefined, attachments: undefined }),
  'message.blocks': (n) => message(many(n, () => ({ type: 'divider' }))),
  'message.attachments': (n) => ({
    kind: 'message',
    text: '',
    blocks: undefined,
    attachments: many(n, () => ({ text: 'x' })),
  }),
  'message.charts': (n) => message(many(n, () => pie(1))),
  'message.tables': (n) => message(many(n, () => table([[cell()]]))),
  'message.markdown': (n) =>
    message(
      [Math.floor(n / 2), Math.ceil(n / 2)]
        .filter((chars) => chars > 0)
        .map((chars) => ({ type: 'markdown', text: long(chars) })),
    ),
  'view.blocks': (n) => view({ blocks: many(n, () => ({ type: 'divider' })) }),
  'view.bytes': (n) => viewOf(n),
  'view.title': (n) => view({ title: plain(long(n)) }),
  'view.submit': (n) => view({ submit: plain(long(n)) }),
  'view.close': (n) => view({ close: plain(long(n)) }),
  'view.private_metadata': (n) => view({ private_metadata: long(n) }),
  'view.callback_id': (n) => view({ callback_id: long(n) }),
  'view.external_id': (n) => view({ external_id: long(n) }),
  'file.alt_txt': (n) => ({ kind: 'file', bytes: 1, altText: long(n) }),
  'file.bytes': (n) => ({ kind: 'file', bytes: n, altText: '' }),
  'block.block_id': (n) => block({ type: 'divider', block_id: long(n) }),
  'section.text': (n) => section({ text: plain(long(n)) }),
  'section.fields': (n) => section({ fields: many(n, () => plain('x')) }),
  'section.field': (n) => section({ fields: [plain(long(n))] }),
  'header.text': (n) => block({ type: 'header', text: plain(long(n)) }),
  'image.title': (n) => image({ title: plain(long(n)) }),
  'image.alt_text': (n) => image({ alt_text: long(n) }),
  'image.image_url': (n) => image({ image_url: url(n) }),
  'slack_file.id': (n) => image({ slack_file: { id: id(n, 'F') } }),
  'slack_file.url': (n) => image({ slack_file: { url: url(n) } }),
  'context.elements': (n) => block({ type: 'context', elements: many(n, () => plain('x')) }),
  'context.text': (n) => block({ type: 'context', elements: [plain(long(n))] }),
  'actions.elements': (n) =>
    block({ type: 'actions', elements: many(n, () => ({ type: 'button', text: plain('Go') })) }),
  'input.label': (n) => input(textInput, { label: plain(long(n)) }),
  'input.hint': (n) => input(textInput, { hint: plain(long(n)) }),
  'alert.text': (n) => view({ blocks: [{ type: 'alert', text: plain(long(n)) }] }),
  'element.action_id': (n) => button({ action_id: long(n) }),
  'element.placeholder': (n) => select({ placeholder: plain(long(n)) }),
  'element.initial_id': (n) => element({ type: 'users_select', initial_user: id(n, 'U') }),
  'element.initial_items': (n) =>
    element({ type: 'multi_users_select', initial_users: many(n, () => 'U0SAM') }),
  'element.max_selected_items': (n) => element({ type: 'multi_users_select', max_selected_items: n }),
  'button.text': (n) => button({ text: plain(long(n)) }),
  'button.value': (n) => button({ value: long(n) }),
  'button.url': (n) => button({ url: url(n) }),
  'button.accessibility_label': (n) => button({ accessibility_label: long(n) }),
  'choices.options': (n) => element({ type: 'checkboxes', options: options(n) }),
  'overflow.options': (n) => element({ type: 'overflow', options: options(n) }),
  'select.options': (n) => select({ options: options(n) }),
  'select.option_groups': (n) =>
    select({
      options: undefined,
      option_groups: many(n, () => ({ label: plain('g'), options: options(1) })),
    }),
  'select.group_label': (n) =>
    select({ options: undefined, option_groups: [{ label: plain(long(n)), options: options(1) }] }),
  'select.group_options': (n) =>
    select({ options: undefined, option_groups: [{ label: plain('g'), options: options(n) }] }),
  'option.text': (n) => select({ options: [option('a', { text: plain(long(n)) })] }),
  'option.value': (n) => select({ options: [option(long(n))] }),
  'option.description': (n) => select({ options: [option('a', { description: plain(long(n)) })] }),
  'option.url': (n) => element({ type: 'overflow', options: [option('a', { url: url(n) })] }),
  'filter.include': (n) =>
    element({ type: 'conversations_select', filter: { include: many(n, () => 'public') } }),
  'confirm.title': (n) => confirm({ title: plain(long(n)) }),
  'confirm.text': (n) => confirm({ text: plain(long(n)) }),
  'confirm.confirm': (n) => confirm({ confirm: plain(long(n)) }),
  'confirm.deny': (n) => confirm({ deny: plain(long(n)) }),
  'text_input.initial_value': (n) => input({ ...textInput, initial_value: long(n) }),
  'text_input.min_length': (n) => input({ ...textInput, min_length: n }),
  'text_input.max_length': (n) => input({ ...textInput, max_length: n }),
  'email_input.initial_value': (n) => input({ type: 'email_text_input', initial_value: long(n) }),
  'url_input.initial_value': (n) => input({ type: 'url_text_input', initial_value: url(n) }),
  'number_input.value': (n) =>
    input({ type: 'number_input', is_decimal_allowed: false, initial_value: '1'.repeat(Math.max(0, n)) }),
  'datetimepicker.initial_date_time': (n) => element({ type: 'datetimepicker', initial_date_time: n }),
  'timepicker.timezone': (n) => element({ type: 'timepicker', timezone: long(n) }),
  'dispatch.trigger_actions_on': (n) =>
    input({
      ...textInput,
      dispatch_action_config: { trigger_actions_on: many(n, () => 'on_enter_pressed') },
    }),
  'table.rows': (n) => block(table(many(n, () => [cell()]))),
  'table.cells': (n) => block(table([many(n, () => cell())])),
  'table.column_settings': (n) => block(table([[cell()]], { column_settings: many(n, () => null) })),
  'table.chars': (n) => block(table([[cell(n - 1), cell(1)].slice(n < 2 ? 1 : 0)])),
  'table.number_text': (n) => block(table([[{ type: 'raw_number', value: 1, text: long(n) }]])),
  'chart.title': (n) => block({ ...pie(1), title: long(n) }),
  'chart.segments': (n) => block(pie(n)),
  'chart.series': (n) => block(bars({ series: n })),
  'chart.points': (n) => block(bars({ categories: letters(20), points: letters(n) })),
  'chart.categories': (n) => block(bars({ categories: letters(n), points: letters(Math.min(n, 20)) })),
  'chart.label': (n) => block(chart({ type: 'pie', segments: [{ label: long(n), value: 1 }] })),
  'chart.series_name': (n) => block(bars({ name: long(n) })),
  'chart.category': (n) => block(bars({ categories: [long(n)], points: [long(Math.min(n, 20))] })),
  'chart.x_label': (n) => block(bars({ axis: { x_label: long(n) } })),
  'chart.y_label': (n) => block(bars({ axis: { y_label: long(n) } })),
  'rich_text.elements': (n) => richText(...many(n, () => inline())),
  'rich_text.inline': (n) => richText(inline(...many(n, () => ({ type: 'text', text: 'x' })))),
  'rich_text.list': (n) => list({ elements: many(n, () => inline()) }),
  'rich_text.text': (n) => richText(inline({ type: 'text', text: long(n) })),
  'rich_text.link_text': (n) => richText(inline({ type: 'link', url: 'https://x/', text: long(n) })),
  'rich_text.url': (n) => richText(inline({ type: 'link', url: url(n) })),
  'rich_text.id': (n) => richText(inline({ type: 'user', user_id: long(n) })),
  'rich_text.border': (n) => list({ border: n }),
  'rich_text.indent': (n) => list({ indent: n }),
}

/** A modal of exactly so many bytes, in blocks that break no other row. */
function viewOf(bytes: number): Payload {
  const of = (last: number): Payload =>
    view({
      blocks: many(100, (n) => ({ type: 'section', text: plain(long(n === 99 ? last : 2450)) })),
    })
  const sizeOf = (payload: Payload) =>
    payload.kind === 'view' ? Buffer.byteLength(JSON.stringify(payload.view)) : 0
  return of(1 + bytes - sizeOf(of(1)))
}

const brokenBy = (payload: Payload) => payloadFaults(payload, () => null)

describe.each(limitNames)('the limit %s', (name) => {
  const { max, source } = limit(name)

  it('lets a payload at it pass, and says where Slack sets it', () => {
    expect(brokenBy(samples[name](max))).toEqual([])
    expect(source).toMatch(/^https:\/\/docs\.slack\.dev\/reference\/|^no bound in the reference; ours$/)
  })

  it('refuses a payload one past it, by its name', () => {
    const broken = brokenBy(samples[name](max + 1)).map((fault) => fault.limit)
    expect(broken.filter((one) => one !== null)).toEqual([name])
  })
})

const withLeast = limitNames.filter((name) => limit(name).min > 0)

describe('a limit with a least', () => {
  it.each(withLeast)('refuses a payload one below it: %s', (name) => {
    const broken = brokenBy(samples[name](limit(name).min - 1)).map((fault) => fault.limit)
    expect(broken).toContain(name)
  })
})
