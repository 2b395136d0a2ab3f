import type { AlertDraft } from '../alerts/create-alerts.ts';

/** What a service did in a minute, and what it used. */
export interface Minute {
  /** Seconds of each answer. */
  answers: readonly number[];
  /** Answers of 500 and more: ours, not the caller's. */
  errors: number;
  /** Statements, and those that had to wait for a connection of the pool. */
  statements: number;
  waited: number;
  /** Of what it may use; 0.8 is 80 %. */
  memory_ratio: number;
}

/** Fewer say nothing: of ten requests one is ten per cent. */
const ENOUGH = 20;
const MAX_ERROR_RATIO = 0.05;
const MAX_P95_S = 2;
const MAX_MEMORY_RATIO = 0.8;
const MAX_WAITING_RATIO = 0.5;

/** The value that 95 of 100 do not exceed. */
export const p95 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? 0;

const percent = (ratio: number): string => `${(ratio * 100).toFixed(0)} %`;

/** What of a minute a person should know. */
export const judgeMinute = ({
  answers,
  errors,
  statements,
  waited,
  memory_ratio,
}: Minute): AlertDraft[] => {
  const drafts: [boolean, AlertDraft['code'], string][] = [
    [
      answers.length >= ENOUGH && errors / answers.length > MAX_ERROR_RATIO,
      'HIGH_ERROR_RATE',
      `${errors} of ${answers.length} requests of a minute failed, more than ${percent(MAX_ERROR_RATIO)}`,
    ],
    [
      answers.length >= ENOUGH && p95(answers) > MAX_P95_S,
      'SLOW_ANSWERS',
      `95 of 100 answers of a minute took up to ${p95(answers).toFixed(1)} s, more than ${MAX_P95_S} s`,
    ],
    [
      memory_ratio > MAX_MEMORY_RATIO,
      'MEMORY_HIGH',
      `${percent(memory_ratio)} of the memory that it may use is in use, more than ${percent(MAX_MEMORY_RATIO)}`,
    ],
    [
      statements >= ENOUGH && waited / statements > MAX_WAITING_RATIO,
      'POOL_BUSY',
      `${waited} of ${statements} statements of a minute waited for a connection to the database`,
    ],
  ];
  return drafts.flatMap(([isSo, code, message]) =>
    isSo ? [{ severity: 'warning' as const, code, message }] : [],
  );
};
