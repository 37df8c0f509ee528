import { describe, expect, it } from 'vitest'
import { describeFault, type FileRefusal, payloadFaults } from './validate-payload.ts'
import type { Json } from './validate-shape.ts'

const messageFaults = (blocks: unknown, fileRefusal: FileRefusal) =>
  payloadFaults({ kind: 'message', text: '', blocks, attachments: undefined }, fileRefusal)
const viewFaults = (view: unknown, allowed: readonly string[], fileRefusal: FileRefusal) =>
  payloadFaults({ kind: 'view', view, allowed }, fileRefusal)

const plain = (text: string): Json => ({ type: 'plain_text', text })
const mrkdwn = (text: string): Json => ({ type: 'mrkdwn', text })
const long = (chars: number): string => 'x'.repeat(chars)
const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n))
const option = (value: string, text = value): Json => ({ text: plain(text), value })

const section = (more: Json = {}): Json => ({ type: 'section', text: mrkdwn('*hi*'), ...more })
const button = (more: Json = {}): Json => ({ type: 'button', text: plain('Go'), action_id: 'go', ...more })
const actions = (...elements: Json[]): Json => ({ type: 'actions', elements })
const select = (more: Json = {}): Json => ({
  type: 'static_select',
  action_id: 's',
  options: [option('a')],
  ...more,
})
const input = (element: Json, more: Json = {}): Json => ({
  type: 'input',
  label: plain('Label'),
  element,
  ...more,
})
const textInput = (more: Json = {}): Json => ({ type: 'plain_text_input', action_id: 't', ...more })
const image = (more: Json = {}): Json => ({
  type: 'image',
  image_url: 'https://example.com/a.png',
  alt_text: 'A chart',
  ...more,
})
const confirm = (more: Json = {}): Json => ({
  title: plain('Sure?'),
  text: mrkdwn('Really'),
  confirm: plain('Yes'),
  deny: plain('No'),
  ...more,
})
const bars = (more: Json = {}, axis: Json = {}): Json => ({
  type: 'data_visualization',
  title: 'Spend',
  chart: {
    type: 'bar',
    series: [{ name: 'gpt-4o', data: [{ label: 'Mon', value: 1 }] }],
    axis_config: { categories: ['Mon'], ...axis },
    ...more,
  },
})
const pie = (...segments: Json[]): Json => ({
  type: 'data_visualization',
  title: 'Spend',
  chart: { type: 'pie', segments },
})
const table = (rows: Json[][], more: Json = {}): Json => ({ type: 'table', rows, ...more })
const cell = (text = 'x'): Json => ({ type: 'raw_text', text })
const richText = (element: Json): Json => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [element] }],
})

const everyGoodBlock: Json[] = [
  { type: 'header', text: plain(long(150)) },
  section({ text: mrkdwn(long(3000)) }),
  section({ fields: many(10, () => mrkdwn(long(2000))), accessory: button({ confirm: confirm() }) }),
  section({ accessory: image() }),
  { type: 'divider', block_id: long(255) },
  image({ alt_text: long(2000), title: plain('T') }),
  { type: 'context', elements: [mrkdwn('a'), plain('b'), image()] },
  actions(...many(25, (n) => button({ action_id: `b${n}`, text: plain(long(75)), value: long(2000) }))),
  actions(
    select({ options: many(100, (n) => option(`${n}`, long(75))), initial_option: option('3', long(75)) }),
    { type: 'overflow', action_id: 'o', options: many(5, (n) => option(`${n}`)) },
    { type: 'datepicker', action_id: 'd', initial_date: '2026-11-01' },
    { type: 'timepicker', action_id: 'ti', initial_time: '23:59' },
    { type: 'datetimepicker', action_id: 'dt', initial_date_time: 1_793_500_000 },
    { type: 'conversations_select', action_id: 'c', default_to_current_conversation: true },
  ),
  input(textInput({ multiline: true, max_length: 3000 }), { hint: plain('Why'), optional: true }),
  { type: 'markdown', text: '**bold**' },
  table([[cell(), cell()]], { column_settings: [null, { align: 'right' }] }),
  richText({ type: 'text', text: 'hi', style: { bold: true } }),
  bars(),
  pie({ label: 'a', value: 1 }),
]

