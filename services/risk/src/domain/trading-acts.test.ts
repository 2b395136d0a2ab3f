import { describe, expect, it } from '@jest/globals';
import { applyAct, NEVER_ARMED, stateInForce, type Act, type Standing } from './trading-acts.ts';

const set = (state: Standing['state'], act: Act): Standing => ({
  state,
  act,
  reason: 'drill',
  set_by: 'cli for ann',
  set_at: '2026-03-10T15:00:00.000Z',
});
const active = set('active', 'arm');
const paused = set('reducing', 'pause');
const halted = set('halted', 'halt');
const flattening = set('flattening', 'flatten');
const pausedUnarmed = set('halted', 'pause');

/** What each act makes of each state: the new one, "-" for nothing, else the code of the refusal. */
const table: [string, Standing, Record<Act, string>][] = [
  [
    'never armed',
    NEVER_ARMED,
    {
      arm: 'active',
      pause: 'halted',
      halt: 'halted',
      flatten: 'flattening',
      resume: 'INVALID_REQUEST',
    },
  ],
  [
    'active',
    active,
    { arm: '-', pause: 'reducing', halt: 'halted', flatten: 'flattening', resume: '-' },
  ],
  [
    'paused',
    paused,
    { arm: 'DESK_STOPPED', pause: '-', halt: 'halted', flatten: 'flattening', resume: 'active' },
  ],
  [
    'halted',
    halted,
    { arm: 'DESK_STOPPED', pause: '-', halt: '-', flatten: 'flattening', resume: 'active' },
  ],
  [
    'halted by the file',
    stateInForce(active, 'by hand'),
    { arm: 'DESK_STOPPED', pause: '-', halt: '-', flatten: 'flattening', resume: 'active' },
  ],
  [
    'flattening',
    flattening,
    { arm: 'DESK_STOPPED', pause: '-', halt: '-', flatten: '-', resume: 'active' },
  ],
];

describe('an act on the trading state', () => {
  it.each(table)('of a desk that is %s never loosens a stop, unless it resumes', (_, from, to) => {
    const got = Object.fromEntries(
      Object.keys(to).map((act) => {
        const outcome = applyAct(act as Act, 'why', from, from !== NEVER_ARMED);
        return [
          act,
          outcome.kind === 'changed'
            ? outcome.state
            : outcome.kind === 'refused'
              ? outcome.code
              : '-',
        ];
      }),
    );
    expect(got).toEqual(to);
  });

  it('refuses to arm a stopped desk in words that say who stopped it, when and why', () => {
    expect(applyAct('arm', 'go', halted, true)).toMatchObject({
      message:
        'the desk is halted, set by cli for ann at 2026-03-10T15:00:00.000Z: drill; arming lifts no stop, resume it with a reason',
    });
  });

  it('leaves a desk that was stopped before it was armed as it was installed', () => {
    expect(applyAct('resume', 'over', pausedUnarmed, false)).toEqual({
      kind: 'changed',
      state: 'halted',
      reason: 'never armed',
    });
    expect(applyAct('arm', 'go', pausedUnarmed, false)).toMatchObject({ code: 'DESK_STOPPED' });
  });
});

describe('the halt file', () => {
  it('rules over what is stored, but never keeps a desk from closing what it holds', () => {
    expect(stateInForce(active, 'by hand')).toMatchObject({ state: 'halted', reason: 'by hand' });
    expect(stateInForce(paused, 'by hand').state).toBe('halted');
    expect(stateInForce(NEVER_ARMED, 'by hand').state).toBe('halted');
    expect(stateInForce(flattening, 'by hand')).toEqual(flattening);
  });
});
