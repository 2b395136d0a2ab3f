import { setTimeout as pause } from 'node:timers/promises';
import { createHaltFile } from '@catalyst/service-kit';
import type { Scene } from './scene.ts';
import { finish, hold, lastSeq } from './settle.ts';

const KEPT_OUT_MS = 10_000;
const SEEN_WITHIN_MS = 1500;
const FLAT_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 100;

/** What `flatten --direct` does, beside a trading service that lives and would protect the shares. */
export const flattenDirect: Scene = {
  name: 'flatten_direct_beside_trading',
  says: 'a person closes everything at the broker alone, beside a desk that lives',
  run: async (desk) => {
    const faults: string[] = [];
    const seq = await lastSeq(desk);
    const symbols = [await hold(desk), await hold(desk)];
    const hit_at = desk.now();
    const { url, accounts } = desk.desk.simulator!;
    const { key_id, secret_key } = accounts[0]!;
    const haltFile = createHaltFile(desk.desk.home);
    haltFile.writeDirect('flattened at the broker by drill', KEPT_OUT_MS);
    await pause(SEEN_WITHIN_MS); // trading looks at the file each second
    await fetch(`${url}/v2/positions?cancel_orders=true`, {
      method: 'DELETE',
      headers: { 'APCA-API-KEY-ID': key_id, 'APCA-API-SECRET-KEY': secret_key },
    });
    const begun = performance.now();
    while ((await desk.view()).positions.size > 0 && performance.now() - begun < FLAT_WITHIN_MS)
      await pause(LOOK_EVERY_MS);
    if ((await desk.view()).positions.size > 0)
      faults.push(`not flat ${FLAT_WITHIN_MS / 1000} s after the broker's own close`);
    haltFile.write('flattened at the broker by drill');
    // what the person's own act took away is not the desk's: it reconciles once it is left to
    const result = await finish(
      desk,
      flattenDirect,
      { seq, symbols, hit_at },
      [{ from: hit_at, to: desk.now() }],
      faults,
    );
    await desk.resume();
    return result;
  },
};
