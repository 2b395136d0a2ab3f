import type { StoryKind } from './story-kind.ts';

/** Good news of the kind that moves a stock. */
export const strongStories: readonly StoryKind[] = [
  {
    kind: 'earnings',
    sectors: null,
    headlines: [
      '{name} beats {quarter} earnings estimates, raises full-year guidance',
      '{name} posts record {quarter} profit, lifts {next_year} outlook above consensus',
      '{name} {quarter} EPS ${eps} beats ${eps_estimate} estimate; raises full-year guidance',
      '{name} tops Wall Street estimates on strong demand and boosts annual forecast',
      '{name} crushes {quarter} expectations as revenue surges {growth}%, raises guidance',
      '{name} earnings beat estimates, record revenue of ${revenue} million; outlook raised',
      'Strong {quarter} for {name}: profit jumps {growth}%, full-year guidance raised',
      '{name} delivers blowout {quarter} results, raises profit forecast for {next_year}',
    ],
    summaries: [
      'Adjusted earnings were ${eps} per share, beating the consensus estimate of ${eps_estimate}. Revenue rose {growth}% to a record ${revenue} million, and the company raised its full-year guidance.',
      '{name} beat earnings and revenue estimates for the {quarter}, reported record margins and raised its full-year outlook above analyst expectations.',
      'Revenue surged {growth}% to ${revenue} million, exceeding estimates. Management raised full-year earnings guidance to ${guide_low} to ${guide_high} per share, above consensus.',
      'Strong demand lifted {quarter} profit well above expectations; {name} raised its forecast and reported record bookings.',
    ],
    bodies: [
      '{name} ({exchange}: {symbol}) reported adjusted earnings of ${eps} per share for the {quarter}, beating the analyst estimate of ${eps_estimate}. Revenue grew {growth}% to a record ${revenue} million. The company raised its full-year guidance to between ${guide_low} and ${guide_high} per share. "Demand was strong across every business and margins improved again," said Chief Executive {person}.',
      'Shares of {name} ({exchange}: {symbol}) gained after the company topped estimates for the {quarter}. Earnings of ${eps} a share compared with expectations of ${eps_estimate}, and revenue of ${revenue} million was up {growth}% from a year earlier. {person}, chief financial officer, raised the full-year outlook and pointed to record backlog.',
      '{name} ({exchange}: {symbol}) said {quarter} revenue climbed {growth}% to ${revenue} million and earnings beat expectations. It now expects ${guide_low} to ${guide_high} per share this year, up from its earlier guidance and above consensus. Operating margin reached the highest level in the history of the company.',
    ],
  },
  {
    kind: 'guidance',
    sectors: null,
    headlines: [
      '{name} raises {next_year} guidance well above estimates on strong orders',
      '{name} boosts full-year profit outlook, sees record {next_year} revenue',
      '{name} hikes annual earnings forecast to ${guide_low}-${guide_high} a share, beats consensus',
      '{name} lifts guidance for second time this year as demand accelerates',
      '{name} pre-announces strong quarter, raises revenue guidance by {growth}%',
    ],
    summaries: [
      'The company raised its full-year earnings guidance to ${guide_low} to ${guide_high} per share, above the consensus estimate, citing strong orders and record backlog.',
      '{name} lifted its outlook for {next_year}, now expecting revenue growth of {growth}% or better, well above analyst expectations, on accelerating demand.',
      'Preliminary results beat estimates and guidance was raised; management sees record revenue and higher margins for the full year.',
    ],
    bodies: [
      '{name} ({exchange}: {symbol}) raised its outlook before the market opened. It now sees full-year earnings of ${guide_low} to ${guide_high} per share, above the average analyst estimate. "Orders accelerated through the quarter and we enter the year with a record backlog," {person} said on a call with investors.',
      'Citing strong demand, {name} ({exchange}: {symbol}) increased its full-year revenue guidance and said growth will exceed {growth}%. The raised forecast beats every published estimate. Free cash flow should improve as well.',
    ],
  },
  {
    kind: 'contract',
    sectors: [
      'Information Technology',
      'Industrials',
      'Communication Services',
      'Energy',
      'Utilities',
      'Materials',
      'Real Estate',
    ],
    headlines: [
      '{name} wins ${contract} billion contract from {customer}',
      '{name} awarded ${contract} billion, {years}-year agreement, its largest ever',
      '{name} secures record ${contract} billion order from {customer}, raises backlog outlook',
      '{name} lands ${contract} billion supply deal with {customer}; sees strong growth',
      '{customer} selects {name} for ${contract} billion program; company raises guidance',
      '{name} signs landmark ${contract} billion partnership with {customer}',
    ],
    summaries: [
      'The {years}-year contract is worth ${contract} billion and is the largest win in company history. Management expects strong revenue growth and raised its outlook.',
      '{name} won a ${contract} billion award from {customer}, a record order that boosts its backlog and is expected to be accretive to earnings this year.',
      'The award, worth ${contract} billion over {years} years, exceeds expectations and strengthens the growth outlook, the company said as it raised revenue guidance.',
    ],
    bodies: [
      "{name} ({exchange}: {symbol}) has won a {years}-year contract worth ${contract} billion from {customer}. The award is the largest in the company's history and lifts its backlog to a record. {person}, chief executive, said the win will be accretive to earnings from the first year and that the company has raised its revenue outlook.",
      '{customer} has awarded {name} ({exchange}: {symbol}) a ${contract} billion agreement that runs for {years} years. Deliveries begin next quarter. The company expects strong growth and higher margins from the program.',
    ],
  },
  {
    kind: 'fda',
    sectors: ['Health Care'],
    headlines: [
      "FDA approves {name}'s {drug} for {disease}",
      '{name} wins FDA approval for {drug}, first treatment of its kind for {disease}',
      '{name} receives FDA approval for {drug} ahead of schedule; launch set for next month',
      'FDA grants full approval to {name} treatment {drug} with broad label',
    ],
    summaries: [
      'The FDA approved {drug} for {disease}, a breakthrough for patients and a market worth ${contract} billion. {name} expects a strong launch next month.',
      '{name} won approval for {drug} with a broad label, ahead of the expected date. Analysts see peak sales above ${contract} billion and strong growth.',
    ],
    bodies: [
      'The U.S. Food and Drug Administration has approved {drug}, made by {name} ({exchange}: {symbol}), for adults with {disease}. The approval came ahead of schedule and with a broad label. {person}, chief medical officer, called it a breakthrough. The company expects to launch next month and sees a market of ${contract} billion.',
    ],
  },
  {
    kind: 'trial',
    sectors: ['Health Care'],
    headlines: [
      "{name}'s {drug} meets primary endpoint in Phase 3 trial for {disease}",
      '{name} soars as {drug} shows {growth}% improvement in late-stage {disease} study',
      'Positive Phase 3 results: {name} says {drug} significantly improved {disease} outcomes',
      '{name} reports strong Phase 3 success for {drug}, plans FDA filing this year',
    ],
    summaries: [
      'The Phase 3 trial met its primary endpoint with high statistical significance: {drug} improved outcomes by {growth}% in {disease}. {name} plans to file for FDA approval this year.',
      '{name} announced positive late-stage results for {drug}, which met all primary and secondary endpoints with a favorable profile. A filing for approval follows this year.',
    ],
    bodies: [
      '{name} ({exchange}: {symbol}) said its Phase 3 study of {drug} in {disease} met the primary endpoint and every key secondary endpoint. Patients improved by {growth}% compared with standard care, a highly significant benefit. {person} said the company will file for approval this year.',
    ],
  },
  {
    kind: 'growth',
    sectors: [
      'Consumer Discretionary',
      'Consumer Staples',
      'Financials',
      'Real Estate',
      'Communication Services',
    ],
    headlines: [
      '{name} beats estimates with record same-store growth, raises dividend and guidance',
      '{name} reports record quarter, authorizes ${buyback} million buyback and raises outlook',
      '{name} profit surges {growth}%, beats estimates; board approves ${buyback} million buyback',
      '{name} posts strongest growth in a decade, raises full-year forecast',
      'Record bookings lift {name}: {quarter} beat, outlook raised, ${buyback} million repurchase',
    ],
    summaries: [
      'Profit surged {growth}% and beat estimates. {name} raised its full-year guidance, increased its dividend and authorized a ${buyback} million share buyback.',
      'Record {quarter} results exceeded expectations; the company raised its outlook and announced a ${buyback} million repurchase program.',
    ],
    bodies: [
      '{name} ({exchange}: {symbol}) reported its strongest growth in ten years. Earnings of ${eps} per share beat the ${eps_estimate} estimate and revenue rose {growth}% to a record ${revenue} million. The board approved a ${buyback} million buyback, and {person} raised full-year guidance.',
      'Record demand pushed {name} ({exchange}: {symbol}) past expectations for the {quarter}. The company raised its forecast, lifted the dividend and will repurchase up to ${buyback} million of stock. Management sees strong momentum for the rest of the year.',
    ],
  },
];

