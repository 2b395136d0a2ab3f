import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The latch that works when the database does not: while the file is there, nothing new is entered.
 * Anyone on the machine may make it.
 */
export const createHaltFile = (home: string) => {
  const folder = join(home, 'state');
  const path = join(folder, 'halt');
  mkdirSync(folder, { recursive: true });
  return {
    path,
    /** Why the desk is halted, or null. A file that cannot be read halts too. */
    read: (): string | null => {
      if (!existsSync(path)) return null;
      try {
        // written by hand: one line of it, without what a terminal would obey
        return (
          readFileSync(path, 'utf8')
            .slice(0, 1_000)
            .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ')
            .trim()
            .slice(0, 500) || 'halt file present'
        );
      } catch {
        return 'halt file present but not readable';
      }
    },
    write: (reason: string): void => writeFileSync(path, `${reason}\n`, { mode: 0o644 }),
    remove: (): void => rmSync(path, { force: true }),
  };
};
export type HaltFile = ReturnType<typeof createHaltFile>;
