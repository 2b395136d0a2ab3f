import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseCsv } from '@catalyst/domain';

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
