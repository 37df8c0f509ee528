/** What listeners may use: the app's effects, and the page that they keep fresh. */
import type { AppDeps } from '../deps.ts'
import type { HomePublisher } from '../home/publish-home.ts'

export interface ListenerDeps extends AppDeps {
  readonly home: HomePublisher
}
