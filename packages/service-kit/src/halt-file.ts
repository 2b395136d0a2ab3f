import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Begins the line until when `flatten --direct` closes at the broker by itself. */
const DIRECT_UNTIL = 'direct_until ';
/** A line that says more than this was not renewed, and keeps nobody from protecting shares. */
const LONGEST_DIRECT_MS = 30_000;

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
            .split('\n')
            .filter((line) => !line.startsWith(DIRECT_UNTIL))
            .join('\n')
            .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ')
            .trim()
            .slice(0, 500) || 'halt file present'
        );
      } catch {
        return 'halt file present but not readable';
      }
    },
    write: (reason: string): void => writeFileSync(path, `${reason}\n`, { mode: 0o644 }),
    /**
     * The same, and that for `ms` of the wall from now on somebody closes at the broker without the
     * desk, which keeps out of it until then. Whoever does it goes on saying so.
     */
    writeDirect: (reason: string, ms: number): void => {
      const until = new Date(Date.now() + ms).toISOString();
      const draft = `${path}.new`;
      writeFileSync(draft, `${reason}\n${DIRECT_UNTIL}${until}\n`, { mode: 0o644 });
      renameSync(draft, path);
    },
    /** True while somebody closes at the broker without the desk. */
    isDirect: (): boolean => {
      try {
        const line = readFileSync(path, 'utf8')
          .slice(0, 2_000)
          .split('\n')
          .find((one) => one.startsWith(DIRECT_UNTIL));
        const until = Date.parse(line?.slice(DIRECT_UNTIL.length) ?? '');
        return until > Date.now() && until < Date.now() + LONGEST_DIRECT_MS;
      } catch {
        return false;
      }
    },
    remove: (): void => rmSync(path, { force: true }),
  };
};
export type HaltFile = ReturnType<typeof createHaltFile>;
