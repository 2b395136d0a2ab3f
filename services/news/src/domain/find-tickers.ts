export interface Company {
  symbol: string;
  name: string;
}

/** How a symbol was found, the surest first. */
export const tickerEvidence = ['vendor', 'exchange_tag', 'cashtag', 'company_name'] as const;
export type TickerEvidence = (typeof tickerEvidence)[number];

export interface FoundTicker {
  symbol: string;
  found_by: TickerEvidence;
  in_headline: boolean;
}

export interface TickerText {
  headline: string;
  summary?: string;
  vendor_symbols?: readonly string[];
}

const SYMBOL = '[A-Z]{1,5}(?:[.-][A-Z]{1,2})?';
const EXCHANGE_TAG = new RegExp(
  `\\(\\s*(?:NASDAQ|Nasdaq|NasdaqG[SM]|NasdaqCM|NYSE|NYSE American|NYSE Arca|NYSEAMERICAN|AMEX|BATS|CBOE)\\s*:\\s*(${SYMBOL})(?![A-Za-z])`,
  'g',
);
const CASHTAG = new RegExp(`(?<![A-Za-z0-9$])\\$(${SYMBOL})(?![A-Za-z0-9])`, 'g');
/** Legal forms and fillers that a headline leaves out. */
const SUFFIX =
  /[\s,]+(?:incorporated|inc|corporation|corp|company|co|limited|ltd|plc|llc|l\.?p|n\.?v|s\.?a|ag|se|holdings?|group|the|common stock|class [a-c]|adr|trust|technologies|international|enterprises)\.?$/i;
const MIN_NAME_LENGTH = 4;

const plain = (text: string): string =>
  text.normalize('NFKC').replace(/[’`]/g, "'").replace(/\s+/g, ' ');
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The name as a headline says it: "Ridgeline Biosciences, Inc." -> "Ridgeline Biosciences". */
export const shortCompanyName = (name: string): string => {
  let short = plain(name).trim();
  for (;;) {
    const next = short.replace(SUFFIX, '').trim();
    if (next === short || next === '') return short;
    short = next;
  }
};

/**
 * A finder of the symbols that a story is about, among the companies we know. Vendor symbols and
 * exchange tags are taken at their word if the symbol is known; company names have to be written as
 * names (capitals as in the list), whole, and at least four letters long.
 */
export const createTickerFinder = (
  companies: readonly Company[],
): ((text: TickerText) => FoundTicker[]) => {
  const known = new Set(companies.map((company) => company.symbol));
  const bySymbolOrder = companies.toSorted((left, right) => (left.symbol < right.symbol ? -1 : 1));
  const symbolsByName = new Map<string, string>();
  for (const company of bySymbolOrder) {
    for (const name of [plain(company.name).trim(), shortCompanyName(company.name)]) {
      if (name.length >= MIN_NAME_LENGTH && !symbolsByName.has(name))
        symbolsByName.set(name, company.symbol);
    }
  }
  // Longest first, so that "Delta Air Lines" is not read as "Delta".
  const names = [...symbolsByName.keys()].sort(
    (left, right) => right.length - left.length || (left < right ? -1 : 1),
  );
  const pattern =
    names.length === 0
      ? null
      : new RegExp(`(?<![A-Za-z0-9])(?:${names.map(escaped).join('|')})(?![A-Za-z0-9])`, 'g');

  const scan = (text: string): Omit<FoundTicker, 'in_headline'>[] => {
    const tagged = [...text.matchAll(EXCHANGE_TAG)].map((match) => ({
      symbol: match[1]!.replace('-', '.'),
      found_by: 'exchange_tag' as const,
    }));
    const cash = [...text.matchAll(CASHTAG)].map((match) => ({
      symbol: match[1]!.replace('-', '.'),
      found_by: 'cashtag' as const,
    }));
    const named =
      pattern === null
        ? []
        : [...text.matchAll(pattern)].map((match) => ({
            symbol: symbolsByName.get(match[0])!,
            found_by: 'company_name' as const,
          }));
    return [...tagged, ...cash, ...named];
  };

  return ({ headline, summary = '', vendor_symbols = [] }) => {
    const found = new Map<string, FoundTicker>();
    const inHeadline = scan(plain(headline));
    const headlineSymbols = new Set(inHeadline.map((item) => item.symbol));
    const all = [
      ...vendor_symbols.map((symbol) => ({
        symbol: symbol.toUpperCase(),
        found_by: 'vendor' as const,
      })),
      ...inHeadline,
      ...scan(plain(summary)),
    ];
    for (const rank of tickerEvidence) {
      for (const item of all) {
        if (item.found_by !== rank || found.has(item.symbol) || !known.has(item.symbol)) continue;
        found.set(item.symbol, { ...item, in_headline: headlineSymbols.has(item.symbol) });
      }
    }
    return [...found.values()].sort(
      (left, right) =>
        Number(right.in_headline) - Number(left.in_headline) ||
        tickerEvidence.indexOf(left.found_by) - tickerEvidence.indexOf(right.found_by) ||
        (left.symbol < right.symbol ? -1 : 1),
    );
  };
};
