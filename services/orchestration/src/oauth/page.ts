import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';

/** Markup that may be put into a page as it is. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
type Part = string | number | Markup | readonly Part[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** What turns the direction of text or hides in it would make a name read as another. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu;

const render = (part: Part): string => {
  if (part instanceof Markup) return part.text;
  if (Array.isArray(part)) return part.map(render).join('');
  return String(part)
    .replace(invisible, '\uFFFD')
    .replace(/[&<>"']/g, (character) => ESCAPES[character]!);
};

/** Markup with whatever is put into it escaped; there is no other way to make a page. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  new Markup(strings.reduce((text, next, index) => text + render(parts[index - 1]!) + next));

const STYLE = `
:root{color-scheme:light dark;--ground:#f4f5f7;--card:#fff;--text:#17191e;--dim:#5b6270;--line:#d5d9e0;--act:#1f5fd6;--act-text:#fff;--warn:#a3420a;--warn-ground:#fdf1e7;--quote:#eef1f6}
@media (prefers-color-scheme:dark){:root{--ground:#121419;--card:#1b1e25;--text:#eceef2;--dim:#a2a9b8;--line:#363c48;--act:#6ea0ff;--act-text:#0d1016;--warn:#ffb27a;--warn-ground:#33241a;--quote:#252a34}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:34rem;margin:0 auto;padding:1.25rem 1rem 3rem}
.brand{font-weight:600;color:var(--dim);margin:.5rem 0 1rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1.25rem}
h1{font-size:1.35rem;line-height:1.3;margin:0 0 .75rem}
h2{font-size:1rem;margin:1.25rem 0 .4rem}
p{margin:.5rem 0}ul{margin:.25rem 0 .5rem;padding-left:1.2rem}li{margin:.2rem 0}
.dim{color:var(--dim);font-size:.9rem}
.quote{background:var(--quote);border-left:4px solid var(--dim);border-radius:6px;padding:.6rem .8rem;margin:.4rem 0;overflow-wrap:anywhere}
.warn{color:var(--warn);background:var(--warn-ground);border-radius:6px;padding:.6rem .8rem}
.host{font-weight:600;overflow-wrap:anywhere}
label{display:block;margin:.8rem 0 .25rem;font-weight:600}
input[type=password],input[type=text],select{width:100%;font:inherit;color:inherit;background:var(--ground);border:1px solid var(--dim);border-radius:8px;padding:.65rem .75rem}
.choice{display:flex;gap:.65rem;align-items:flex-start;border:1px solid var(--line);border-radius:8px;padding:.65rem .75rem;margin:.5rem 0;font-weight:400;cursor:pointer}
.choice:has(input:checked){border-color:var(--act);box-shadow:0 0 0 1px var(--act)}
.choice input{margin:.3rem 0 0;flex:none;width:1.05rem;height:1.05rem;accent-color:var(--act)}
.choice strong{display:block}
.acts{display:flex;gap:.75rem;margin-top:1.25rem}
button{flex:1;font:inherit;font-weight:600;border-radius:8px;padding:.7rem 1rem;border:1px solid var(--dim);background:transparent;color:var(--text);cursor:pointer}
button.main{background:var(--act);border-color:var(--act);color:var(--act-text)}
:focus-visible{outline:3px solid var(--act);outline-offset:2px}
`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

export interface Page {
  title: string;
  body: Markup;
  /** Where a form of this page leads beside the desk: browsers hold its redirects to it too. */
  form_origin?: string;
}

const documentOf = ({ title, body }: Page): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} · Catalyst</title>
        <style>
          ${new Markup(STYLE)}
        </style>
      </head>
      <body>
        <main>
          <div class="brand">Catalyst trading desk</div>
          <div class="card">${body}</div>
        </main>
      </body>
    </html> `.text;

/** Nothing of a page runs, comes from elsewhere, is framed or kept. */
const headersOf = ({ form_origin }: Page): Record<string, string> => ({
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'${form_origin === undefined ? '' : ` ${form_origin}`}; frame-ancestors 'none'; base-uri 'none'`,
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  // a form of such a page must be able to say where it comes from
  'referrer-policy': 'same-origin',
});

/** A page as it is sent. */
export const renderPage = (page: Page) => ({ headers: headersOf(page), text: documentOf(page) });

export const sendPage = (response: ServerResponse, status: number, page: Page): void => {
  const { headers, text } = renderPage(page);
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) }).end(text);
};