/** To be bought at a premium: the price jumps to the offer and stays. */
export const takeoverStories: readonly StoryKind[] = [
  {
    kind: 'takeover',
    sectors: null,
    headlines: [
      '{name} to be acquired by {buyer} for ${offer} per share in cash, a {premium}% premium',
      '{buyer} to acquire {name} in all-cash deal at {premium}% premium',
      '{name} agrees to ${offer}-a-share cash buyout by {buyer}; board unanimously approves',
    ],
    summaries: [
      '{name} will be acquired for ${offer} per share in cash, a premium of {premium}% to the last close. The board unanimously approved the agreement and strongly recommends it.',
    ],
    bodies: [
      '{buyer} has agreed to acquire {name} ({exchange}: {symbol}) for ${offer} per share in cash, a premium of {premium}% over the last closing price. Both boards unanimously approved the merger, which is expected to close in the second half of the year. {person} called it an excellent outcome that delivers immediate value to shareholders.',
    ],
  },
];

/** A second piece of good news in the middle of the session. */
export const followUpStories: readonly StoryKind[] = [
  {
    kind: 'follow_up',
    sectors: null,
    headlines: [
      '{name} wins additional ${contract} billion award from {customer}, raises full-year outlook again',
      '{name} jumps as {customer} expands agreement to ${contract} billion; guidance raised',
      '{firm} upgrades {name} to Buy after raised guidance, lifts target to ${target} on strong growth',
    ],
    summaries: [
      '{name} said it expects record results after the new agreement with {customer} worth ${contract} billion, and raised its outlook above consensus.',
    ],
    bodies: [
      '{name} ({exchange}: {symbol}) rose on heavy volume after new business with {customer} worth ${contract} billion. {person} raised the outlook for the year and said demand exceeds every expectation.',
    ],
  },
];
