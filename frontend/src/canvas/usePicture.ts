import { useEffect, useState } from 'react'

export type Picture = { readonly source: HTMLImageElement; readonly sharp: boolean } | 'failed' | null

/** Loads an image, its thumbnail first, so that there is something to look at at once. Null until either is there. */
export function usePicture(file: string, thumbnail: string): Picture {
  const [picture, setPicture] = useState<Picture>(null)
  useEffect(() => {
    let shown = true
    setPicture(null)
    const show = (sharp: boolean) => (source: HTMLImageElement) => {
      if (shown) setPicture((was) => (!sharp && was && was !== 'failed' ? was : { source, sharp }))
    }
    load(thumbnail).then(show(false), () => undefined)
    load(file).then(show(true), () => shown && setPicture('failed'))
    return () => {
      shown = false
    }
  }, [file, thumbnail])
  return picture
}

async function load(address: string): Promise<HTMLImageElement> {
  const image = new Image()
  image.src = address
  await image.decode()
  return image
}

/** Asks for a picture that will be wanted soon, so that it is in the browser's cache by then. */
export function preloadPicture(address: string): void {
  new Image().src = address
}
