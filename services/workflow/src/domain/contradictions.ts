import type { SessionsConfig } from './session-windows.ts';

/** What of the other services' files bears on the session windows and on who is chosen. */
export interface NeighbourConfig {
  max_positions: number;
  /** Below it risk refuses, and below it the scanner does not choose. */
  min_reward_to_risk: { risk: number; scanner: number };
}

/**
 * Faults that no file has by itself, a sentence each: a number that can never bind, or a choice that
 * is always refused.
 */
export const findContradictions = (
  { windows }: SessionsConfig,
  { max_positions, min_reward_to_risk: { risk, scanner } }: NeighbourConfig,
): string[] => [
  ...Object.entries(windows).flatMap(([name, window]) =>
    'max_positions' in window && window.max_positions > max_positions
      ? [
          `sessions.yaml lets ${name} hold ${window.max_positions} positions and risk_parameters.yaml allows ${max_positions}: lower windows.${name}.max_positions, which never binds`,
        ]
      : [],
  ),
  ...(scanner < risk
    ? [
        `scanner.yaml chooses from a reward to risk of ${scanner} and risk_parameters.yaml refuses below ${risk}: raise ranking.min_reward_to_risk, or what is chosen is refused`,
      ]
    : []),
];
