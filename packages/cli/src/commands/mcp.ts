import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { UsageError } from '../exit-codes.ts';
import { typed } from '../typed.ts';
import { addVerb } from '../verb.ts';

/** `catalyst mcp`: the desk's MCP on standard input and output, for hosts that start a program. */
export const addMcp = (program: Command): void => {
  addVerb(program, 'mcp', "speak the desk's MCP on standard input and output")
    .option('--ca <file>', 'the certificate of a server that this machine does not trust by itself')
    .action(async (options: { ca?: string }) => {
      const [{ findDesk }, { bridgePath }] = await Promise.all([
        import('../claude/find-desk.ts'),
        import('../claude/make-bundle.ts'),
      ]);
      const { url, key, ca_file } = findDesk(options.ca);
      if (key === null)
        throw new UsageError(
          `CATALYST_MCP_KEY_FILE names no file with a key of Claude's; make one with: ${typed('key new NAME')}`,
        );
      const child = spawn(process.execPath, [fileURLToPath(bridgePath)], {
        stdio: 'inherit',
        env: {
          ...process.env,
          CATALYST_MCP_URL: url,
          CATALYST_MCP_KEY: key,
          ...(ca_file !== null && { NODE_EXTRA_CA_CERTS: ca_file }),
        },
      });
      for (const signal of ['SIGINT', 'SIGTERM'] as const)
        process.on(signal, () => child.kill(signal));
      process.exitCode = await new Promise<number>((resolve, reject) => {
        child.once('error', reject);
        child.once('exit', (code) => resolve(code ?? 1));
      });
    });
};
