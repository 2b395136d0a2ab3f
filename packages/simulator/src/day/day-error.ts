/**
 * Where a day's data is wrong. `line` counts from 1, header included; null when the fault is not in
 * one line.
 */
export interface DayFault {
  file: string;
  line: number | null;
  column: string | null;
  was: string;
  expected: string;
}

/**
 * A day that cannot be used; the message says in which file and line, what was there and what was
 * expected.
 */
export class DayError extends Error {
  override readonly name = 'DayError';
  readonly fault: DayFault;

  constructor(fault: DayFault) {
    const place = [
      fault.file,
      fault.line === null ? null : `line ${fault.line}`,
      fault.column === null ? null : `column ${fault.column}`,
    ];
    super(
      `${place.filter((part) => part !== null).join(', ')}: expected ${fault.expected}, was ${fault.was}`,
    );
    this.fault = fault;
  }
}
