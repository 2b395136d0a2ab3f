import type { StoryKind } from './story-kind.ts';

/**
 * News that means nothing for the price: repeated opinions, appointments in the calendar,
 * housekeeping.
 */
export const noiseStories: readonly StoryKind[] = [
  {
    kind: 'reiteration',
    sectors: null,
    headlines: [
      '{firm} reiterates Hold on {name}, keeps ${target} target',
      '{name} maintained at Neutral by {firm} ahead of investor meeting',
      '{firm} adjusts {name} price target to ${target} from ${target_before}, maintains Market Perform',
      'Analyst note: {firm} keeps Equal Weight rating on {name}',
      '{firm} resumes coverage of {name} at Sector Perform',
    ],
    summaries: [
      '{analyst} of {firm} left the rating on {name} unchanged with a target of ${target}.',
      'The firm sees shares of {name} as fairly valued after recent meetings with management and leaves its estimates unchanged.',
    ],
    bodies: [
      '{analyst} of {firm} kept an unchanged rating on {name} ({exchange}: {symbol}) with a price target of ${target}. The analyst left estimates for the year as they were and considers the valuation fair.',
    ],
  },
  {
    kind: 'conference',
    sectors: null,
    headlines: [
      '{name} to present at {event}',
      '{name} management to attend {event} in {city}',
      '{name} announces participation in {event}; webcast available',
      '{name} to host fireside chat at {event} next week',
      '{person} of {name} to speak at {event}',
    ],
    summaries: [
      '{person} of {name} will speak at {event} in {city}. A webcast will be available on the investor relations site.',
      'A replay of the session will be archived for 90 days.',
    ],
    bodies: [
      "{name} ({exchange}: {symbol}) said that {person} will take part in {event} in {city}. Interested parties may listen to a live webcast on the company's website. A replay will be available for 90 days.",
    ],
  },
  {
    kind: 'housekeeping',
    sectors: null,
    headlines: [
      '{name} sets date for {quarter} conference call',
      '{name} schedules annual meeting of shareholders',
      '{name} files annual report on Form 10-K',
      '{name} publishes sustainability report',
      '{name} declares regular quarterly dividend',
      '{name} opens regional office in {city}',
      '{name} completes previously announced refinancing of credit facility',
      '{name} changes transfer agent',
    ],
    summaries: [
      '{name} published the date and the details on its website.',
      "The announcement has no effect on the company's outlook, a spokesperson said.",
      'Details are available in the filing.',
    ],
    bodies: [
      '{name} ({exchange}: {symbol}) made a routine announcement from its offices in {city}. The company did not comment on current trading, and its published expectations are unchanged.',
    ],
  },
  {
    kind: 'people',
    sectors: null,
    headlines: [
      '{name} appoints {person} to its advisory council',
      '{name} names {person} head of regional operations',
      '{person} joins board of {name}',
      'Director of {name} files routine Form 4 under trading plan',
    ],
    summaries: [
      '{person} joins {name} from a similar position in the industry.',
      'The change takes effect at the start of next month.',
    ],
    bodies: [
      '{name} ({exchange}: {symbol}) announced that {person} takes up the position next month. The company thanked the predecessor, who retires as planned.',
    ],
  },
  {
    kind: 'market_color',
    sectors: null,
    headlines: [
      'What traders are watching: {name} and others before the bell',
      '{name} options volume in line with average',
      '{name} among stocks on the move in thin trading',
      'A look at {name}: valuation against peers',
      '{name} short interest little changed in latest report',
      'Five charts: {name} and the {sector} sector',
    ],
    summaries: [
      '{name} trades near the middle of its range of the last months; volume is near its average.',
      'No news accounts for the move, and analysts leave their views unchanged.',
    ],
    bodies: [
      '{name} ({exchange}: {symbol}) trades close to its average of the last 50 sessions. Its valuation is in line with peers in the {sector} sector. There is no scheduled event this week.',
    ],
  },
  {
    kind: 'mixed',
    sectors: null,
    headlines: [
      '{name} {quarter} results mixed: earnings in line, revenue slightly below estimates',
      '{name} affirms guidance as higher costs offset volume gains',
      '{name} sees flat {next_year} as price increases offset lower volumes',
      '{name} reports in-line quarter, keeps outlook unchanged',
    ],
    summaries: [
      'Earnings of ${eps_estimate} per share met the consensus while revenue of ${revenue} million was slightly below it. The outlook is unchanged.',
      'Better margins offset weaker volumes; {name} affirmed its outlook.',
    ],
    bodies: [
      '{name} ({exchange}: {symbol}) reported earnings of ${eps_estimate} per share for the {quarter}, in line with estimates, on revenue of ${revenue} million. It affirmed its guidance. {person} described conditions as stable but uneven.',
    ],
  },
  {
    kind: 'product_note',
    sectors: null,
    headlines: [
      '{name} updates product lineup for the season',
      '{name} expands pilot program with {customer}',
      '{name} renews existing supply agreement with {customer} on similar terms',
      '{name} completes planned maintenance at {city} site',
    ],
    summaries: [
      'The terms are similar to those of the earlier agreement, and {name} left its outlook as it was.',
      '{name} expects no material effect on results.',
    ],
    bodies: [
      '{name} ({exchange}: {symbol}) said the change is part of its normal business and does not alter its expectations for the year. The site in {city} continues to operate as planned.',
    ],
  },
];

/** Told after the fact, during the session. */
export const recapStories: readonly StoryKind[] = [
  {
    kind: 'recap',
    sectors: null,
    headlines: [
      'Midday movers: {name} trades on above-average volume',
      '{name} shares active as traders weigh morning headlines',
      'Why {name} is on the watch list today',
      '{sector} stocks in focus, {name} among them',
    ],
    summaries: [
      'Shares of {name} were active this session. No further announcement has been made.',
    ],
    bodies: [
      '{name} ({exchange}: {symbol}) was among the more active stocks of the session. The company made no further announcement.',
    ],
  },
];
