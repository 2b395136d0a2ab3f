import { setFlagsFromString } from 'node:v8';
import { answerHolder } from './clock/line-holder.ts';
import { describeStart } from './describe-start.ts';
import { readProgramOptions } from './program-options.ts';
import type { Simulator, SimulatorFacts } from './simulator-options.ts';
import { startProgram } from './start-program.ts';

// Without this the young part of the heap grows to 128 MB while a large day is read, and stays so;
// it is not faster then.
setFlagsFromString('--semi-space-growth-factor=1');

const EXIT_FAILED = 1;
/** How often a program that npm started looks whether npm is still there. */
const PARENT_CHECK_MS = 200;

const parent = process.ppid;
const options = readProgramOptions(process.argv, process.env);

/** Who started this program with a line holds it, and has opened a channel to speak of it. */
const hasHolder = options.line !== undefined && process.send !== undefined;
/** A holder that has gone is told nothing. */
const tellHolder = (message: object): void =>
  void process.send?.(message, undefined, undefined, () => undefined);

/**
 * Stops at the first signal or when npm has ended that started it, at once at the second signal,
 * and at once where something has gone wrong that nobody handles: an exchange that is wrong must
 * not run on.
 */
const watchProcess = (simulator: Simulator): void => {
  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(EXIT_FAILED);
    stopping = true;
    void simulator.close().then(() => process.exit(0));
  };
  process.on('uncaughtException', (error) => {
    console.error(error);
    console.error(
      `the simulator stopped at ${new Date(simulator.simulation.now()).toISOString()} of the simulated day because of the error above, which is a fault of its own`,
    );
    process.exit(EXIT_FAILED);
  });
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // npx and npm run start a shell that starts this, and end the shell alone: their SIGTERM never
  // comes here.
  if (!process.env.npm_lifecycle_script?.includes('catalyst-simulator')) return;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, PARENT_CHECK_MS).unref();
};

const simulator = await startProgram(options, hasHolder ? tellHolder : undefined);
if (typeof simulator === 'string') {
  console.error(simulator);
  process.exitCode = EXIT_FAILED;
} else {
  watchProcess(simulator);
  if (hasHolder)
    process.on('message', (message) => answerHolder(message, simulator.follow, tellHolder));
  const { url, stream_url, data_stream_url, news_stream_url, smtp, day, trade_date } = simulator;
  const facts: SimulatorFacts = {
    url,
    stream_url,
    data_stream_url,
    news_stream_url,
    smtp,
    day,
    trade_date,
    accounts: simulator.accounts,
    certificate: simulator.certificate,
  };
  console.log(
    options.json
      ? JSON.stringify(facts)
      : describeStart({ facts, clock: options.clock, at: options.at, cash: options.cash }),
  );
}
