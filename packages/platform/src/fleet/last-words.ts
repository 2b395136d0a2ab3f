/** Lines of a crashed Node that say where, not what. */
const WHERE = /^\s+at |^\s*\^+\s*$|^node:|^Node\.js v|^\s*throw |^\s*[{}]\s*$/;
const MOST = 5;

interface LogEntry {
  event?: unknown;
  reason?: unknown;
  error?: { message?: unknown };
}

/** A log line as a person reads it; null for what only helps to search. */
const tell = (line: string): string | null => {
  if (line.trim() === '' || WHERE.test(line)) return null;
  if (!line.startsWith('{')) return line;
  let entry: LogEntry;
  try {
    entry = JSON.parse(line) as LogEntry;
  } catch {
    return null; // cut off by the end of the process
  }
  const reason = entry.error?.message ?? entry.reason;
  if (typeof reason !== 'string') return typeof entry.event === 'string' ? entry.event : null;
  return entry.event === 'service_crashed' ? reason : `${String(entry.event)}: ${reason}`;
};

/** What a service said last, for a terminal: sentences, without JSON and without stacks. */
export const lastWords = (log: string): string =>
  log
    .split('\n')
    .map(tell)
    .filter((line) => line !== null)
    .slice(-MOST)
    .join('\n');
