import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import type { DailyReport, reportingApi } from '@catalyst/contracts';
import type { Database } from '@catalyst/service-kit';
import {
  atStep,
  createTestDatabase,
  startTestService,
  type TestDatabase,
  type TestService,
} from '@catalyst/testkit';
import { reportingService } from '../../src/service.ts';
import { startMailCatcher, type MailCatcher } from '../mail-catcher.ts';
import { CYCLE, REPORT_AT, seedDesk } from '../trading-day.ts';

export interface ReportingDesk {
  database: Database;
  catcher: MailCatcher;
  home: string;
  service: TestService<typeof reportingApi>;
  /** Starts the service; it mails to the catcher unless told otherwise. */
  start(env?: Record<string, string>): Promise<void>;
  /** Asks for the report of the day. */
  make(): Promise<DailyReport>;
}

/** For each test of a file a desk of its own, whose service the test starts. */
export const deskForEach = (): ReportingDesk => {
  let test: TestDatabase;
  let started: TestService<typeof reportingApi> | undefined;
  const desk = {
    get service() {
      return started!;
    },
    start: async (
      env = {
        SMTP_URL: desk.catcher.url,
        MAIL_FROM: 'Catalyst <desk@catalyst.test>',
        MAIL_TO: 'operator@catalyst.test',
      },
    ) => {
      started = await startTestService(reportingService, {
        database_url: test.url,
        replay_start_at: '2026-03-10T08:00:00.000Z',
        env: { CATALYST_HOME: desk.home, ...env },
      });
    },
    make: () =>
      atStep(REPORT_AT, () => desk.service.client().makeDailyReport({ body: { cycle_id: CYCLE } })),
  } as ReportingDesk;

  beforeEach(async () => {
    desk.home = mkdtempSync(join(tmpdir(), 'catalyst-report-'));
    [test, desk.catcher] = await Promise.all([createTestDatabase(), startMailCatcher()]);
    desk.database = test.database;
    await seedDesk(desk.database);
  });
  afterEach(async () => {
    await started?.close();
    started = undefined;
    await Promise.all([test.drop(), desk.catcher.close()]);
    rmSync(desk.home, { recursive: true, force: true });
  });
  return desk;
};
