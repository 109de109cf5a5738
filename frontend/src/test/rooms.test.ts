import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'

/**
 * The rooms of `src/` from the ground up: a file imports from its own room and from those of the lines above it. Rooms
 * of one line know nothing of each other, so that the three products meet only in what `dataset` and the API hold.
 */
const STOREYS = [
  ['api', 'i18n'],
  ['ui'],
  ['canvas', 'page'],
  ['accounts', 'jobs'],
  ['dataset', 'notices'],
  ['curate', 'label', 'model'],
  ['home', 'frame'],
  ['routes.tsx'],
  ['main.tsx'],
]
/** What only tests may import. */
const TESTS = 'test'

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /\.tsx?$/.test(path))
const isTest = (path: string) => /\.test\.tsx?$/.test(path) || roomOf(path) === TESTS

/** The first folder, for a file outside the folders its own name. */
const roomOf = (path: string): string => path.split('/')[0]!

/** The files that a file imports or loads later, types included, as paths below `src/`. */
function importsOf(path: string): string[] {
  const source = readFileSync(join('src', path), 'utf8')
  const named = [...source.matchAll(/\b(?:from|import)[\s(]*'(\.[^']+)'/g)].map(([, name]) => name!)
  return named.map((name) => fileOf(normalize(join(dirname(path), name)).replaceAll('\\', '/')))
}

function fileOf(path: string): string {
  const found = ['', '.ts', '.tsx', '.d.ts'].find((ending) => existsSync(join('src', path + ending)))
  if (found === undefined) throw new Error(`${path} is imported and is not there`)
  return path + found
}

const imports = new Map(files.map((path) => [path, importsOf(path).filter((name) => /\.tsx?$/.test(name))]))

describe('rooms', () => {
  it('has a place for every folder', () => {
    const rooms = new Set(files.map(roomOf))
    expect([...rooms].sort()).toEqual([...STOREYS.flat(), TESTS].sort())
  })

  it('imports downwards only, and no product another', () => {
    const storey = (path: string) => STOREYS.findIndex((rooms) => rooms.includes(roomOf(path)))
    const wrong = [...imports].flatMap(([path, targets]) =>
      isTest(path)
        ? []
        : targets
            .filter((target) => roomOf(target) !== roomOf(path) && storey(target) >= storey(path))
            .map((target) => `${path} imports ${target}`),
    )
    expect(wrong).toEqual([])
  })

  it('leaves what is made for tests to tests', () => {
    const wrong = [...imports].filter(([path, targets]) => !isTest(path) && targets.some(isTest))
    expect(wrong.map(([path]) => path)).toEqual([])
  })
})

describe('files', () => {
  it('import each other in no circle, types included', () => {
    expect(circles()).toEqual([])
  })
})

/** The ways that lead back to where they began, each as the files along it. */
function circles(): string[][] {
  const left = new Set<string>()
  const found: string[][] = []
  const visit = (path: string, way: string[]) => {
    const at = way.indexOf(path)
    if (at >= 0) found.push([...way.slice(at), path])
    if (at >= 0 || left.has(path)) return
    for (const target of imports.get(path) ?? []) visit(target, [...way, path])
    left.add(path)
  }
  for (const path of files) visit(path, [])
  return found
}
