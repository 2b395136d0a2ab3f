import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { identifyProcess, isSameProcess } from './process-identity.ts';

const file_name = /^(\d+)_(.+)_[0-9a-f-]{36}$/;

/**
 * Who uses a part that several processes share: one empty file per use, named after the process.
 * A process that was killed leaves its file behind, but no longer counts.
 */
export const partUsers = (folder: string) => ({
  /** Adds a use by process `pid`; the answer takes it back. */
  add: (pid: number = process.pid): (() => void) => {
    const identity = identifyProcess(pid);
    if (identity === null) throw new Error(`process ${pid} is gone and cannot use ${folder}`);
    mkdirSync(folder, { recursive: true });
    // A start may hold spaces where `ps` told it.
    const path = join(
      folder,
      `${pid}_${Buffer.from(identity.started).toString('base64url')}_${randomUUID()}`,
    );
    writeFileSync(path, '');
    return () => rmSync(path, { force: true });
  },
  /** Forgets the dead and counts the living. */
  countLiving: (): number => {
    let living = 0;
    for (const name of readdirSync(folder, { encoding: 'utf8' })) {
      const match = file_name.exec(name);
      if (match === null) continue;
      if (
        isSameProcess({
          pid: Number(match[1]),
          started: Buffer.from(match[2]!, 'base64url').toString(),
        })
      )
        living += 1;
      else rmSync(join(folder, name), { force: true });
    }
    return living;
  },
});
