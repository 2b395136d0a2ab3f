import { accessSync, constants, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { SMTPServer } from 'smtp-server';
import type { Ledger } from '../ledger.ts';

export interface CaughtMail {
  /** From 1, in order of arrival. */
  seq: number;
  /** The simulated instant. */
  at: string;
  from: string;
  to: string[];
  /** The header as sent, unfolded; encoded words are left encoded. */
  subject: string;
  size: number;
  /** The `.eml` file, or null where no folder was given. */
  path: string | null;
}

/** An SMTP server on the loopback that takes any message from anyone and delivers none. */
export interface MailCatcher {
  url: string;
  messages(): readonly CaughtMail[];
  source(seq: number): Buffer | undefined;
  close(): Promise<void>;
}

export interface MailCatcherOptions {
  /** Where messages are kept as `0001.eml`, `0002.eml` …; null keeps them in memory only. */
  mail_dir: string | null;
  ledger: Ledger;
  now(): number;
}

const MAX_BYTES = 25_000_000;
/**
 * Nothing is worth waiting for when the simulator stops: what a client has not finished is not
 * kept.
 */
const CLOSE_WITHIN_MS = 1;

/**
 * Makes a folder and what is missing above it; an error where it cannot be written. Node's own
 * `recursive` never comes back below /proc, where the parent exists and takes no folders.
 */
const makeFolder = (folder: string): void => {
  if (!existsSync(folder)) {
    makeFolder(dirname(folder));
    mkdirSync(folder);
  }
  accessSync(join(folder, '/'), constants.X_OK);
};

const subjectOf = (source: Buffer): string => {
  const headers = source.toString('utf8').split(/\r?\n\r?\n/, 1)[0] ?? '';
  return (
    /^subject:[ \t]*(.*(?:\r?\n[ \t].*)*)/im.exec(headers)?.[1]?.replace(/\r?\n[ \t]+/g, ' ') ?? ''
  );
};

export const startMailCatcher = async ({
  mail_dir: mailDir,
  ledger,
  now,
}: MailCatcherOptions): Promise<MailCatcher> => {
  const caught: CaughtMail[] = [];
  const sources: Buffer[] = [];
  if (mailDir !== null) {
    makeFolder(resolve(mailDir));
    accessSync(mailDir, constants.W_OK);
  }

  const keep = (source: Buffer, from: string, to: string[]): void => {
    const seq = caught.length + 1;
    const path = mailDir === null ? null : join(mailDir, `${String(seq).padStart(4, '0')}.eml`);
    if (path !== null) writeFileSync(path, source);
    const message: CaughtMail = {
      seq,
      at: new Date(now()).toISOString(),
      from,
      to,
      subject: subjectOf(source),
      size: source.length,
      path,
    };
    caught.push(message);
    sources.push(source);
    ledger.append('mail', now(), {
      mail_seq: seq,
      from,
      to,
      subject: message.subject,
      size: message.size,
      path,
    });
  };

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    size: MAX_BYTES,
    closeTimeout: CLOSE_WITHIN_MS,
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('error', (error) => done(error));
      stream.on('end', () => {
        if (stream.sizeExceeded)
          return done(
            Object.assign(new Error(`message is larger than ${MAX_BYTES} bytes`), {
              responseCode: 552,
            }),
          );
        const { mailFrom, rcptTo } = session.envelope;
        try {
          keep(
            Buffer.concat(chunks),
            mailFrom === false ? '' : mailFrom.address,
            rcptTo.map(({ address }) => address),
          );
        } catch (error) {
          return done(error as Error);
        }
        done();
      });
    },
  });
  // A client that drops its connection is its own affair.
  server.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    messages: () => caught,
    source: (seq) => sources[seq - 1],
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};
