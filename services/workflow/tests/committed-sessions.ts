import { readSessions } from '../src/adapters/sessions-file.ts';

/** The session windows as committed. */
export const committedSessions = readSessions('/nowhere');
