import { connect } from 'node:net';
import { farOrder } from '../far-order.ts';

/**
 * A client in a process of its own, so that it does not take the server's core: orders over
 * keep-alive connections, on each of them one after the other. It speaks as much HTTP/1.1 as that
 * takes, so that little of what is measured is its own. Prints orders per second; an answer other
 * than 200 ends it.
 */
export interface ClientTask {
  url: string;
  headers: Record<string, string>;
  connections: number;
  count: number;
  /** How the client's own ids begin. */
  name: string;
  symbols: string[];
}

const { url, headers, connections, count, name, symbols } = JSON.parse(
  process.argv[2]!,
) as ClientTask;
const { hostname, port, pathname } = new URL(url);
const head = [
  `POST ${pathname} HTTP/1.1`,
  `host: ${hostname}:${port}`,
  'content-type: application/json',
  ...Object.entries(headers).map(([field, value]) => `${field}: ${value}`),
].join('\r\n');
const texts = Array.from({ length: count }, (_, index) => {
  const body = JSON.stringify(farOrder(symbols[index % symbols.length]!, `${name}-${index}`));
  return `${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
});

const END_OF_HEAD = '\r\n\r\n';
/** Whether an answer is there as a whole. */
const isComplete = (answer: string): boolean => {
  const end = answer.indexOf(END_OF_HEAD);
  if (end === -1) return false;
  const length = /\r\ncontent-length: (\d+)\r\n/i.exec(answer)?.[1];
  if (length === undefined) throw new Error(`an answer without its length: ${answer}`);
  return answer.length >= end + END_OF_HEAD.length + Number(length);
};

let next = 0;
const work = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let answer = '';
    const sendNext = (): void => {
      const text = texts[next];
      next += 1;
      if (text !== undefined) return void socket.write(text);
      socket.destroy();
      resolve();
    };
    socket.setNoDelay(true).on('error', reject).on('connect', sendNext);
    // Bytes, not characters, so that lengths agree.
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text;
      if (!isComplete(answer)) return;
      if (!answer.startsWith('HTTP/1.1 200 ')) throw new Error(`${url} answered ${answer}`);
      answer = '';
      sendNext();
    });
  });

const startedAt = performance.now();
await Promise.all(Array.from({ length: connections }, work));
process.stdout.write(`${(count / (performance.now() - startedAt)) * 1000}\n`);
