import { expect } from '@jest/globals';

/** What the clock says where the bundled day begins. */
export const BEGINNING = {
  is_open: false,
  timestamp: expect.stringContaining('2026-03-24T09:25:00'),
};
