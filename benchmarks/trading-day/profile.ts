interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** Reads Prometheus' text format. */
export const readSamples = (text: string): Sample[] =>
  text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return [];
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
    return [
      {
        name,
        labels: Object.fromEntries(pairs.map(([, key, text]) => [key, text])) as Sample['labels'],
        value: Number(value),
      },
    ];
  });

export const sumOf = (
  samples: readonly Sample[],
  name: string,
  wanted: Record<string, string> = {},
): number =>
  samples
    .filter(
      (sample) =>
        sample.name === name &&
        Object.entries(wanted).every(([label, value]) => sample.labels[label]?.startsWith(value)),
    )
    .reduce((sum, { value }) => sum + value, 0);

export interface ProfileRow {
  service: string;
  what: string;
  count: number;
  seconds: number;
}

const rowsOf = (
  samples: readonly Sample[],
  histogram: string,
  what: (labels: Record<string, string>) => string,
): ProfileRow[] => {
  const rows = new Map<string, ProfileRow>();
  for (const { name, labels, value } of samples) {
    if (name !== `${histogram}_count` && name !== `${histogram}_sum`) continue;
    const service = labels.service ?? '';
    const key = `${service} ${what(labels)}`;
    const row = rows.get(key) ?? { service, what: what(labels), count: 0, seconds: 0 };
    if (name.endsWith('_count')) row.count += value;
    else row.seconds += value;
    rows.set(key, row);
  }
  return [...rows.values()].sort((left, right) => right.seconds - left.seconds);
};

/** Where the fleet's time went, by what its metrics say; the longest first. */
export const profileOf = (samples: readonly Sample[]) => ({
  requests: rowsOf(
    samples,
    'catalyst_http_request_seconds',
    ({ method, route }) => `${method} ${route}`,
  ),
  calls: rowsOf(samples, 'catalyst_outside_call_seconds', ({ target }) => `to ${target}`),
  statements: rowsOf(samples, 'catalyst_query_seconds', ({ statement }) => statement ?? ''),
  processor: samples
    .filter(({ name }) => name === 'process_cpu_seconds_total')
    .map(({ labels, value }) => ({
      service: labels.service ?? '',
      what: 'processor time',
      count: 1,
      seconds: value,
    }))
    .sort((left, right) => right.seconds - left.seconds),
});

const table = (title: string, rows: readonly ProfileRow[], most: number): string[] => {
  const total = rows.reduce(
    (sum, { count, seconds }) => ({ count: sum.count + count, seconds: sum.seconds + seconds }),
    { count: 0, seconds: 0 },
  );
  return [
    `| ${title} | | times | seconds | ms each |`,
    '| --- | --- | ---: | ---: | ---: |',
    ...rows
      .slice(0, most)
      .map(
        ({ service, what, count, seconds }) =>
          `| ${service} | ${what} | ${count} | ${seconds.toFixed(2)} | ${((seconds / count) * 1000).toFixed(1)} |`,
      ),
    `| all ${rows.length} | | ${total.count} | ${total.seconds.toFixed(2)} | |`,
    '',
  ];
};

/** The profile as Markdown tables. */
export const describeProfile = (profile: ReturnType<typeof profileOf>): string =>
  [
    ...table('requests answered', profile.requests, 20),
    ...table('calls made', profile.calls, 20),
    ...table('statements', profile.statements, 30),
    ...table('processes', profile.processor, 9),
  ].join('\n');
