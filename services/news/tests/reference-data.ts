import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Rows of a CSV text with quoted fields. */
const parseCsv = (text: string): string[][] => {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index]!;
    if (quoted && character === '"' && text[index + 1] === '"') {
      field += '"';
      index += 1;
    } else if (character === '"') quoted = !quoted;
    else if (!quoted && character === ',') {
      row.push(field);
      field = '';
    } else if (!quoted && character === '\n') {
      rows.push([...row, field.replace(/\r$/, '')]);
      row = [];
      field = '';
    } else field += character;
  }
  return rows;
};

export interface LabelledHeadline {
  headline: string;
  label: 'positive' | 'negative' | 'neutral';
}

/** The headlines of SEntFiN that speak of one entity only, with its label. */
export const singleEntityHeadlines = (folder: string): LabelledHeadline[] =>
  parseCsv(gunzipSync(readFileSync(join(folder, 'news/SEntFiN.csv.gz'))).toString('utf8'))
    .slice(1)
    .flatMap(([, headline, decisions]) => {
      const labels = [...(decisions ?? '').matchAll(/:\s*["'](positive|negative|neutral)["']/g)];
      return labels.length === 1
        ? [{ headline: headline!, label: labels[0]![1] as LabelledHeadline['label'] }]
        : [];
    });
