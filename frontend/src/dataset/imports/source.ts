import { crc32 } from './crc32'
import { type SourceFile, ZipStream } from './zipStream'

/** What is sent: a zip archive that can be read anywhere. */
export type Source = {
  readonly name: string
  readonly count: number
  readonly size: number
  /** By which the server knows the same files again. */
  readonly fingerprint: string
  slice(start: number, stop: number): Promise<Blob>
}

export type ChosenFile = { readonly path: string; readonly file: File }

/** The one zip that was chosen, or the files as a zip. Hidden files are left out. */
export function sourceOf(chosen: readonly ChosenFile[]): Source | null {
  const files = chosen
    .filter(({ path }) => !/(^|\/)(\.|__MACOSX|Thumbs\.db$)/.test(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
  const [first] = files
  if (!first) return null
  const fingerprint = fingerprintOf(files)
  if (files.length === 1 && /\.zip$/i.test(first.path)) {
    const { file } = first
    const slice = async (start: number, stop: number) => file.slice(start, stop)
    return { name: file.name, count: 1, size: file.size, fingerprint, slice }
  }
  const stream = new ZipStream(files as readonly SourceFile[])
  const folder = first.path.includes('/') ? first.path.split('/')[0]! : first.file.name
  return {
    name: folder,
    count: files.length,
    size: stream.size,
    fingerprint,
    slice: (start, stop) => stream.slice(start, stop),
  }
}

function fingerprintOf(files: readonly ChosenFile[]): string {
  const lines = files.map(({ path, file }) => `${path}\n${file.size}\n${file.lastModified}\n`)
  return `${files.length}-${crc32(new TextEncoder().encode(lines.join(''))).toString(16)}`
}

/** What an input of files gave; a folder's files carry their path below it. */
export function fromInput(list: FileList): ChosenFile[] {
  return [...list].map((file) => ({ path: file.webkitRelativePath || file.name, file }))
}

/** What was dropped, folders walked through. To be called at once: the browser forgets a drop after its event. */
export async function fromDrop(items: DataTransferItemList): Promise<ChosenFile[]> {
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null)
  return (await Promise.all(entries.map(walked))).flat()
}

async function walked(entry: FileSystemEntry): Promise<ChosenFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    )
    return [{ path: entry.fullPath.replace(/^\//, ''), file }]
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const found: ChosenFile[] = []
  for (;;) {
    // A reader gives a hundred entries at a time, and none at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (some.length === 0) return found
    for (const one of some) found.push(...(await walked(one)))
  }
}
