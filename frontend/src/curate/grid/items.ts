/** A list that the grid shows, read page by page around what is in sight. */
export type Items<Item extends { readonly id: number }> = {
  /** How many match; undefined until the count is there. */
  readonly total: number | undefined
  readonly error: unknown
  itemAt(index: number): Item | undefined
  /** Tells which cells are in sight, so that their pages are read and others are not. */
  show(first: number, end: number): void
  /** Ids of the cells from `first` to before `end`, whether they have been read or not. */
  idsOf(first: number, end: number): Promise<readonly number[]>
}
