/** The last part of an image's key: what a narrow line has room for. The whole key stands in the title or beside it. */
export function fileName(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1) || key
}
