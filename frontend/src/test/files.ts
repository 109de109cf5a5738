import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** All files below a folder whose name ends so. */
export function filesBelow(folder: string, ending: RegExp): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return filesBelow(path, ending)
    return ending.test(name) ? [path] : []
  })
}
