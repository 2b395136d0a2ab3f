import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { inNewYork, NEW_YORK } from './time.ts';

test("New York's date and clock are those of the time zone at every instant, changes of the clocks included", () => {
  const near = fc
    .constantFrom('2026-03-08T07:00:00Z', '2026-11-01T06:00:00Z', '1999-10-31T06:00:00Z')
    .chain((change) =>
      fc
        .integer({ min: -3 * 3_600_000, max: 3 * 3_600_000 })
        .map((ms) => new Date(Date.parse(change) + ms)),
    );
  const any = fc.date({
    min: new Date('1970-01-01T00:00:00Z'),
    max: new Date('2100-01-01T00:00:00Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(fc.oneof(near, any), (date) => {
      const time = DateTime.fromJSDate(date, { zone: NEW_YORK });
      expect(inNewYork(date.toISOString())).toEqual({
        date: time.toFormat('yyyy-MM-dd'),
        clock: time.toFormat('HH:mm'),
      });
    }),
  );
});

test('what is no instant has no time in New York', () => {
  expect(() => inNewYork('soon')).toThrow('expected an instant, was soon');
});
