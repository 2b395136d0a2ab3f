import { createHash } from 'node:crypto';
import { chownSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The user a server runs as: ourselves, or, as root (whom PostgreSQL refuses), nobody. */
export type ServerUser = { uid?: number; gid?: number };

const nobody = 65534;

export const serverUser = (): ServerUser =>
  process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};

const mayPass = (folder: string): boolean => {
  const { mode, uid } = statSync(folder);
  return uid === nobody ? (mode & 0o100) !== 0 : (mode & 0o001) !== 0;
};

const isReachable = (folder: string): boolean =>
  mayPass(folder) && (dirname(folder) === folder || isReachable(dirname(folder)));

/**
 * The folder for the server's own files: below `data_dir`, or, where root's folders hide that from
 * the server's user (a checkout in /root), one in /var/lib that belongs to this `data_dir` alone.
 */
export const clusterFolder = (data_dir: string, user: ServerUser): string => {
  if (user.uid === undefined || isReachable(data_dir)) return join(data_dir, 'data');
  return join(
    '/var/lib/catalyst',
    `postgres-${createHash('sha256').update(data_dir).digest('hex').slice(0, 16)}`,
  );
};

/** Makes a folder that only the server's user can read. */
export const makePrivateFolder = (folder: string, { uid, gid }: ServerUser): void => {
  mkdirSync(dirname(folder), { recursive: true, mode: 0o755 });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
};
