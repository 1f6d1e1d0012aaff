// Bundles what the browser needs into webapp/static/build, with hashed names and a manifest.
// Run by `make build`; plain Node 20 or newer, no configuration elsewhere.
import { createHash } from 'node:crypto';
import { readFile, readdir, rm, mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '..', 'static', 'build');
const icons = JSON.parse(await readFile(join(here, 'icons.json'), 'utf8'));
const iconFolder = join(here, '..', '..', 'node_modules', '@tabler', 'icons', 'icons');

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const { metafile } = await build({
  entryPoints: ['theme.js', 'app.js', 'diagram.js', 'mark.svg'].map((name) => join(here, name)),
  bundle: true, minify: true, format: 'iife', target: 'es2022', outdir: out, entryNames: '[name]-[hash]',
  loader: { '.svg': 'copy' }, metafile: true, logLevel: 'warning', legalComments: 'linked',
});
const built = Object.keys(metafile.outputs).map((path) => basename(path)).filter((name) => /\.(js|css|svg)$/.test(name));
const manifest = Object.fromEntries(built.map((name) => [name.replace(/-[A-Z0-9]{8}(?=\.)/, ''), name]));

const symbols = await Promise.all(icons.map(async (icon) => {
  const svg = await readFile(join(iconFolder, icon.endsWith('-filled') ? 'filled' : 'outline', `${icon.replace('-filled', '')}.svg`), 'utf8');
  return `<symbol id="${icon}" viewBox="0 0 24 24">${svg.replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, '').trim()}</symbol>`;
}));
const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`;
manifest['icons.svg'] = `icons-${createHash('sha256').update(sprite).digest('hex').slice(0, 8)}.svg`;
await writeFile(join(out, manifest['icons.svg']), sprite);

for (const name of (await readdir(out)).filter((each) => /\.(js|css|svg)$/.test(each))) {
  const content = await readFile(join(out, name));
  await writeFile(join(out, `${name}.br`), brotliCompressSync(content));
  await writeFile(join(out, `${name}.gz`), gzipSync(content, { level: 9 }));
}
await writeFile(join(out, 'manifest.json'), JSON.stringify(manifest, null, 1));
console.log(`built ${Object.values(manifest).join(', ')}`);
