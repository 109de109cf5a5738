/** Texts that nearly every page shows. */
const GROUND =
  /[\\/]src[\\/](?:ui|frame|home|accounts|jobs|dataset|dataset[\\/](?:slices|batches|leaks|classes))[\\/]locales[\\/](\w+)\.json$/
/** What the grid shares with the pages that show pictures. */
const PICTURES = /[\\/](src[\\/](canvas|curate[\\/]grid|dataset[\\/]query)|Slider|use-move|Autocomplete|useQueries)[\\/.]/
const SMALL = /[\\/](tabler[\\/]icons|@tabler[\\/]icons-react|src[\\/](ui|dataset))[\\/]/
const CODE = /\.(tsx?|mjs|js)$/

/**
 * What a page waits for comes in few files: small ones compress badly, and a browser asks for six at a time. `shell` is
 * what the entry imports, `parts` what many pages share, `pictures` and `small` what some do; the rest comes with its page.
 */
export const codeSplitting = {
  groups: [
    { name: (id: string) => (GROUND.test(id) ? `texts-${GROUND.exec(id)![1]}` : null) },
    { name: 'shell', tags: ['$initial' as const] },
    { name: 'parts', test: CODE, minShareCount: 6 },
    { name: 'pictures', test: PICTURES, minShareCount: 2 },
    { name: 'small', test: SMALL, minShareCount: 2, maxModuleSize: 3000 },
  ],
}
