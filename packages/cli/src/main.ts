import { CommanderError } from 'commander';
import { errorCodeOf, exitCodeOf, isExpected } from './exit-codes.ts';
import { createProgram } from './program.ts';

const is_json = process.argv.includes('--json');

const tell = (error: unknown): void => {
  // commander has told it already, in words
  if (error instanceof CommanderError && (!is_json || error.exitCode === 0)) return;
  const message = isExpected(error)
    ? error.message.replace(/^error: /, '')
    : error instanceof Error
      ? (error.stack ?? error.message)
      : String(error);
  process.stderr.write(
    is_json
      ? `${JSON.stringify({ error: { code: errorCodeOf(error), message } })}\n`
      : `catalyst: ${message}\n`,
  );
};

// A pipe that closes early (catalyst logs | head) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  await createProgram({ is_json }).parseAsync(process.argv);
} catch (error) {
  tell(error);
  process.exitCode = exitCodeOf(error);
}
// Keep-alive connections to services would hold the process for seconds; everything to say is said.
await new Promise((resolve) => process.stdout.write('', resolve));
process.exit();
