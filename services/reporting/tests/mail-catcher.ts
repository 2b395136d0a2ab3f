import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export interface MailCatcher {
  url: string;
  port: number;
  mails: Email[];
  /** While true, what arrives is refused with 451: come again later. */
  setBusy(busy: boolean): void;
  /** Does something when a mail is there and its sender has no answer yet. */
  onMail(work: () => void): void;
  close(): Promise<void>;
}

/** A real SMTP server that keeps what it takes. */
export const startMailCatcher = async (port = 0): Promise<MailCatcher> => {
  const mails: Email[] = [];
  let busy = false;
  let onMail: () => void = () => {};
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (busy)
          return callback(Object.assign(new Error('come again later'), { responseCode: 451 }));
        void PostalMime.parse(Buffer.concat(chunks)).then((mail) => {
          mails.push(mail);
          onMail();
          callback();
        }, callback);
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  const bound = (server.server.address() as AddressInfo).port;
  return {
    url: `smtp://127.0.0.1:${bound}`,
    port: bound,
    mails,
    setBusy: (value) => {
      busy = value;
    },
    onMail: (work) => {
      onMail = work;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};
