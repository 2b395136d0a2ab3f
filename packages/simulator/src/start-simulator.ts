import type { Line } from '@catalyst/domain';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { connectClient } from './connect-client.ts';
import { readStep, StepError } from './clock/read-step.ts';
import { readClockKind, type ClockKind } from './clock/clock-kind.ts';
import { createWork } from './clock/line-holder.ts';
import { LineError } from './clock/read-line.ts';
import { nextWake } from './clock/next-wake.ts';
import { createRunningClock, systemTimer } from './clock/run-clock.ts';
import type { Day } from './day/day.ts';
import { loadDay } from './day/load-day.ts';
import { DEFAULT_VOLUME_SHARE } from './exchange/fill-model/fill-model.ts';
import { createFaults } from './faults/create-faults.ts';
import { DEFAULT_DAY, findDay } from './find-day.ts';
import { checkCredentials, createFindAccount, type Credentials } from './find-account.ts';
import { createApp } from './http/create-app.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { LIKE_PAPER } from './like-paper.ts';
import { startMailCatcher } from './mail/mail-catcher.ts';
import { openPort } from './open-port.ts';
import { makeCertificate } from './own-certificate.ts';
import { createSdkOptions } from './sdk-options.ts';
import { createSimulation } from './simulation.ts';
import { STREAM_PATHS, serveStreams } from './stream/serve-streams.ts';
import type { SimulatorOptions, Simulator } from './simulator-options.ts';

const randomCredentials = (): Credentials => ({
  key_id: `PK${randomBytes(9).toString('hex').toUpperCase()}`,
  secret_key: randomBytes(30).toString('base64url'),
});

const open = async (
  options: SimulatorOptions,
  clock: ClockKind,
  day: Day,
  ledger: Ledger,
): Promise<Simulator> => {
  const credentials = Array.from({ length: options.accounts ?? 1 }, (_, index) =>
    index === 0 && options.credentials ? options.credentials : randomCredentials(),
  );
  const simulation = createSimulation({
    day,
    at: options.at ?? '04:00',
    clock: clock.kind === 'running' ? clock.name : clock.kind,
    accounts: credentials.length,
    cash: options.cash ?? '100000',
    exchange: {
      ...options.exchange,
      volume_share: options.volume_share ?? DEFAULT_VOLUME_SHARE,
      stream_oco_cancels: options.stream_oco_cancels ?? true,
      fills: options.fills ?? (clock.kind === 'stepped' ? 'next_bar' : 'at_once'),
    },
    market: options.market ?? {},
    ledger,
    secret_keys: credentials.map(({ secret_key }) => secret_key),
  });
  const findAccount = createFindAccount(simulation.accounts, credentials);
  const faults = createFaults(simulation, findAccount, options.faults ?? []);
  const mail = await startMailCatcher({
    mail_dir: options.mail_dir ?? null,
    ledger: simulation.ledger,
    now: simulation.now,
  });
  const work =
    options.tell_holder &&
    createWork(() => nextWake(simulation, faults.waiting()), options.tell_holder);
  const running = createRunningClock(simulation, work?.look);
  const { advance } = running;
  const follow = (line: Line): void => {
    if (clock.kind !== 'line')
      throw new LineError(`the clock is ${simulation.clock}; only one of kind line follows a line`);
    running.follow(line);
  };
  const certificate = options.tls ? await makeCertificate() : null;
  const opened = openPort(
    createApp(simulation, mail, {
      find_account: findAccount,
      faults,
      advance,
      follow: clock.kind === 'line' ? follow : null,
      rate_limit: options.rate_limit ?? null,
      data_plan: options.data_plan ?? 'plus',
      answer_delay: options.answer_delay ?? null,
      ...(options.routes === undefined ? {} : { routes: options.routes }),
    }),
    certificate,
  );
  const streams = serveStreams(opened.server, simulation, findAccount, {
    outgoing: faults.outgoing,
    advance,
    ...(options.data_connections === undefined
      ? {}
      : { data_connections: options.data_connections }),
    ...(options.data_plan === undefined ? {} : { data_plan: options.data_plan }),
  });
  let port: number;
  try {
    port = await opened.listen(options.port ?? 0);
  } catch (error) {
    certificate?.remove();
    await mail.close();
    throw error;
  }
  if (work)
    opened.server.prependListener('request', (_request, response) =>
      response.once('close', work.begin()),
    );
  if (clock.kind === 'running')
    running.start({ w0: systemTimer.now(), s0: simulation.now(), f: clock.speed });
  if (options.line) running.start(options.line);
  work?.look();
  const address = `127.0.0.1:${port}`;
  const socketUrl = `${certificate ? 'wss' : 'ws'}://${address}`;
  // Within the process there is no certificate to trust.
  const sdkOptions = createSdkOptions(`http://${address}`, credentials[0]!);
  return {
    url: `${certificate ? 'https' : 'http'}://${address}`,
    stream_url: socketUrl + STREAM_PATHS.trade_updates,
    data_stream_url: socketUrl + STREAM_PATHS.stock_data,
    news_stream_url: socketUrl + STREAM_PATHS.news,
    smtp: mail.url,
    day: day.dir,
    trade_date: day.trade_date,
    accounts: simulation.accounts.map(({ account_number }, index) => ({
      account_number,
      ...credentials[index]!,
    })),
    exchange: simulation.exchange,
    simulation,
    step: (body) => {
      if (clock.kind !== 'stepped')
        throw new StepError(
          `the clock runs by itself (${simulation.clock}); only a stepped clock can be stepped`,
        );
      return simulation.stepTo(readStep(body, simulation.now(), simulation.market.time));
    },
    follow,
    certificate: certificate?.path ?? null,
    connect: (Alpaca) => connectClient(Alpaca, sdkOptions, `ws://${address}`),
    sdk_options: sdkOptions,
    close: async () => {
      running.stop();
      streams.close();
      await Promise.all([opened.close(), mail.close()]);
      certificate?.remove();
      simulation.ledger.close();
    },
  };
};

/**
 * Starts the exchange, its streams and the mail catcher on the loopback and resolves once all of
 * them listen; a start that fails leaves nothing behind.
 */
export const startSimulator = async (asked: SimulatorOptions = {}): Promise<Simulator> => {
  const options =
    asked.like === 'paper'
      ? { ...LIKE_PAPER, ...asked, market: { ...LIKE_PAPER.market, ...asked.market } }
      : asked;
  const clock = readClockKind(options.clock ?? 'stepped');
  if ((clock.kind === 'line') !== (options.line !== undefined))
    throw new RangeError('expected clock "line" and a line, or neither');
  if (options.credentials) checkCredentials(options.credentials);
  const { day: given = DEFAULT_DAY, ledger_file: ledgerFile = null } = options;
  const day = typeof given === 'string' ? await loadDay(await findDay(given)) : given;
  const ledger = createLedger(ledgerFile);
  try {
    return await open(options, clock, day, ledger);
  } catch (error) {
    ledger.close();
    if (ledgerFile !== null) rmSync(ledgerFile);
    throw error;
  }
};