type Breach = [what: string, blocks: Json[] | Json, fault: string]
const breaches: Breach[] = [
  [
    'more than 50 blocks',
    many(51, () => ({ type: 'divider' })),
    'no more than 50 items allowed [json-pointer:/blocks]',
  ],
  ['an unknown block', { type: 'marquee' }, 'unsupported type: marquee [json-pointer:/blocks/0/type]'],
  ['a block without type', {}, 'missing required field: type [json-pointer:/blocks/0]'],
  [
    'an unknown key',
    section({ colour: 'red' }),
    'invalid additional property: colour [json-pointer:/blocks/0]',
  ],
  [
    'a block_id too long',
    section({ block_id: long(256) }),
    'must be less than 256 characters [json-pointer:/blocks/0/block_id]',
  ],
  [
    'a block_id twice',
    [section({ block_id: 'a' }), section({ block_id: 'a' })],
    '`block_id` `a` already exists for another block [json-pointer:/blocks/1/block_id]',
  ],
  [
    'section text too long',
    section({ text: mrkdwn(long(3001)) }),
    'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
  ],
  [
    'section text empty',
    section({ text: mrkdwn('') }),
    'must be more than 0 characters [json-pointer:/blocks/0/text/text]',
  ],
  ['a section with nothing', { type: 'section' }, 'must provide text or fields [json-pointer:/blocks/0]'],
  [
    'text that is a bare string',
    section({ text: 'hi' }),
    'must provide an object [json-pointer:/blocks/0/text]',
  ],
  [
    'emoji on mrkdwn',
    section({ text: { ...mrkdwn('x'), emoji: true } }),
    'invalid additional property: emoji [json-pointer:/blocks/0/text]',
  ],
  [
    '11 fields',
    section({ fields: many(11, () => mrkdwn('x')) }),
    'no more than 10 items allowed [json-pointer:/blocks/0/fields]',
  ],
  [
    'a field too long',
    section({ fields: [mrkdwn(long(2001))] }),
    'must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]',
  ],
  [
    'a header too long',
    { type: 'header', text: plain(long(151)) },
    'must be less than 151 characters [json-pointer:/blocks/0/text/text]',
  ],
  [
    'a header in mrkdwn',
    { type: 'header', text: mrkdwn('x') },
    'unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]',
  ],
  [
    'an image without alt_text',
    image({ alt_text: undefined }),
    'missing required field: alt_text [json-pointer:/blocks/0]',
  ],
  [
    'alt_text too long',
    image({ alt_text: long(2001) }),
    'must be less than 2001 characters [json-pointer:/blocks/0/alt_text]',
  ],
  [
    'an image with two sources',
    image({ slack_file: { id: 'F0GOODFILE' } }),
    'must provide exactly one of: image_url, slack_file [json-pointer:/blocks/0]',
  ],
  [
    'an image URL that is none',
    image({ image_url: 'nowhere' }),
    'invalid url [json-pointer:/blocks/0/image_url]',
  ],
  [
    'an image URL too long',
    image({ image_url: `https://example.com/${long(3000)}` }),
    'must be less than 3001 characters [json-pointer:/blocks/0/image_url]',
  ],
  [
    'a file that is not there',
    image({ image_url: undefined, slack_file: { id: 'F0MISSING1' } }),
    'invalid slack file [json-pointer:/blocks/0/slack_file]',
  ],
  [
    'a permalink as file id',
    image({ image_url: undefined, slack_file: { id: 'https://x' } }),
    'input must match regex pattern: ^[F][A-Z0-9]{8,}$ [json-pointer:/blocks/0/slack_file/id]',
  ],
  [
    '11 context elements',
    { type: 'context', elements: many(11, () => mrkdwn('x')) },
    'no more than 10 items allowed [json-pointer:/blocks/0/elements]',
  ],
  [
    'a button in a context',
    { type: 'context', elements: [button()] },
    'unsupported type: button [json-pointer:/blocks/0/elements/0/type]',
  ],
  [
    '26 actions',
    actions(...many(26, (n) => button({ action_id: `${n}` }))),
    'no more than 25 items allowed [json-pointer:/blocks/0/elements]',
  ],
  ['no actions', actions(), 'no fewer than 1 items allowed [json-pointer:/blocks/0/elements]'],
  [
    'an action_id twice',
    actions(button(), button()),
    '`action_id` `go` already exists for another element [json-pointer:/blocks/0/elements/1/action_id]',
  ],
  [
    'an action_id too long',
    actions(button({ action_id: long(256) })),
    'must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]',
  ],
  [
    'button text too long',
    actions(button({ text: plain(long(76)) })),
    'must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]',
  ],
  [
    'button text in mrkdwn',
    actions(button({ text: mrkdwn('x') })),
    'unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/text/type]',
  ],
  [
    'a button value too long',
    actions(button({ value: long(2001) })),
    'must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]',
  ],
  [
    'a button URL too long',
    actions(button({ url: `https://example.com/${long(3000)}` })),
    'must be less than 3001 characters [json-pointer:/blocks/0/elements/0/url]',
  ],
  [
    'a button style unknown',
    actions(button({ style: 'loud' })),
    'must be a valid enum value: primary, danger [json-pointer:/blocks/0/elements/0/style]',
  ],
  [
    'a confirm title too long',
    actions(button({ confirm: confirm({ title: plain(long(101)) }) })),
    'must be less than 101 characters [json-pointer:/blocks/0/elements/0/confirm/title/text]',
  ],
  [
    'a confirm text too long',
    actions(button({ confirm: confirm({ text: mrkdwn(long(301)) }) })),
    'must be less than 301 characters [json-pointer:/blocks/0/elements/0/confirm/text/text]',
  ],
  [
    'a confirm button too long',
    actions(button({ confirm: confirm({ confirm: plain(long(31)) }) })),
    'must be less than 31 characters [json-pointer:/blocks/0/elements/0/confirm/confirm/text]',
  ],
  [
    '101 options',
    actions(select({ options: many(101, (n) => option(`${n}`)) })),
    'no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]',
  ],
  [
    'option text too long',
    actions(select({ options: [option('a', long(76))] })),
    'must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]',
  ],
  [
    'option value too long',
    actions(select({ options: [option(long(151), 'a')] })),
    'must be less than 151 characters [json-pointer:/blocks/0/elements/0/options/0/value]',
  ],
  [
    'an initial option not offered',
    actions(select({ initial_option: option('z') })),
    'initial_option must be one of the options provided [json-pointer:/blocks/0/elements/0/initial_option]',
  ],
  [
    'options and groups',
    actions(select({ option_groups: [{ label: plain('g'), options: [option('a')] }] })),
    'must provide exactly one of: options, option_groups [json-pointer:/blocks/0/elements/0]',
  ],
  [
    'a placeholder too long',
    actions(select({ placeholder: plain(long(151)) })),
    'must be less than 151 characters [json-pointer:/blocks/0/elements/0/placeholder/text]',
  ],
  [
    'six overflow options',
    actions({ type: 'overflow', options: many(6, (n) => option(`${n}`)) }),
    'no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]',
  ],
  [
    'eleven radio buttons',
    actions({ type: 'radio_buttons', options: many(11, (n) => option(`${n}`)) }),
    'no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]',
  ],
  [
    'a malformed date',
    actions({ type: 'datepicker', initial_date: '1/11/26' }),
    'input must match regex pattern: ^\\d{4}-\\d{2}-\\d{2}$ [json-pointer:/blocks/0/elements/0/initial_date]',
  ],
  [
    'a text input among actions',
    actions(textInput()),
    'unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]',
  ],
  ['a button as input', input(button()), 'unsupported type: button [json-pointer:/blocks/0/element/type]'],
  [
    'an input label too long',
    input(textInput(), { label: plain(long(2001)) }),
    'must be less than 2001 characters [json-pointer:/blocks/0/label/text]',
  ],
  [
    'a text length above 3000',
    input(textInput({ max_length: 3001 })),
    'must be less than or equal to 3000 [json-pointer:/blocks/0/element/max_length]',
  ],
  [
    'a number input that does not say whether decimal',
    input({ type: 'number_input' }),
    'missing required field: is_decimal_allowed [json-pointer:/blocks/0/element]',
  ],
  [
    'markdown too long in total',
    many(2, () => ({ type: 'markdown', text: long(6001) })),
    'markdown blocks must be less than 12001 characters in total [json-pointer:/blocks]',
  ],
  [
    '101 table rows',
    table(many(101, () => [cell()])),
    'no more than 100 items allowed [json-pointer:/blocks/0/rows]',
  ],
  [
    '21 table columns',
    table([many(21, () => cell())]),
    'no more than 20 items allowed [json-pointer:/blocks/0/rows/0]',
  ],
  [
    'a table of 10,001 characters',
    table([[cell(long(5000)), cell(long(5001))]]),
    'table must be less than 10001 characters [json-pointer:/blocks/0]',
  ],
  [
    'two tables',
    many(2, () => table([[cell()]])),
    'no more than 1 table blocks allowed [json-pointer:/blocks]',
  ],
  [
    'rich text of an unknown kind',
    richText({ type: 'blink' }),
    'unsupported type: blink [json-pointer:/blocks/0/elements/0/elements/0/type]',
  ],
  [
    'three charts',
    many(3, () => bars()),
    'no more than 2 data_visualization blocks allowed [json-pointer:/blocks]',
  ],
  [
    'a chart title too long',
    { ...bars(), title: long(51) },
    'must be less than 51 characters [json-pointer:/blocks/0/title]',
  ],
  [
    'seven segments',
    pie(...many(7, (n) => ({ label: `${n}`, value: 1 }))),
    'no more than 6 items allowed [json-pointer:/blocks/0/chart/segments]',
  ],
  [
    'a pie slice of nothing',
    pie({ label: 'a', value: 0 }),
    'must be greater than 0 [json-pointer:/blocks/0/chart/segments/0/value]',
  ],
  [
    'a chart label too long',
    pie({ label: long(21), value: 1 }),
    'must be less than 21 characters [json-pointer:/blocks/0/chart/segments/0/label]',
  ],
  [
    'an axis label too long',
    bars({}, { y_label: long(51) }),
    'must be less than 51 characters [json-pointer:/blocks/0/chart/axis_config/y_label]',
  ],
  [
    'a series that misses a category',
    bars({}, { categories: ['Mon', 'Tue'] }),
    'data labels must match axis_config categories [json-pointer:/blocks/0/chart/series/0/data]',
  ],
  [
    'an alert outside a modal',
    { type: 'alert', text: plain('x') },
    'unsupported type: alert [json-pointer:/blocks/0/type]',
  ],
]

