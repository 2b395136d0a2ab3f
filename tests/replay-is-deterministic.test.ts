import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serviceNames, type DailyReport } from '@catalyst/contracts';
import { later, newYorkTime } from '@catalyst/domain';
import { nakedMinutes } from '@catalyst/platform';
import { BUNDLED_DAY, readLedger, startReplay, type Replay } from '@catalyst/testkit';

const { trades_digest: DIGEST } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'bundled-day.json'), 'utf8'),
) as { trades_digest: string };
const folder = mkdtempSync(join(tmpdir(), 'catalyst-day-'));
let replay: Replay;
let report: DailyReport;
/** Which services were killed, in order. */
const killed: string[] = [];

/** The bundled day with a headline that the market has not seen before it closed. */
const plantTonight = (): string => {
  const day_dir = join(folder, 'planted');
  cpSync(BUNDLED_DAY, day_dir, { recursive: true });
  const lines = readFileSync(join(day_dir, 'news.jsonl'), 'utf8').trimEnd().split('\n');
  const last = JSON.parse(lines.at(-1)!) as { created_at: string };
  const tonight = newYorkTime(last.created_at.slice(0, 10), '23:00');
  const [symbol] = (JSON.parse(lines[0]!) as { symbols: string[] }).symbols;
  const planted = {
    ...last,
    id: 99_999_999,
    created_at: tonight,
    updated_at: tonight,
    headline: 'Planted: shares triple on a takeover at a 200% premium in cash',
    summary: '',
    content: '',
    symbols: [symbol],
  };
  writeFileSync(join(day_dir, 'news.jsonl'), `${[...lines, JSON.stringify(planted)].join('\n')}\n`);
  return day_dir;
};

/** Each service once, each at another moment of the ten minutes that are being conducted. */
const killEachInMidDay = async ({ desk, trade_date, workflow }: Replay): Promise<void> => {
  let at = newYorkTime(trade_date, '09:44');
  for (const [index, name] of [
    ...serviceNames,
    'trading' as const,
    'workflow' as const,
  ].entries()) {
    at = later(at, 10 * 60_000);
    const conducting = workflow.advanceReplay({ body: { to: at } });
    await new Promise((resolve) => setTimeout(resolve, 40 + 37 * index));
    await desk.fleet.kill(name, 'SIGKILL');
    await desk.fleet.awaitReady(name);
    await conducting;
    killed.push(name);
  }
};

// One replay bears all three disturbances. Should its digest be another one, take them away one by
// one to see which it was.
beforeAll(async () => {
  replay = await startReplay({
    day_dir: plantTonight(),
    as_processes: true,
    service_env: { HANDLER_DELAY_MAX_MS: '20' },
  });
  await replay.advanceTo('09:44');
  await killEachInMidDay(replay);
  report = await replay.finish();
}, 600_000);
afterAll(async () => {
  await replay?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

describe('the same day gives the same trades', () => {
  it('when every handler takes up to 20 ms longer at random', () => {
    expect(report.trades_digest).toBe(DIGEST);
  });

  it('when each service is killed with SIGKILL in mid-day, at work, and starts again', async () => {
    expect(new Set(killed)).toEqual(new Set(serviceNames));
    const restarts = replay.desk.fleet.processes().map(({ restarts: times }) => times);
    expect(restarts.filter((times) => times === 0)).toEqual([]);
    expect(report.reconciliation?.reconciled).toBe(true);
    expect(report.trades_digest).toBe(DIGEST);
    const ledger = await readLedger(replay);
    const clientIds = ledger
      .filter((row) => row.kind === 'order')
      .map((row) => (row.order as { client_order_id: string }).client_order_id);
    expect(new Set(clientIds).size).toBe(clientIds.length);
    expect(nakedMinutes(ledger)).toEqual([]);
  });

  it("when tonight's headline lies in the folder", async () => {
    expect(readFileSync(join(folder, 'planted', 'news.jsonl'), 'utf8')).toContain('Planted:');
    expect(report.trades_digest).toBe(DIGEST);
    expect(
      await replay.database.query("SELECT 1 FROM news_raw WHERE headline LIKE 'Planted:%'"),
    ).toEqual([]);
  });
});
