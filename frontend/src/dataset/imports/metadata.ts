import type { Metadata } from '../../api/types'

/**
 * Reads lines `key = value` as metadata; numbers and true/false become such.
 * @returns the metadata, or the first line that is not of that form
 */
export function readMetadata(text: string): { metadata?: Metadata; wrong?: string } {
  const metadata: Metadata = {}
  for (const line of text.split('\n')) {
    if (!line.trim()) continue
    const match = /^\s*([\p{L}_][\p{L}\p{N}_-]*)\s*[=:]\s*(.*?)\s*$/u.exec(line)
    if (!match?.[2]) return { wrong: line.trim() }
    metadata[match[1]!] = value(match[2])
  }
  return Object.keys(metadata).length > 0 ? { metadata } : {}
}

function value(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  const quoted = /^"(.*)"$/.exec(text)
  if (quoted) return quoted[1]!
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
}
