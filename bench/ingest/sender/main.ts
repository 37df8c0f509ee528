/** The process that sends: one load after the other, as it is told; it ends with its starter. */
import type { FromSender, Order } from '../loads.ts'
import { sendLoad } from '../send-load.ts'

const tell = (message: FromSender) => process.send?.(message)

process.on('message', (order: Order) => {
  sendLoad(order).then(
    (report) => tell({ kind: 'done', report }),
    (error: unknown) =>
      tell({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) }),
  )
})
process.once('disconnect', () => process.exit(0))
tell({ kind: 'ready' })
