/** `/lens spend … csv`: the file goes into the person's messages with the app, as only they asked for it. */
import { utcDay } from '../../../core/period.ts'
import { csvMessage } from '../../blocks/csv.ts'
import { withPartial } from '../../blocks/partial.ts'
import { conversationWith, uploadFile } from '../../slack/upload-file.ts'
import { nameOfCut, readSpend, type SpendQuestion } from '../../spend/read-spend.ts'
import { CSV_ROWS_MAX, spendCsv } from '../../spend/spend-csv.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import type { Asked } from './lens.ts'

export async function answerCsv(deps: ListenerDeps, asked: Asked, question: SpendQuestion): Promise<void> {
  const answer = await readSpend(deps, { ...question, linesMax: CSV_ROWS_MAX })
  const { text, rows } = spendCsv(answer)
  const by = nameOfCut(question.by ?? 'project')
  const filename = `lens-spend-by-${by.replaceAll(/[^A-Za-z0-9-]+/g, '-').slice(0, 60)}-${utcDay(deps.now())}.csv`
  const channelId = await conversationWith(asked.client, asked.userId)
  await uploadFile(
    asked.client,
    { channelId, threadTs: null },
    { bytes: Buffer.from(text), filename, title: `Spend by ${by} ${answer.when}`, altText: null },
  )
  const said = csvMessage({ filename, rows, isCut: answer.lines.length > CSV_ROWS_MAX })
  await asked.reply(withPartial(said, question.reach))
}
