import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { serviceNames } from '@catalyst/contracts';
import { later, newYorkTime } from '@catalyst/domain';
import { BUNDLED_DAY, nakedMinutes, readLedger, startReplay, type Replay } from '@catalyst/testkit';

const { trades_digest: DIGEST } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'bundled-day.json'), 'utf8'),
) as { trades_digest: string };
const TIMEOUT_MS = 300_000;
let replay: Replay | undefined;
const folders: string[] = [];

afterEach(async () => {
  await replay?.stop();
  replay = undefined;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}, 60_000);

describe('the same day gives the same trades', () => {
  it(
    'when every handler takes up to 20 ms longer at random',
    async () => {
      replay = await startReplay({
        day_dir: BUNDLED_DAY,
        service_env: { HANDLER_DELAY_MAX_MS: '20' },
      });
      expect((await replay.finish()).trades_digest).toBe(DIGEST);
    },
    TIMEOUT_MS,
  );

  it(
    'when each service is killed with SIGKILL in mid-day, at work, and starts again',
    async () => {
      replay = await startReplay({ day_dir: BUNDLED_DAY });
      const { desk, trade_date } = replay;
      await replay.advanceTo('09:44');
      let at = newYorkTime(trade_date, '09:44');
      for (const [index, name] of [
        ...serviceNames,
        'trading' as const,
        'workflow' as const,
      ].entries()) {
        at = later(at, 10 * 60_000);
        // the kill falls somewhere into the ten minutes that are being conducted
        const conducting = replay.workflow.advanceReplay({ body: { to: at } });
        await new Promise((resolve) => setTimeout(resolve, 40 + 37 * index));
        await desk.fleet.kill(name, 'SIGKILL');
        await desk.fleet.awaitReady(name);
        await conducting;
      }
      const report = await replay.finish();
      expect(report.reconciliation?.reconciled).toBe(true);
      expect(report.trades_digest).toBe(DIGEST);
      const ledger = await readLedger(replay);
      const clientIds = ledger
        .filter((row) => row.kind === 'order')
        .map((row) => (row.order as { client_order_id: string }).client_order_id);
      expect(new Set(clientIds).size).toBe(clientIds.length);
      expect(nakedMinutes(ledger)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    "when tonight's headline lies in the folder",
    async () => {
      const day_dir = join(mkdtempSync(join(tmpdir(), 'catalyst-day-')), 'planted');
      folders.push(join(day_dir, '..'));
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
      writeFileSync(
        join(day_dir, 'news.jsonl'),
        `${[...lines, JSON.stringify(planted)].join('\n')}\n`,
      );
      replay = await startReplay({ day_dir });
      const report = await replay.finish();
      expect(report.trades_digest).toBe(DIGEST);
      expect(
        await replay.database.query("SELECT 1 FROM news_raw WHERE headline LIKE 'Planted:%'"),
      ).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
