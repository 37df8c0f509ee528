/** Serves pictures of charts over HTTP for as long as a page shows them, as the app does by its signed links. */
import { createServer } from 'node:http'
import type { Chart } from '../../app/charts/chart.ts'
import { drawChart } from '../../app/charts/render.ts'

export interface ServedCharts {
  /** Draws it, and says where it is. */
  serve(chart: Chart): Promise<{ readonly url: string; readonly altText: string }>
  close(): Promise<void>
}

export async function serveCharts(): Promise<ServedCharts> {
  const pictures: Buffer[] = []
  const server = createServer((request, response) => {
    const png = pictures[Number(/(\d+)\.png$/.exec(request.url ?? '')?.[1])]
    response.writeHead(png ? 200 : 404, { 'content-type': 'image/png' }).end(png)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  return {
    serve: async (chart) => {
      const { png } = await drawChart(chart)
      pictures.push(png)
      return { url: `http://127.0.0.1:${port}/${pictures.length - 1}.png`, altText: chart.altText }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
