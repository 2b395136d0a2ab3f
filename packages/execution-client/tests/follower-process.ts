/** A client as a process of its own, to be killed: a line on standard input is a step. */
import { createInterface } from 'node:readline';
import { openHome } from '../src/home/client-home.ts';
import { follow } from './followed-day.ts';

const [folder, url] = process.argv.slice(2);
const follower = await follow(openHome(folder!), url!);
process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  const { signal_seq } = JSON.parse(line) as { signal_seq: number | null };
  await follower.step(signal_seq);
  process.stdout.write('done\n');
}
