import type { DailyReport, Trade } from '@catalyst/contracts';
import { compare } from '@catalyst/domain';
import { escapeHtml } from './escape-html.ts';
import { COLOR, FONT, STYLE_SHEET } from './mail-style.ts';
import { keyFigures, reconciliationLines } from './render-text.ts';
import {
  clock,
  exitWords,
  feeWords,
  metricWords,
  modeWords,
  percent,
  price,
  rWords,
  signedUsd,
  usd,
} from './wording.ts';

type Content = Omit<DailyReport, 'mail'>;

const tone = (amount: string): 'gain' | 'loss' | 'neutral' =>
  compare(amount, 0) > 0 ? 'gain' : compare(amount, 0) < 0 ? 'loss' : 'neutral';
const colored = (amount: string, words: string): string =>
  `<span class="${tone(amount) === 'neutral' ? 'soft' : tone(amount)}" style="color:${COLOR[tone(amount)]};font-weight:600">${escapeHtml(words)}</span>`;
const soft = (html: string): string =>
  `<span class="soft" style="color:${COLOR.soft}">${html}</span>`;

const section = (title: string, html: string): string => `
<tr><td class="cell line" style="padding:18px 24px;border-top:1px solid ${COLOR.line}">
<h2 class="text" style="margin:0 0 8px;font-size:15px;line-height:20px;color:${COLOR.text}">${title}</h2>${html}</td></tr>`;
const paragraph = (html: string): string =>
  `<p class="text" style="margin:0 0 6px;font-size:14px;line-height:20px;color:${COLOR.text}">${html}</p>`;

const figures = (report: Content): string => {
  const cells = keyFigures(report).map(
    ([name, value]) => `
<td class="figure" width="25%" valign="top" style="padding:6px 8px 6px 0;font-size:14px;line-height:19px">${soft(name)}<br><strong class="text" style="color:${COLOR.text}">${escapeHtml(value)}</strong></td>`,
  );
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr>${cells.slice(0, 4).join('')}</tr><tr>${cells.slice(4).join('')}</tr></table>`;
};

const tradeRow = (trade: Trade): string => `
<tr><td class="line" style="padding:10px 0;border-bottom:1px solid ${COLOR.line}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr>
<td class="text" style="font-size:15px;line-height:21px;color:${COLOR.text}"><strong>${escapeHtml(trade.symbol)}</strong> ${soft(`${trade.side} ${escapeHtml(trade.qty)}`)}</td>
<td align="right" style="font-size:15px;line-height:21px;white-space:nowrap">${colored(trade.realized_pnl_usd, signedUsd(trade.realized_pnl_usd))} ${soft(escapeHtml(rWords(trade.r_multiple)))}</td></tr></table>
<p class="text" style="margin:2px 0 0;font-size:13px;line-height:19px;color:${COLOR.text}">${soft('Entered')} ${clock(trade.entry_at)} at ${escapeHtml(price(trade.entry_price))}${trade.pattern ? ` ${soft(`on ${escapeHtml(trade.pattern.replaceAll('_', ' '))}`)}` : ''}: ${escapeHtml(trade.entry_reason ?? 'no reason was kept')}</p>
<p class="text" style="margin:2px 0 0;font-size:13px;line-height:19px;color:${COLOR.text}">${soft('Left')} ${clock(trade.exit_at)} at ${escapeHtml(price(trade.exit_price))}: ${exitWords[trade.exit_reason]}</p></td></tr>`;

const trades = (report: Content): string =>
  report.trades.length === 0
    ? paragraph('None.')
    : `<table role="presentation" width="100%" cellpadding="0" cellspacing="0">${report.trades.map(tradeRow).join('')}</table>`;

const news = (report: Content): string =>
  report.news.length === 0
    ? paragraph('None behind a trade.')
    : report.news
        .map(({ symbol, headline, sentiment, was_right }) => {
          const outcome =
            was_right === null
              ? soft('open')
              : colored(was_right ? '1' : '-1', was_right ? 'right' : 'wrong');
          return paragraph(
            `<strong>${escapeHtml(symbol)}</strong> ${soft(`${sentiment > 0 ? '+' : ''}${sentiment.toFixed(2)}`)} ${outcome}<br>“${escapeHtml(headline)}”`,
          );
        })
        .join('');

const curve = (report: Content, source: string): string => {
  const last = report.equity_curve.at(-1);
  if (!last) return paragraph('The account was not read on this day.');
  return `<img src="${escapeHtml(source)}" width="592" alt="Equity over the day, ${usd(report.equity_curve[0]!.equity_usd)} at first and ${usd(last.equity_usd)} at last" style="display:block;width:100%;max-width:592px;height:auto">`;
};

/**
 * The report as a mail: tables and inline styles, one column that fits a phone, light and dark.
 * @param source where the equity curve's picture is: "cid:…" in a mail, a file name beside the page on disk
 */
export const renderHtml = (report: Content, source: string): string => {
  const { performance } = report;
  const fees = feeWords(performance);
  const listed = (lines: readonly string[]) =>
    lines.map((line) => paragraph(escapeHtml(line))).join('');
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(report.subject)}</title><style>${STYLE_SHEET}</style></head>
<body class="page" style="margin:0;padding:0;background:${COLOR.page};font-family:${FONT}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" class="page" style="background:${COLOR.page}"><tr><td align="center" style="padding:12px 8px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" class="card" style="max-width:640px;background:${COLOR.card};border-radius:10px;text-align:left">
<tr><td class="cell" style="padding:20px 24px 16px">
<p class="note" style="margin:0 0 12px;padding:8px 10px;border-radius:6px;font-size:13px;line-height:18px;background:${COLOR.note};color:${COLOR.note_text}"><strong>${report.mode.toUpperCase()}</strong> ${modeWords[report.mode]}</p>
<p class="soft" style="margin:0;font-size:13px;line-height:18px;color:${COLOR.soft}">${report.trade_date}</p>
<p style="margin:2px 0 4px;font-size:34px;line-height:40px">${colored(performance.realized_pnl_usd, signedUsd(performance.realized_pnl_usd))} <span class="soft" style="font-size:15px;color:${COLOR.soft}">${escapeHtml(metricWords(performance.return_ratio, (value) => percent(value, 2)))}</span></p>${
    fees === null
      ? ''
      : `
<p class="soft" style="margin:0 0 4px;font-size:14px;line-height:20px;color:${COLOR.soft}">${escapeHtml(fees)}</p>`
  }
<p class="text" style="margin:0 0 10px;font-size:16px;line-height:22px;color:${COLOR.text}">${escapeHtml(report.verdict)}</p>
${figures(report)}</td></tr>
${section('Equity', curve(report, source))}
${section('Trades', trades(report))}
${section('The news, and whether it was right', news(report))}
${section('Books against the broker', listed(reconciliationLines(report)))}
${section('Errors', report.errors.length === 0 ? paragraph('None.') : listed(report.errors))}
${report.limits_in_part.length === 0 ? '' : section('Limits not checked in full', listed(report.limits_in_part))}
${section('Next session', paragraph(escapeHtml(report.next_session ?? 'The calendar does not have it yet.')))}
</table></td></tr></table></body></html>
`;
};
