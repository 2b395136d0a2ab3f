import { reportingApi } from '@catalyst/contracts';
import { ConfigError, outsideContext, type ServiceSpec } from '@catalyst/service-kit';
import { drawPng } from './adapters/draw-png.ts';
import { createReportFiles } from './adapters/report-files.ts';
import { createMailer } from './adapters/smtp.ts';
import { mailSettings, reportingConfig } from './config.ts';
import { createDeliverMail } from './flows/deliver-mail.ts';
import { createLoadPerformance } from './flows/load-performance.ts';
import { createMakeDailyReport } from './flows/make-daily-report.ts';
import { createShowDailyReport } from './flows/show-daily-report.ts';
import { createTellStory } from './flows/tell-story.ts';
import { createRoutes } from './routes.ts';
import { createStore } from './store/reports.ts';
import { createStoryStore } from './store/story.ts';

/** By the wall, since it is about a mail server and decides nothing. */
const RETRY_EVERY_MS = 60_000;
/** Tries that the timer makes before it leaves a mail to the next start or report. */
const RETRY_AT_MOST = 30;
const ANY_NUMBER = 2 ** 31 - 1;

export const reportingService: ServiceSpec<typeof reportingApi, typeof reportingConfig> = {
  name: 'reporting',
  api: reportingApi,
  config: reportingConfig,
  start: async (kit) => {
    const { config, clock, log, bus, audit } = kit;
    const { settings, faults } = mailSettings(config);
    if (faults.length > 0) throw new ConfigError(faults);

    const store = createStore(kit.database);
    const mailer = settings && createMailer(settings, kit.metrics);
    const deliverMail = createDeliverMail({ store, mailer, clock, log });
    const showDailyReport = createShowDailyReport({ store });
    const loadPerformance = createLoadPerformance({ store });
    const tellStory = createTellStory({ store: createStoryStore(kit.database) });
    const makeDailyReport = createMakeDailyReport({
      store,
      bus,
      audit,
      clock,
      loadPerformance,
      showDailyReport,
      deliverMail,
      drawPng,
      files: createReportFiles(config.CATALYST_HOME),
      mail: mailer,
      desk: { mode: config.TRADING_MODE, account: config.DESK_ACCOUNT, run_id: config.RUN_ID },
    });

    const tryWaiting = (maxAttempts: number) =>
      void outsideContext(() => deliverMail.deliverWaiting(maxAttempts)).catch((error: unknown) =>
        log.warn('waiting_mails_not_read', { error }),
      );
    // what a crash or a server that was away left behind
    tryWaiting(ANY_NUMBER);
    const timer =
      config.TRADING_MODE === 'replay' || !mailer
        ? undefined
        : setInterval(() => tryWaiting(RETRY_AT_MOST), RETRY_EVERY_MS).unref();

    return {
      handlers: createRoutes({
        store,
        clock,
        makeDailyReport,
        showDailyReport,
        loadPerformance,
        tellStory,
      }),
      notes: () => [deliverMail.trouble()].filter((note) => note !== null),
      stop: async () => {
        clearInterval(timer);
        await deliverMail.idle();
        mailer?.close();
      },
    };
  },
};
