import { afterEach, describe, expect, it } from '@jest/globals';
import { endSimulators, hold, outcome, run, start, UPGRADE } from './simulator-process.ts';

afterEach(endSimulators);

describe('the simulator as a program', () => {
  it('stops at the first signal while clients hold their connections: half a mail, a stream that answers nothing, an answer that hangs', async () => {
    const { child, url, smtp } = await start();
    await fetch(`${url}/sim/faults`, {
      method: 'POST',
      body: JSON.stringify({ where: { rest: 'GET /v2/clock' }, what: { kind: 'hang' } }),
    });
    const sockets = [
      await hold(smtp, ''),
      await hold(smtp, 'HELO x\r\nMAIL FROM:<a@example.com>\r\n'),
      await hold(url, UPGRADE),
    ];
    const hanging = fetch(`${url}/v2/clock`).then(
      () => 'answered',
      () => 'broken',
    );
    while (
      !((await (await fetch(`${url}/sim/ledger`)).json()) as { kind: string }[]).some(
        ({ kind }) => kind === 'fault',
      )
    )
      await new Promise((resolve) => setImmediate(resolve));
    const asked_at = performance.now();
    child.kill('SIGTERM');
    expect((await outcome(child)).code).toBe(0);
    // the mail server's library would wait for its clients for 30 s
    expect(performance.now() - asked_at).toBeLessThan(25_000);
    expect(await hanging).toBe('broken');
    for (const socket of sockets) socket.destroy();
  });

  it('ends at once where a second signal comes before its streams have ended', async () => {
    const { child, url } = await start();
    const stream = await hold(url, UPGRADE);
    // a process that stands still finds both when it goes on
    for (const signal of ['SIGSTOP', 'SIGTERM', 'SIGINT', 'SIGCONT'] as const) child.kill(signal);
    expect((await outcome(child)).code).toBe(1);
    stream.destroy();
  });

  it('does not run on after an error of its own: it says so and ends with code 1', async () => {
    const breakTicks =
      "const every = setInterval; globalThis.setInterval = (tick, ms) => every(() => { throw new Error('a broken minute'); }, ms);";
    const child = run(['--clock', 'real', '--json'], {
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(breakTicks)}`,
    });
    const { code, errors } = await outcome(child);
    expect(code).toBe(1);
    expect(errors).toContain('Error: a broken minute');
    expect(errors).toContain(
      'the simulator stopped at 2026-03-24T13:25:00.000Z of the simulated day because of the error above',
    );
  });
});
