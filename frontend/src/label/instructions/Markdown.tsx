import ReactMarkdown, { type Components, defaultUrlTransform } from 'react-markdown'
import remarkGfm from 'remark-gfm'
import classes from './Markdown.module.css'

/**
 * Markdown as elements: HTML in it is left out, links open beside, and pictures are those that were uploaded here (the
 * page's Content-Security-Policy refuses others all the same).
 */
export default function Markdown({ text }: { text: string }) {
  return (
    <div className={classes.text}>
      <ReactMarkdown skipHtml remarkPlugins={PLUGINS} urlTransform={safeAddress} components={COMPONENTS}>
        {text}
      </ReactMarkdown>
    </div>
  )
}

const PLUGINS = [remarkGfm]
const PICTURE = /^\/api\/v1\/instruction-pictures\/\d+$/

/** The address of a link or a picture; empty where it may not be one. */
export function safeAddress(url: string, key: string): string {
  return key === 'src' ? (PICTURE.test(url) ? url : '') : defaultUrlTransform(url)
}

const COMPONENTS: Components = {
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  ),
  img: ({ src, alt }) => (src ? <img src={src} alt={alt ?? ''} loading="lazy" /> : <span>{alt}</span>),
}
