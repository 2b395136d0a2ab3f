export * from './day.ts';
export { generateDay, type GenerateDayOptions } from './generate-day.ts';
export { DayError, type DayFault } from './day-error.ts';
export { importAlpacaDay, type ImportAlpacaDayOptions } from './import-alpaca-day.ts';
export { importDay, type ImportDayOptions } from './import-day.ts';
export { recordDay, type RecordedDay } from './alpaca/record-day.ts';
export {
  recordingFeeds,
  type RecordDayOptions,
  type RecordingFeed,
  type RecordingProgress,
} from './alpaca/record-day-options.ts';
export { RecordingError, type RecordingFailure } from './alpaca/recording-error.ts';
export type { PacingClock } from './alpaca/alpaca-client.ts';
export { listDays, type DaySummary } from './list-days.ts';
export { loadDay } from './load-day.ts';
export { readDayJson } from './read-day-json.ts';
export { dayFiles, writeDay } from './write-day.ts';
export { writeNewDay } from './write-new-day.ts';
