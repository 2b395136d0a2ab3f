import { expect, it } from '@jest/globals';
import { describeAudit } from './describe-audit.ts';

const HASH = 'a'.repeat(64);
const AT = '2026-03-24T14:00:00.000Z';

it('says what no hash holds beside what one does, and since when it does', () => {
  const calls = { rows: 2, head_sha256: HASH, broken: null, outside_rows: 0, began_at: AT };
  const acts = [
    {
      service: 'risk',
      rows: 0,
      head_sha256: null,
      broken_seq: null,
      outside_rows: 1,
      began_at: null,
    },
    {
      service: 'trading',
      rows: 5,
      head_sha256: HASH,
      broken_seq: null,
      outside_rows: 40,
      began_at: AT,
    },
    {
      service: 'workflow',
      rows: 3,
      head_sha256: HASH,
      broken_seq: 2,
      outside_rows: 0,
      began_at: AT,
    },
  ];
  expect(describeAudit(calls, acts).split('\n')).toEqual([
    `calls: 2 rows since 2026-03-24 10:00 New York, whole up to ${HASH}`,
    'acts of risk: no row is in the chain yet; 1 row from before it stands outside: nothing shows whether it was changed',
    `acts of trading: 5 rows since 2026-03-24 10:00 New York, whole up to ${HASH}; 40 rows from before it stand outside: nothing shows whether they were changed`,
    'acts of workflow: 3 rows since 2026-03-24 10:00 New York, NOT WHOLE from row 2',
    'note these hashes elsewhere: they show later that nothing before them was changed',
  ]);
});
