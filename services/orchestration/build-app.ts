import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = import.meta.dirname;

/** The page of the positions: one file with its style and its program in it. */
export const buildApp = async (): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'app/positions.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
  });
  // nothing in the program may look like the end of its own element
  const program = outputFiles[0]!.text.replaceAll('</', '<\\/').trim();
  const style = readFileSync(join(root, 'app/positions.css'), 'utf8')
    .replace(/\s*\n\s*/g, ' ')
    .trim();
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<title>Positions</title>',
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<main id="positions"><p class="muted">Asking the desk …</p></main>',
    `<script>${program}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
};

if (import.meta.main) writeFileSync(join(root, 'src/views/positions.html'), await buildApp());
