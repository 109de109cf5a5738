import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

/** Whoever asks the server does so through api/, where path, parameters and answer are held to the schema. */
const UNTYPED = [
  /\bfetch\(/,
  /XMLHttpRequest/,
  /sendBeacon/,
  /EventSource/,
  /['"`]\/api\/v1/,
  /import [^\n]*\baddressOf\b[^\n]*api\/client/,
  // The type of an answer given by hand.
  /\b(?:get|post|put|patch|del|upload|sendBytes)</,
  /await \(?(?:get|post|put|patch|del)\([^\n]*\) as /,
]
/** `ui/Chart.tsx` turns the address of a picture that the page itself holds (`data:`) into bytes. */
const ALLOWED = ['ui/Chart.tsx: fetch(']

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$|^api\/|^test\//.test(path))

it('asks the server through api/ only', () => {
  const found = sources.flatMap((path) => {
    const source = readFileSync(join('src', path), 'utf8')
    return UNTYPED.flatMap((pattern) => {
      const [text] = pattern.exec(source) ?? []
      return text ? [`${path}: ${text}`] : []
    })
  })
  expect(found).toEqual(ALLOWED)
})
