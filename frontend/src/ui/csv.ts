export type CsvRow = (string | number | null)[]

/** Rows as CSV after RFC 4180. */
export function toCsv(rows: CsvRow[]): string {
  return rows.map((row) => row.map(field).join(',')).join('\r\n')
}

function field(value: string | number | null): string {
  const text = value === null ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Hands a text to the browser as a file. */
export function download(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
