import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { describeChecks } from '../src/domain/review/describe-checks.ts';

const page = join(import.meta.dirname, '../../../docs/risk.md');
const TABLE = /(<!-- checks, from the code -->\n)[^]*?(\n<!-- end of checks -->)/;

it('the page on risk has the table of checks that the code has; WRITE_DOCS=1 writes it', () => {
  const text = readFileSync(page, 'utf8');
  const wanted = text.replace(TABLE, (_, from: string, to: string) => from + describeChecks() + to);
  if (process.env.WRITE_DOCS === '1') writeFileSync(page, wanted);
  expect(readFileSync(page, 'utf8')).toBe(wanted);
  expect(text).toMatch(TABLE);
});