const onlyGoodFile = (ref: { id?: string }) => (ref.id === 'F0GOODFILE' ? null : 'invalid slack file')

describe('blocks of a message', () => {
  it('pass at every limit', () => {
    expect(messageFaults(everyGoodBlock, onlyGoodFile)).toEqual([])
    expect(
      messageFaults([image({ image_url: undefined, slack_file: { id: 'F0GOODFILE' } })], onlyGoodFile),
    ).toEqual([])
  })

  it.each(breaches)('are refused for %s', (_what, blocks, fault) => {
    const faults = messageFaults(Array.isArray(blocks) ? blocks : [blocks], onlyGoodFile).map(describeFault)
    expect(faults).toEqual([fault])
  })

  it.each([null, 'x', 7, {}, [null], [[]], [7]])(
    'are refused, never thrown upon, when they are %j',
    (blocks) => {
      expect(messageFaults(blocks, onlyGoodFile)).not.toEqual([])
    },
  )
})

const modal = (more: Json = {}): Json => ({
  type: 'modal',
  title: plain('Budget'),
  submit: plain('Save'),
  blocks: [input(textInput())],
  ...more,
})

describe('a view', () => {
  const faults = (view: Json, allowed = ['modal', 'home']) =>
    viewFaults(view, allowed, onlyGoodFile).map(describeFault)

  it('passes at every limit', () => {
    const full = modal({
      title: plain(long(24)),
      submit: plain(long(24)),
      close: plain(long(24)),
      private_metadata: long(3000),
      callback_id: long(255),
      external_id: long(255),
      notify_on_close: true,
      blocks: [{ type: 'alert', text: plain('x') }, ...many(99, () => ({ type: 'divider' }))],
    })
    expect(faults(full)).toEqual([])
    expect(faults({ type: 'home', blocks: many(100, () => ({ type: 'divider' })) })).toEqual([])
  })

  it.each<[string, Json, string]>([
    [
      'more than 100 blocks',
      modal({ blocks: many(101, () => ({ type: 'divider' })) }),
      'no more than 100 items allowed [json-pointer:/view/blocks]',
    ],
    [
      'a title too long',
      modal({ title: plain(long(25)) }),
      'must be less than 25 characters [json-pointer:/view/title/text]',
    ],
    ['no title', modal({ title: undefined }), 'missing required field: title [json-pointer:/view]'],
    [
      'a submit text too long',
      modal({ submit: plain(long(25)) }),
      'must be less than 25 characters [json-pointer:/view/submit/text]',
    ],
    [
      'a close text too long',
      modal({ close: plain(long(25)) }),
      'must be less than 25 characters [json-pointer:/view/close/text]',
    ],
    [
      'private_metadata too long',
      modal({ private_metadata: long(3001) }),
      'must be less than 3001 characters [json-pointer:/view/private_metadata]',
    ],
    [
      'a callback_id too long',
      modal({ callback_id: long(256) }),
      'must be less than 256 characters [json-pointer:/view/callback_id]',
    ],
    [
      'inputs without submit',
      modal({ submit: undefined }),
      'missing required field: submit [json-pointer:/view]',
    ],
    [
      'a title on Home',
      { type: 'home', title: plain('x'), blocks: [] },
      'invalid additional property: title [json-pointer:/view]',
    ],
    [
      'a chart in a modal',
      modal({ blocks: [bars()] }),
      'unsupported type: data_visualization [json-pointer:/view/blocks/0/type]',
    ],
    ['an unknown type', { type: 'dialog', blocks: [] }, 'unsupported type: dialog [json-pointer:/view/type]'],
    ['no blocks', modal({ blocks: undefined }), 'missing required field: blocks [json-pointer:/view]'],
  ])('is refused for %s', (_what, view, fault) => {
    expect(faults(view)).toEqual([fault])
  })

  it('is refused where its type may not stand', () => {
    expect(faults(modal(), ['home'])).toEqual(['unsupported type: modal [json-pointer:/view/type]'])
  })
})
