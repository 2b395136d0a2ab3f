import { reportingApi } from '@catalyst/contracts';
import { doorsEnvironment, outsideContext, type ServiceSpec } from '@catalyst/service-kit';
import { drawPng } from './adapters/draw-png.ts';
import { createReportFiles } from './adapters/report-files.ts';
import { createLoadPerformance } from './flows/load-performance.ts';
import { createMakeDailyReport } from './flows/make-daily-report.ts';
import { createSendAlerts } from './flows/send-alerts.ts';
import { createSendOutgoing } from './flows/send-outgoing.ts';
import { createFindDailyReport, createShowDailyReport } from './flows/show-daily-report.ts';
import { createShowPerformance } from './flows/show-performance.ts';
import { createTellDatabaseAway } from './flows/tell-database-away.ts';
import { createTellStory } from './flows/tell-story.ts';
import { createRoutes } from './routes.ts';
import { createOutgoingStore } from './store/outgoing.ts';
import { createStore } from './store/reports.ts';
import { createStoryStore } from './store/story.ts';

/** By the wall, since it is about a mail server and decides nothing. */
const RETRY_EVERY_MS = 60_000;
/** An event only wakes: what it missed is found by looking. */
const LOOK_EVERY_MS = 5000;
/** Tries that the timer makes before it leaves a mail to the next start or report. */
const RETRY_AT_MOST = 30;
const ANY_NUMBER = 2 ** 31 - 1;

export const reportingService: ServiceSpec<typeof reportingApi, typeof doorsEnvironment> = {
  name: 'reporting',
  api: reportingApi,
  config: doorsEnvironment,
  start: async (kit) => {
    const { config, clock, log, bus, audit, doors } = kit;
    const { desk, mailer, webhook } = doors;
    const store = createStore(kit.database);
    const outgoingStore = createOutgoingStore(kit.database);
    const outgoing = createSendOutgoing({ store: outgoingStore, doors, clock, log });
    const tellDatabaseAway = createTellDatabaseAway({
      ask: async () =>
        (await kit.database.isConnected())
          ? kit.database.failedWrite()
          : 'the database does not answer',
      mailer,
      webhook,
      desk,
      clock,
      log,
    });
    const sendAlerts = createSendAlerts({
      store: outgoingStore,
      outgoing,
      doors,
      is_replay: config.TRADING_MODE === 'replay',
      clock,
      log,
    });
    await bus.subscribe({ 'catalyst:risk_alert': () => void sendAlerts.wake() });
    const findDailyReport = createFindDailyReport({ store, outgoing: outgoingStore });
    const showDailyReport = createShowDailyReport(findDailyReport);
    const loadPerformance = createLoadPerformance({ store });
    const tellStory = createTellStory({
      store: createStoryStore(kit.database),
      clock: kit.clock,
    });
    const makeDailyReport = createMakeDailyReport({
      store,
      bus,
      audit,
      clock,
      loadPerformance,
      showDailyReport,
      outgoing: { store: outgoingStore, sendNow: outgoing.sendNow },
      drawPng,
      files: createReportFiles(config.CATALYST_HOME),
      mail: mailer,
      desk: { mode: config.TRADING_MODE, account: config.DESK_ACCOUNT, run_id: config.RUN_ID },
    });

    const tryWaiting = (maxAttempts: number) =>
      outsideContext(() => {
        outgoing
          .retry(maxAttempts)
          .catch((error: unknown) => log.warn('waiting_mails_not_read', { error }));
      });
    // what a crash or a server that was away left behind
    tryWaiting(ANY_NUMBER);
    outsideContext(() => void sendAlerts.wake());
    const timers =
      config.TRADING_MODE === 'replay' || doors.names.length === 0
        ? []
        : [
            setInterval(() => tryWaiting(RETRY_AT_MOST), RETRY_EVERY_MS).unref(),
            setInterval(() => void sendAlerts.wake(), LOOK_EVERY_MS).unref(),
            setInterval(() => void tellDatabaseAway(), LOOK_EVERY_MS).unref(),
          ];

    return {
      handlers: createRoutes({
        store,
        clock,
        makeDailyReport: async (cycleId) => {
          const report = await makeDailyReport(cycleId);
          // the day's warnings wait for no more company
          void sendAlerts.flush();
          return report;
        },
        findDailyReport,
        showDailyReport,
        showPerformance: createShowPerformance({ store, clock, loadPerformance }),
        tellStory,
      }),
      notes: outgoing.trouble,
      remarks: () =>
        doors.names.length > 0
          ? []
          : ['alerts stay on this machine: set SMTP_URL or ALERT_WEBHOOK_URL'],
      stop: async () => {
        for (const timer of timers) clearInterval(timer);
        await sendAlerts.stop();
      },
    };
  },
};
