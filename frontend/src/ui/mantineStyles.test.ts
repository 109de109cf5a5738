import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, it } from 'vitest'

const MANTINE = 'node_modules/@mantine/core/esm'

/** All source files below a folder. */
function sourcesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return sourcesBelow(path)
    return /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) ? [path] : []
  })
}

/** The file of each name that the package exports. */
function exported(): Map<string, string> {
  const index = readFileSync(join(MANTINE, 'index.mjs'), 'utf8')
  const found = index.matchAll(/import \{([^}]+)\} from "(\.[^"]+)"/g)
  return new Map(
    [...found].flatMap(([, names, path]) =>
      names!
        .split(',')
        .map((name): [string, string] => [name.trim().split(' as ').at(-1)!, join(MANTINE, path!)]),
    ),
  )
}

/** Whatever a file of Mantine imports, itself included. */
function reached(path: string, seen: Set<string>): Set<string> {
  if (seen.has(path) || !existsSync(path)) return seen
  seen.add(path)
  for (const [, next] of readFileSync(path, 'utf8').matchAll(/from "(\.[^"]+)"/g))
    reached(join(dirname(path), next!), seen)
  return seen
}

it('brings the styles of every part that a page shows', () => {
  const files = exported()
  const seen = new Set<string>()
  for (const source of sourcesBelow('src')) {
    const text = readFileSync(source, 'utf8')
    for (const [, names] of text.matchAll(/import \{([^}]+)\} from '@mantine\/core'/g))
      for (const name of names!.split(',')) reached(files.get(name.trim()) ?? '', seen)
  }
  const styles = readFileSync('src/ui/mantineStyles.ts', 'utf8')
  const needed = [...seen]
    .map((path) => /(\w+)\.module\.mjs$/.exec(relative(MANTINE, path))?.[1])
    .filter((name) => name && existsSync(`node_modules/@mantine/core/styles/${name}.layer.css`))
  expect(needed.length).toBeGreaterThan(20)
  expect(needed.filter((name) => !styles.includes(`/${name}.layer.css`))).toEqual([])
})
