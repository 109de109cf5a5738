#!/usr/bin/env bash
# Vite 8.3.8 (MIT): `import('./part.js').then(use, fail)` is wrapped for preloading together with its handlers, so that
# the event `vite:preloadError`, which the documentation offers for parts that are gone after an update, is not told when
# the import fails: the wrapper sees a promise that `fail` has already answered.
#
# Expected: a part that cannot be loaded dispatches `vite:preloadError` on window, however its promise is used.
# Seen:     with `.then((part) => …, fail)` it is never dispatched; with `const part = import('./part.js')`, and
#           `part.then(…, fail)` in a statement of its own, it is; so it is where the argument is `({ name }) => …`.
#
# Needs Node 20.19 or newer with npm; installs into a temporary folder. Builds a page with two parts that have a style
# sheet each, takes the parts away and runs the page's script with a window that only counts the event.
# Exit code 0: it is so. Otherwise the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{ "type": "module" }' > package.json
npm install --silent --no-audit --no-fund vite@8.3.8
for part in chained apart; do
    echo "import './$part.css'; export const name = '$part'" > "$part.js"
    echo ".$part { color: red }" > "$part.css"
done
cat > main.js <<'JS'
import('./chained.js').then((part) => window.used(part), () => window.failed('chained'))
const apart = import('./apart.js')
apart.then((part) => window.used(part), () => window.failed('apart'))
JS
echo '<!doctype html><script type="module" src="/main.js"></script>' > index.html
npx vite build --logLevel error
rm dist/assets/chained-*.js dist/assets/apart-*.js
cat > run.mjs <<'JS'
import { readdirSync } from 'node:fs'

const told = []
globalThis.window = new EventTarget()
window.used = () => {}
window.failed = (part) => told.push(`${part}: its handler was called`)
window.addEventListener('vite:preloadError', (event) => {
  event.preventDefault()
  told.push(`vite:preloadError: ${/(chained|apart)-/.exec(event.payload.message)[1]}`)
})
const link = () => ({ relList: { supports: () => true }, setAttribute() {}, removeEventListener() {}, addEventListener: (kind, done) => kind === 'load' && setTimeout(done, 0, { type: 'load' }) })
globalThis.document = {
  createElement: link, head: { appendChild() {} }, querySelector: () => null, querySelectorAll: () => [],
  getElementsByTagName: () => [],
}
const main = readdirSync('dist/assets').find((name) => name.startsWith('index-'))
await import(`./dist/assets/${main}`)
setTimeout(() => console.log(told.sort().join('\n')), 500)
JS
node run.mjs | tee seen.txt
diff seen.txt - <<'EXPECTED'
chained: its handler was called
vite:preloadError: apart
EXPECTED
