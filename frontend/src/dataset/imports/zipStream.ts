import { crc32 } from './crc32'

export type SourceFile = { readonly path: string; readonly file: Blob }

const FLAGS = 0x0808 // sizes and checksum follow the data; names are UTF-8
const STORED = 0
const OLD = 0x0021 // 1 January 1980: the same files make the same bytes
const LOCAL = 30
const DESCRIPTOR = 16
const LARGEST_FILE = 0xffff_fffe
const STEP = 8 << 20 // bytes of a file read at once for its checksum

/**
 * Files as one zip archive that exists only where it is read: stored, not compressed, since images hardly shrink.
 *
 * Where everything stands follows from names and sizes alone, so any part can be made at any time, and the same files
 * make the same archive after a reload.
 */
export class ZipStream {
  readonly size: number
  private readonly names: Uint8Array<ArrayBuffer>[]
  private readonly starts: number[] = []
  private readonly directoryAt: number
  private readonly sums = new Map<number, Promise<number>>()
  private end: Promise<Uint8Array<ArrayBuffer>> | undefined

  constructor(private readonly files: readonly SourceFile[]) {
    const encoder = new TextEncoder()
    this.names = files.map(({ path }) => encoder.encode(path))
    let at = 0
    for (const [place, { path, file }] of files.entries()) {
      if (file.size > LARGEST_FILE) throw new RangeError(path)
      this.starts.push(at)
      at += LOCAL + this.names[place]!.length + file.size + DESCRIPTOR
    }
    this.directoryAt = at
    this.size = at + this.directorySize() + this.trailerSize()
  }

  /** The archive's bytes from `start` to before `stop`. Files are read when the blob is. */
  async slice(start: number, stop: number): Promise<Blob> {
    const parts: BlobPart[] = []
    for (let place = this.placeAt(start); place < this.files.length; place += 1) {
      const begins = this.starts[place]!
      if (begins >= stop) break
      parts.push(...(await this.entry(place, start - begins, stop - begins)))
    }
    if (stop > this.directoryAt) {
      this.end ??= this.directoryAndTrailer()
      const from = Math.max(0, start - this.directoryAt)
      parts.push((await this.end).subarray(from, stop - this.directoryAt))
    }
    return new Blob(parts)
  }

  /** The last file that starts at or before a byte. */
  private placeAt(byte: number): number {
    let [low, high] = [0, this.starts.length]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (this.starts[middle]! <= byte) low = middle
      else high = middle
    }
    return low
  }

  /** What lies between two places, counted from the entry's start: header, data, descriptor. */
  private async entry(place: number, start: number, stop: number): Promise<BlobPart[]> {
    const { file } = this.files[place]!
    const dataAt = LOCAL + this.names[place]!.length
    const after = dataAt + file.size
    const parts: BlobPart[] = []
    if (start < dataAt) parts.push(this.header(place).subarray(Math.max(0, start), Math.min(stop, dataAt)))
    const [from, to] = [Math.max(0, start - dataAt), Math.min(stop - dataAt, file.size)]
    if (from < to) parts.push(file.slice(from, to))
    if (stop > after && start < after + DESCRIPTOR)
      parts.push((await this.descriptor(place)).subarray(Math.max(0, start - after), stop - after))
    return parts
  }

  private header(place: number): Uint8Array<ArrayBuffer> {
    const name = this.names[place]!
    const out = new Writer(LOCAL + name.length)
    out.u32(0x04034b50).u16(20).u16(FLAGS).u16(STORED).u16(0).u16(OLD)
    out.u32(0).u32(0).u32(0).u16(name.length).u16(0).bytes(name)
    return out.done
  }

  private async descriptor(place: number): Promise<Uint8Array<ArrayBuffer>> {
    const { size } = this.files[place]!.file
    return new Writer(DESCRIPTOR)
      .u32(0x08074b50)
      .u32(await this.sum(place))
      .u32(size)
      .u32(size).done
  }

  /** A file's checksum; it is read for it, once. */
  private sum(place: number): Promise<number> {
    const known = this.sums.get(place)
    if (known) return known
    const sum = checksum(this.files[place]!.file)
    this.sums.set(place, sum)
    return sum
  }

  private isFar(place: number): boolean {
    return this.starts[place]! > LARGEST_FILE
  }

  private directorySize(): number {
    return this.names.reduce((sum, name, place) => sum + 46 + name.length + (this.isFar(place) ? 12 : 0), 0)
  }

  /** Whether the trailer needs the fields of 64 bits. */
  private get isLarge(): boolean {
    return this.files.length > 0xfffe || this.directoryAt + this.directorySize() > LARGEST_FILE
  }

  private trailerSize(): number {
    return 22 + (this.isLarge ? 56 + 20 : 0)
  }

  private async directoryAndTrailer(): Promise<Uint8Array<ArrayBuffer>> {
    const out = new Writer(this.directorySize() + this.trailerSize())
    for (const [place, { file }] of this.files.entries()) {
      const [name, far] = [this.names[place]!, this.isFar(place)]
      out
        .u32(0x02014b50)
        .u16(45)
        .u16(far ? 45 : 20)
        .u16(FLAGS)
        .u16(STORED)
        .u16(0)
        .u16(OLD)
      out
        .u32(await this.sum(place))
        .u32(file.size)
        .u32(file.size)
      out
        .u16(name.length)
        .u16(far ? 12 : 0)
        .u16(0)
        .u16(0)
        .u16(0)
        .u32(0)
      out.u32(far ? 0xffff_ffff : this.starts[place]!).bytes(name)
      if (far) out.u16(1).u16(8).u64(this.starts[place]!)
    }
    this.trailer(out)
    return out.done
  }

  private trailer(out: Writer) {
    const [count, size, at] = [this.files.length, this.directorySize(), this.directoryAt]
    if (this.isLarge) {
      out.u32(0x06064b50).u64(44).u16(45).u16(45).u32(0).u32(0).u64(count).u64(count).u64(size).u64(at)
      out
        .u32(0x07064b50)
        .u32(0)
        .u64(at + size)
        .u32(1)
    }
    const short = (value: number) => Math.min(value, 0xffff)
    const word = (value: number) => Math.min(value, 0xffff_ffff)
    out.u32(0x06054b50).u16(0).u16(0).u16(short(count)).u16(short(count)).u32(word(size)).u32(word(at)).u16(0)
  }
}

async function checksum(file: Blob): Promise<number> {
  let sum = 0
  for (let at = 0; at < file.size; at += STEP)
    sum = crc32(new Uint8Array(await file.slice(at, at + STEP).arrayBuffer()), sum)
  return sum
}

/** Little-endian numbers and bytes, one after the other. */
class Writer {
  readonly done: Uint8Array<ArrayBuffer>
  private readonly view: DataView
  private at = 0

  constructor(size: number) {
    this.done = new Uint8Array(size)
    this.view = new DataView(this.done.buffer)
  }

  u16(value: number): this {
    this.view.setUint16(this.at, value, true)
    this.at += 2
    return this
  }

  u32(value: number): this {
    this.view.setUint32(this.at, value, true)
    this.at += 4
    return this
  }

  u64(value: number): this {
    this.view.setBigUint64(this.at, BigInt(value), true)
    this.at += 8
    return this
  }

  bytes(value: Uint8Array): this {
    this.done.set(value, this.at)
    this.at += value.length
    return this
  }
}
