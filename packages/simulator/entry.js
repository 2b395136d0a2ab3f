import { existsSync } from 'node:fs';
import checkNode from './node-version.cjs';

checkNode('@catalyst/simulator');

// The checkout runs its sources, always; the packed module has no src/ (Node strips no types under
// node_modules) and runs what was built from them. ES modules name their exports: each value that
// src/index.ts exports stands here too, which tests/entry.test.ts holds.
const place = existsSync(new URL('./src/index.ts', import.meta.url))
  ? './src/index.ts'
  : './dist/index.js';

export const {
  DAY_FORMAT,
  DayError,
  LineError,
  RecordingError,
  StepError,
  auctionKinds,
  corporateActionTypes,
  dayFiles,
  generateDay,
  importAlpacaDay,
  importDay,
  listDays,
  listingExchanges,
  loadDay,
  marketEventKinds,
  readDayJson,
  recordDay,
  recordingFeeds,
  startSimulator,
  writeDay,
  writeNewDay,
} = await import(place);
