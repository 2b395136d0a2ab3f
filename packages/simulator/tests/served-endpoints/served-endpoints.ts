import type { Endpoint } from './endpoint.ts';
import { dataServed, dataUnserved } from './market-data-api.ts';
import { tradingServed, tradingUnserved } from './trading-api.ts';

/** Every operation of the trading and the market data specification. */
export const servedEndpoints: readonly Endpoint[] = [
  ...tradingServed,
  ...dataServed,
  ...tradingUnserved,
  ...dataUnserved,
];

/** The table as the README shows it. */
export const endpointTable = (): string => {
  const served = Map.groupBy(
    servedEndpoints.filter(({ why }) => why === null),
    ({ path }) => path,
  );
  const lines = [...served].map(
    ([path, operations]) =>
      `| ${operations.map(({ method }) => method.toUpperCase()).join(', ')} | \`${path}\` | ${operations[0]!.note} |`,
  );
  const refused = Map.groupBy(
    servedEndpoints.filter(({ why }) => why !== null),
    ({ why }) => why as string,
  );
  const reasons = [...refused].map(
    ([why, operations]) =>
      `| ${why} | ${[...new Set(operations.map(({ path }) => `\`${path}\``))].join(', ')} |`,
  );
  return [
    '| served | path | |',
    '| --- | --- | --- |',
    ...lines,
    '',
    '| not served, 404 | paths |',
    '| --- | --- |',
    ...reasons,
  ].join('\n');
};
