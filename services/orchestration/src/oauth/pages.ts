import type { OauthScope } from '@catalyst/contracts';
import { neverWords, scopeWords, type offeredScopes } from '../domain/scope-words.ts';
import { html, type Markup, type Page } from './page.ts';

/** Who asks to be let in, as far as anything is known of it. */
export interface Asking {
  /** What it calls itself. */
  client_name: string;
  /** The site that says so, where it named itself by a document there. */
  vouched_by: string | null;
  /** Where the answer goes. */
  redirect_host: string;
  redirect_origin: string;
  is_this_machine: boolean;
}

/** The terms of a grant that a person may choose. */
export const lifetimes = [
  { hours: 24, words: 'one day' },
  { hours: 30 * 24, words: '30 days' },
  { hours: 90 * 24, words: '90 days' },
] as const;
export const USUAL_LIFETIME_HOURS = 30 * 24;

const asking = ({ client_name, vouched_by, redirect_host, is_this_machine }: Asking): Markup =>
  html`<div class="quote">
      <span class="dim">It calls itself, and nobody has checked it:</span><br />${client_name}
    </div>
    <p>
      ${vouched_by === null ? 'It registered itself here; no site stands for it.' : html`The site <span class="host">${vouched_by}</span> says that it is its own.`}
      The answer goes to
      <span class="host">${redirect_host}</span
      >${is_this_machine ? ', a program on the machine of this browser' : ''}.
    </p>`;

export const signInPage = (
  { action, csrf, said }: { action: string; csrf: string; said: string | null },
  who: Asking | null,
): Page => ({
  title: 'Sign in',
  body: html`<h1>Sign in as the operator</h1>
    ${
      who === null
        ? ''
        : html`<p>A program asks to be let in to this desk. Sign in to see what it asks for.</p>
            ${asking(who)}`
    }
    ${said === null ? '' : html`<p class="warn" role="alert">${said}</p>`}
    <form method="post" action="${action}" autocomplete="on">
      <input type="hidden" name="csrf" value="${csrf}" />
      <label for="password">Password</label>
      <input
        id="password"
        name="password"
        type="password"
        autocomplete="current-password"
        required
        maxlength="200"
      />
      <label for="code">Code of your authenticator, or a recovery code</label>
      <input
        id="code"
        name="code"
        type="text"
        autocomplete="one-time-code"
        required
        maxlength="40"
        spellcheck="false"
        autocapitalize="none"
      />
      <div class="acts"><button class="main" type="submit">Sign in</button></div>
    </form>`,
});

const choice = ({ scope, title, may }: (typeof scopeWords)[number], chosen: OauthScope): Markup =>
  html`<label class="choice"
    ><input
      type="radio"
      name="scope"
      value="${scope}"
      ${scope === chosen ? html` checked` : ''}
    /><span
      ><strong>${title}</strong>
      <ul>
        ${scope === scopeWords[0]!.scope ? '' : html`<li>all that stands above</li>`}${may.map((words) => html`<li>${words}</li>`)}
      </ul></span
    ></label
  >`;

export const consentPage = (
  {
    action,
    csrf,
    mode,
    scopes,
  }: { action: string; csrf: string; mode: string; scopes: ReturnType<typeof offeredScopes> },
  who: Asking,
): Page => ({
  title: 'Let it in?',
  form_origin: who.redirect_origin,
  body: html`<h1>Let this program in to your desk?</h1>
    ${asking(who)}
    <p class="${mode === 'live' ? 'warn' : 'dim'}">
      ${mode === 'live' ? 'This desk trades with real money.' : 'This desk trades with paper money.'}
    </p>
    <form method="post" action="${action}">
      <input type="hidden" name="csrf" value="${csrf}" />
      <h2>What it may do</h2>
      ${scopes.map((words) => choice(words, 'read'))}
      <h2>What it may never do</h2>
      <ul>
        ${neverWords.map((words) => html`<li>${words}</li>`)}
      </ul>
      <label for="lifetime">For how long</label>
      <select id="lifetime" name="lifetime">
        ${lifetimes.map(({ hours, words }) => html`<option value="${hours}" ${hours === USUAL_LIFETIME_HOURS ? html` selected` : ''}>${words}</option>`)}
      </select>
      <p class="dim">You can put it out at any time: scripts/catalyst key list, then key revoke.</p>
      <div class="acts">
        <button type="submit" name="answer" value="deny">No</button
        ><button class="main" type="submit" name="answer" value="allow">Let it in</button>
      </div>
    </form>`,
});

export const operatorPage = ({
  action,
  csrf,
  until,
}: {
  action: string;
  csrf: string;
  until: string;
}): Page => ({
  title: 'Operator',
  body: html`<h1>You are signed in</h1>
    <p>Until ${until}, or until you sign out.</p>
    <form method="post" action="${action}">
      <input type="hidden" name="csrf" value="${csrf}" />
      <div class="acts"><button class="main" type="submit">Sign out</button></div>
    </form>`,
});

/** What an authorization server answers to a person rather than to a program. */
export const failurePage = (error: string, description: string | undefined): Page => ({
  title: 'Not possible',
  body: html`<h1>This request cannot be answered</h1>
    <p class="quote">${description ?? error}</p>
    <p class="dim">Nothing was granted. Begin again where you came from (${error}).</p>`,
});
