/**
 * Every limit that Slack sets on what an app sends: one table, which the validator walks and its test too.
 * Invariant: no check takes a bare number. A bound that is enforced is a row here, and a row has, in the test,
 * a payload at the bound that passes and one past it that is refused.
 */
const reference = 'https://docs.slack.dev/reference'
const blocks = `${reference}/block-kit/blocks`
const elements = `${reference}/block-kit/block-elements`
const objects = `${reference}/block-kit/composition-objects`
/** Slack names no bound: ours, which nothing of ours comes near, so that none grows without end. */
const undocumented = 'no bound in the reference; ours'

export type Unit = 'chars' | 'items' | 'bytes' | 'value'
type Row = readonly [min: number, max: number, unit: Unit, source: string]

const table = {
  'message.text': [0, 40_000, 'chars', `${reference}/methods/chat.postMessage`],
  'message.blocks': [0, 50, 'items', blocks],
  'message.attachments': [0, 100, 'items', `${reference}/methods/chat.postMessage`],
  'message.charts': [0, 2, 'items', `${blocks}/data-visualization-block`],
  'message.tables': [0, 1, 'items', `${blocks}/table-block`],
  'message.markdown': [0, 12_000, 'chars', `${blocks}/markdown-block`],
  'view.blocks': [0, 100, 'items', `${reference}/views`],
  'view.bytes': [0, 250_000, 'bytes', `${reference}/views`],
  'view.title': [1, 24, 'chars', `${reference}/views/modal-views`],
  'view.submit': [1, 24, 'chars', `${reference}/views/modal-views`],
  'view.close': [1, 24, 'chars', `${reference}/views/modal-views`],
  'view.private_metadata': [0, 3000, 'chars', `${reference}/views`],
  'view.callback_id': [0, 255, 'chars', `${reference}/views`],
  'view.external_id': [0, 255, 'chars', `${reference}/views`],
  'file.alt_txt': [0, 1000, 'chars', `${reference}/methods/files.getUploadURLExternal`],
  'file.bytes': [1, 20_000_000, 'bytes', undocumented],
  'block.block_id': [1, 255, 'chars', blocks],
  'section.text': [1, 3000, 'chars', `${blocks}/section-block`],
  'section.fields': [1, 10, 'items', `${blocks}/section-block`],
  'section.field': [1, 2000, 'chars', `${blocks}/section-block`],
  'header.text': [1, 150, 'chars', `${blocks}/header-block`],
  'image.title': [1, 2000, 'chars', `${blocks}/image-block`],
  'image.alt_text': [1, 2000, 'chars', `${blocks}/image-block`],
  'image.image_url': [1, 3000, 'chars', `${blocks}/image-block`],
  'slack_file.id': [1, 255, 'chars', undocumented],
  'slack_file.url': [1, 3000, 'chars', undocumented],
  'context.elements': [1, 10, 'items', `${blocks}/context-block`],
  'context.text': [1, 3000, 'chars', `${objects}/text-object`],
  'actions.elements': [1, 25, 'items', `${blocks}/actions-block`],
  'input.label': [1, 2000, 'chars', `${blocks}/input-block`],
  'input.hint': [1, 2000, 'chars', `${blocks}/input-block`],
  'alert.text': [1, 200, 'chars', `${blocks}/alert-block`],
  'element.action_id': [1, 255, 'chars', elements],
  'element.placeholder': [1, 150, 'chars', `${elements}/select-menu-element`],
  'element.initial_id': [1, 255, 'chars', undocumented],
  'element.initial_items': [1, 100, 'items', undocumented],
  'element.max_selected_items': [1, 100, 'value', undocumented],
  'button.text': [1, 75, 'chars', `${elements}/button-element`],
  'button.value': [1, 2000, 'chars', `${elements}/button-element`],
  'button.url': [1, 3000, 'chars', `${elements}/button-element`],
  'button.accessibility_label': [1, 75, 'chars', `${elements}/button-element`],
  'choices.options': [1, 10, 'items', `${elements}/checkboxes-element`],
  'overflow.options': [1, 5, 'items', `${elements}/overflow-menu-element`],
  'select.options': [1, 100, 'items', `${elements}/select-menu-element`],
  'select.option_groups': [1, 100, 'items', `${elements}/select-menu-element`],
  'select.group_label': [1, 75, 'chars', `${objects}/option-group-object`],
  'select.group_options': [1, 100, 'items', `${objects}/option-group-object`],
  'option.text': [1, 75, 'chars', `${objects}/option-object`],
  'option.value': [1, 150, 'chars', `${objects}/option-object`],
  'option.description': [1, 75, 'chars', `${objects}/option-object`],
  'option.url': [1, 3000, 'chars', `${objects}/option-object`],
  'filter.include': [1, 4, 'items', `${objects}/conversation-filter-object`],
  'confirm.title': [1, 100, 'chars', `${objects}/confirmation-dialog-object`],
  'confirm.text': [1, 300, 'chars', `${objects}/confirmation-dialog-object`],
  'confirm.confirm': [1, 30, 'chars', `${objects}/confirmation-dialog-object`],
  'confirm.deny': [1, 30, 'chars', `${objects}/confirmation-dialog-object`],
  'text_input.initial_value': [0, 3000, 'chars', undocumented],
  'text_input.min_length': [0, 3000, 'value', `${elements}/plain-text-input-element`],
  'text_input.max_length': [1, 3000, 'value', `${elements}/plain-text-input-element`],
  'email_input.initial_value': [1, 3000, 'chars', undocumented],
  'url_input.initial_value': [1, 3000, 'chars', undocumented],
  'number_input.value': [1, 40, 'chars', undocumented],
  'datetimepicker.initial_date_time': [
    1_000_000_000,
    9_999_999_999,
    'value',
    `${elements}/datetime-picker-element`,
  ],
  'timepicker.timezone': [1, 100, 'chars', undocumented],
  'dispatch.trigger_actions_on': [1, 2, 'items', `${objects}/dispatch-action-configuration-object`],
  'table.rows': [1, 100, 'items', `${blocks}/table-block`],
  'table.cells': [1, 20, 'items', `${blocks}/table-block`],
  'table.column_settings': [0, 20, 'items', `${blocks}/table-block`],
  'table.chars': [0, 10_000, 'chars', `${blocks}/table-block`],
  'table.number_text': [1, 255, 'chars', undocumented],
  'chart.title': [1, 50, 'chars', `${blocks}/data-visualization-block`],
  'chart.segments': [1, 6, 'items', `${blocks}/data-visualization-block`],
  'chart.series': [1, 6, 'items', `${blocks}/data-visualization-block`],
  'chart.points': [1, 20, 'items', `${blocks}/data-visualization-block`],
  'chart.categories': [1, 20, 'items', `${blocks}/data-visualization-block`],
  'chart.label': [1, 20, 'chars', `${blocks}/data-visualization-block`],
  'chart.series_name': [1, 20, 'chars', `${blocks}/data-visualization-block`],
  'chart.category': [1, 20, 'chars', `${blocks}/data-visualization-block`],
  'chart.x_label': [1, 50, 'chars', `${blocks}/data-visualization-block`],
  'chart.y_label': [1, 50, 'chars', `${blocks}/data-visualization-block`],
  'rich_text.elements': [1, 1000, 'items', undocumented],
  'rich_text.inline': [0, 1000, 'items', undocumented],
  'rich_text.list': [1, 1000, 'items', undocumented],
  'rich_text.text': [0, 12_000, 'chars', undocumented],
  'rich_text.link_text': [1, 3000, 'chars', undocumented],
  'rich_text.url': [1, 3000, 'chars', undocumented],
  'rich_text.id': [1, 255, 'chars', undocumented],
  'rich_text.border': [0, 1, 'value', `${blocks}/rich-text-block`],
  'rich_text.indent': [0, 8, 'value', `${blocks}/rich-text-block`],
} satisfies Record<string, Row>

export type LimitName = keyof typeof table

declare const fromTheTable: unique symbol
/** Made in this file alone, so that no other can bring a limit of its own. */
export interface Limit {
  readonly name: LimitName
  readonly min: number
  readonly max: number
  readonly unit: Unit
  readonly source: string
  readonly [fromTheTable]: true
}

export const limitNames = Object.keys(table) as readonly LimitName[]

export function limit(name: LimitName): Limit {
  const [min, max, unit, source] = table[name]
  return { name, min, max, unit, source } as Limit
}
