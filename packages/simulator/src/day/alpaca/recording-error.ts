/**
 * `keys`: Alpaca does not accept them; `refused`: it accepts them and says no; `unavailable`: it
 * did not answer, however often it was asked.
 */
export type RecordingFailure = 'keys' | 'refused' | 'unavailable';

/**
 * A recording that could not go on. What has been downloaded stays, and the next attempt continues
 * there.
 */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
  readonly failure: RecordingFailure;

  constructor(failure: RecordingFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}
