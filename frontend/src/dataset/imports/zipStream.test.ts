import { Blob as NodeBlob } from 'node:buffer'
import { describe, expect, it, vi } from 'vitest'
import { crc32 } from './crc32'
import { type SourceFile, ZipStream } from './zipStream'

vi.stubGlobal('Blob', NodeBlob) // jsdom's cannot be read

const text = new TextEncoder()
const file = (path: string, content: string): SourceFile => ({ path, file: new Blob([content]) })
const FILES = [file('set/a.txt', 'first'), file('set/empty.txt', ''), file('set/길.txt', 'third one')]
const bytes = async (blob: Blob) => [...new Uint8Array(await blob.arrayBuffer())]

describe('crc32', () => {
  it('gives the check value of the standard, also in two steps', () => {
    expect(crc32(text.encode('123456789'))).toBe(0xcbf43926)
    expect(crc32(text.encode('6789'), crc32(text.encode('12345')))).toBe(0xcbf43926)
  })
})

describe('ZipStream', () => {
  it('is as long as it says', async () => {
    const stream = new ZipStream(FILES)
    expect((await stream.slice(0, stream.size)).size).toBe(stream.size)
    expect(stream.size).toBe(3 * (30 + 16 + 46) + 2 * (9 + 13 + 11) + 5 + 9 + 22)
  })

  it('gives the same bytes however it is cut, and when made anew', async () => {
    const whole = await bytes(await new ZipStream(FILES).slice(0, new ZipStream(FILES).size))
    for (const step of [1, 7, 64, 1000]) {
      const stream = new ZipStream(FILES)
      const parts: number[] = []
      for (let at = 0; at < stream.size; at += step)
        parts.push(...(await bytes(await stream.slice(at, Math.min(at + step, stream.size)))))
      expect(parts).toEqual(whole)
    }
  })

  it('can begin in the middle', async () => {
    const whole = await bytes(await new ZipStream(FILES).slice(0, new ZipStream(FILES).size))
    const stream = new ZipStream(FILES)
    expect(await bytes(await stream.slice(60, stream.size))).toEqual(whole.slice(60))
  })

  it('names every file in its directory with checksum, size and place', async () => {
    const stream = new ZipStream(FILES)
    const whole = new Uint8Array(await (await stream.slice(0, stream.size)).arrayBuffer())
    const view = new DataView(whole.buffer)
    const end = whole.length - 22
    expect(view.getUint32(end, true)).toBe(0x06054b50)
    expect(view.getUint16(end + 10, true)).toBe(3)
    let at = view.getUint32(end + 16, true)
    for (const { path, file: content } of FILES) {
      expect(view.getUint32(at, true)).toBe(0x02014b50)
      expect(view.getUint32(at + 16, true)).toBe(crc32(new Uint8Array(await content.arrayBuffer())))
      expect(view.getUint32(at + 24, true)).toBe(content.size)
      const name = whole.subarray(at + 46, at + 46 + view.getUint16(at + 28, true))
      expect(new TextDecoder().decode(name)).toBe(path)
      expect(view.getUint32(view.getUint32(at + 42, true), true)).toBe(0x04034b50)
      at += 46 + name.length
    }
  })
})
