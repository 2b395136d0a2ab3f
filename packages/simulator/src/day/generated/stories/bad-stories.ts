import type { StoryKind } from './story-kind.ts';

export const offeringStories: readonly StoryKind[] = [
  {
    kind: 'offering',
    sectors: null,
    headlines: [
      '{name} prices ${proceeds} million secondary offering of common stock at ${offer_price}, a {discount}% discount',
    ],
    summaries: [
      '{name} priced an underwritten public offering of {shares} million shares at ${offer_price}, {discount}% below the last close. The dilution is expected to reduce earnings per share this year.',
    ],
    bodies: [
      '{name} ({exchange}: {symbol}) priced a secondary offering of {shares} million shares of common stock at ${offer_price} each, a discount of {discount}% to the last close, for gross proceeds of ${proceeds} million. {firm} acts as sole book-running manager. Shares fell in extended trading on concerns about dilution.',
    ],
  },
];

/** News that sinks a stock. */
export const badStories: readonly StoryKind[] = [
  {
    kind: 'miss',
    sectors: null,
    headlines: [
      '{name} misses {quarter} estimates, cuts full-year guidance',
      '{name} slashes {next_year} outlook as demand weakens, posts {quarter} loss',
      '{name} warns on profit: {quarter} EPS ${eps_estimate} to fall short of estimates',
      '{name} revenue declines {growth}%, misses expectations; shares tumble',
      '{name} cuts annual forecast for second time, cites weak orders and higher costs',
    ],
    summaries: [
      '{name} missed earnings estimates, reported a decline in revenue and cut its full-year guidance, citing weak demand and rising costs.',
      'The company lowered its outlook well below consensus after a disappointing {quarter}; margins fell and orders weakened.',
    ],
    bodies: [
      '{name} ({exchange}: {symbol}) reported disappointing {quarter} results. Revenue fell {growth}% and earnings missed the ${eps} consensus. The company cut its guidance for the year and warned that demand remains weak. "The environment deteriorated faster than we expected," {person} said.',
      'Shares of {name} ({exchange}: {symbol}) dropped after it lowered its full-year outlook below expectations. {person} blamed weak orders, higher costs and delays at two large customers.',
    ],
  },
  {
    kind: 'rejection',
    sectors: ['Health Care'],
    headlines: [
      "FDA rejects {name}'s {drug}, issues complete response letter",
      '{name} halts {drug} trial after study fails primary endpoint in {disease}',
    ],
    summaries: [
      '{name} received a setback for {drug} in {disease}: the application will not be approved in its present form, and the company expects a delay of at least a year.',
    ],
    bodies: [
      '{name} ({exchange}: {symbol}) suffered a setback with {drug}, its treatment for {disease}. The agency cited deficiencies in the data; a new study will be needed. {person} said the company is disappointed and will cut spending.',
    ],
  },
  {
    kind: 'legal',
    sectors: null,
    headlines: [
      '{name} faces regulatory investigation over accounting, shares fall',
      '{name} hit with ${proceeds} million lawsuit over product defects',
      '{name} discloses subpoena and delays annual report, auditor raises concerns',
    ],
    summaries: [
      '{name} disclosed an investigation into its accounting and warned that it may have to restate results. Analysts see significant risk.',
    ],
    bodies: [
      '{name} ({exchange}: {symbol}) disclosed that it is the subject of an investigation and that litigation could cost ${proceeds} million or more. The company delayed its filing. Shares fell sharply on the news.',
    ],
  },
  {
    kind: 'downgrade',
    sectors: null,
    headlines: [
      '{firm} downgrades {name} to Sell, slashes target to ${target} on weak outlook',
      '{name} cut to Underperform at {firm}, which sees declining margins',
      '{name} loses largest customer; {firm} downgrades stock to Sell',
    ],
    summaries: [
      '{firm} downgraded {name} to Sell with a target of ${target}, citing weak demand, declining margins and downside risk to estimates.',
    ],
    bodies: [
      '{analyst} of {firm} downgraded {name} ({exchange}: {symbol}) and cut the price target to ${target}. The analyst sees weak demand, falling margins and further downside to consensus estimates.',
    ],
  },
  {
    kind: 'departure',
    sectors: null,
    headlines: [
      '{name} chief financial officer resigns abruptly amid accounting review',
      '{name} CEO steps down unexpectedly; company withdraws guidance',
    ],
    summaries: [
      'The sudden departure raised concerns among analysts; {name} withdrew its guidance and started a search for a successor.',
    ],
    bodies: [
      '{person} has resigned from {name} ({exchange}: {symbol}) with immediate effect. The company withdrew its guidance for the year and gave no reason. Analysts at {firm} called the departure a negative surprise.',
    ],
  },
];
