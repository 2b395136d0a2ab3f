import { describe, expect, it } from '@jest/globals';
import { committedSessions } from '../../tests/committed-sessions.ts';
import { findContradictions } from './contradictions.ts';

const agreed = { max_positions: 5, min_reward_to_risk: { risk: 1.5, scanner: 2 } };

describe('configuration across files', () => {
  it('has no contradiction where each number can bind', () => {
    expect(findContradictions(committedSessions, agreed)).toEqual([]);
    expect(
      findContradictions(committedSessions, {
        max_positions: 8,
        min_reward_to_risk: { risk: 2, scanner: 2 },
      }),
    ).toEqual([]);
  });
  it('names each window whose cap never binds, and a choice that risk always refuses', () => {
    const { windows } = committedSessions;
    const sessions = {
      ...committedSessions,
      windows: { ...windows, midday: { ...windows.midday, max_positions: 6 } },
    };
    expect(
      findContradictions(sessions, { ...agreed, min_reward_to_risk: { risk: 2.5, scanner: 2 } }),
    ).toEqual([
      'sessions.yaml lets midday hold 6 positions and risk_parameters.yaml allows 5: lower windows.midday.max_positions, which never binds',
      'scanner.yaml chooses from a reward to risk of 2 and risk_parameters.yaml refuses below 2.5: raise ranking.min_reward_to_risk, or what is chosen is refused',
    ]);
  });
});
