/** Home before the first call, and in a month that has none yet. */
import { type Block, context, escapeText, section } from './text.ts'

/** Of an organisation whose keys were never used. */
export function welcomeBlocks(ingestUrl: string): Block[] {
  return [
    section('*No calls yet this month.* Three steps to the first one:'),
    section(
      [
        '```pip install ./sdk/python openai   # from the LensAI repository',
        'export LENS_API_KEY=lens_...          # the key of your project',
        `export LENS_URL=${escapeText(ingestUrl)}\`\`\``,
      ].join('\n'),
    ),
    section(
      ['```import lensai', 'from openai import OpenAI', '', 'client = lensai.wrap(OpenAI())```'].join('\n'),
    ),
    context('Calls through `client` are counted from then on. Open this page again to see them.'),
  ]
}

export const quietBlocks = (): Block[] => [section('*No calls yet this month.*')]
