/** The picture that a card shows, as JSON beside the card. */
export interface StoredPicture {
  readonly shownAt: string
  /** What it was drawn from: a card whose basis is another one may get a new picture. */
  readonly basis: string
  /** What does not wait for the next turn when it changes, such as a crossing. */
  readonly urgent: string
  readonly altText: string
  /** What stands below it, as mrkdwn; absent from what an older version kept. */
  readonly below?: string
  readonly source:
    | { readonly kind: 'link'; readonly url: string }
    | { readonly kind: 'file'; readonly id: string }
}
