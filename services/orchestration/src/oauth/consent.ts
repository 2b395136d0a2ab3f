import { oauthScope, type OauthScope } from '@catalyst/contracts';
import { sha256, type Clock, type Log } from '@catalyst/service-kit';
import express, { type Request, type Response, type Router } from 'express';
import { errors, type default as Provider } from 'oidc-provider';
import { z } from 'zod';
import { offeredScopes, scopesUpTo } from '../domain/scope-words.ts';
import type { Services } from '../services.ts';
import { asPage } from './as-page.ts';
import { isLoopbackRedirect } from './client-shape.ts';
import { CONSENT_PATH, OPERATOR } from './create-provider.ts';
import type { OperatorSessions } from './operator-sessions.ts';
import { sendPage } from './page.ts';
import { consentPage, failurePage, lifetimes, signInPage, type Asking } from './pages.ts';

interface Deps {
  provider: Provider;
  operator: OperatorSessions;
  workflow: Services['door'];
  resource: string;
  mode: string;
  clock: Pick<Clock, 'latest'>;
  log: Log;
}

/** Who lets somebody in has signed in just now. */
const FRESH_MS = 15 * 60_000;

const answerBody = z.object({
  answer: z.enum(['allow', 'deny']),
  scope: oauthScope.default('read'),
  lifetime: z.coerce
    .number()
    .refine((hours) => lifetimes.some((each) => each.hours === hours))
    .default(24),
});
const signInBody = z.object({ password: z.string(), code: z.string() });
type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** One line without what a terminal or an audit's reader would obey. */
const plain = (text: string): string =>
  text
    .slice(0, 100)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, ' ')
    .trim() || 'unnamed';

/** Where the operator signs in and says yes or no to a client; a narrower yes is a yes too. */
export const createConsent = (deps: Deps): Router => {
  const { provider, operator, workflow, resource, mode, clock, log } = deps;

  const asked = async (interaction: Interaction): Promise<{ who: Asking; scopes: string[] }> => {
    const { client_id, redirect_uri, scope } = interaction.params as Record<string, string>;
    const client = await provider.Client.find(client_id!);
    if (!client) throw new errors.InvalidClient('the client is not known any more');
    const { host, origin } = new URL(redirect_uri!);
    const who = {
      client_name: plain(client.clientName ?? 'a client without a name'),
      vouched_by: client_id!.startsWith('https://') ? new URL(client_id!).host : null,
      redirect_host: host,
      redirect_origin: origin,
      is_this_machine: isLoopbackRedirect(redirect_uri!),
    };
    return { who, scopes: (scope ?? '').split(' ') };
  };
  /** Signed in, and not long ago. */
  const fresh = async (request: Request) => {
    const session = await operator.find(request);
    const age_ms = session ? Date.parse(clock.latest()) - Date.parse(session.signed_in_at) : 0;
    return session && age_ms < FRESH_MS ? session : null;
  };
  const pathOf = ({ uid }: Interaction, rest = ''): string => `${CONSENT_PATH}/${uid}${rest}`;

  const showSignIn = async (
    response: Response,
    interaction: Interaction,
    said: string | null,
  ): Promise<void> => {
    const { who } = await asked(interaction);
    const action = pathOf(interaction, '/sign-in');
    const csrf = operator.mark(action, interaction.uid);
    sendPage(response, said === null ? 200 : 403, signInPage({ action, csrf, said }, who));
  };

  const show = async (request: Request, response: Response): Promise<void> => {
    const interaction = await provider.interactionDetails(request, response);
    const session = await fresh(request);
    if (!session) return showSignIn(response, interaction, null);
    const { who, scopes } = await asked(interaction);
    const action = pathOf(interaction);
    sendPage(
      response,
      200,
      consentPage(
        {
          action,
          csrf: operator.mark(action, session.token),
          mode,
          scopes: offeredScopes(scopes),
        },
        who,
      ),
    );
  };

  const signIn = async (request: Request, response: Response): Promise<void> => {
    const interaction = await provider.interactionDetails(request, response);
    const given = signInBody.safeParse(request.body);
    if (
      !given.success ||
      !operator.isOurs(request, pathOf(interaction, '/sign-in'), interaction.uid)
    )
      return showSignIn(response, interaction, 'This form was not sent from its page: try again.');
    const said = await operator.signIn(request, response, given.data);
    if (said !== null) return showSignIn(response, interaction, said);
    response.redirect(303, pathOf(interaction));
  };

  const allow = async (
    interaction: Interaction,
    who: Asking,
    chosen: OauthScope,
    lifetime_hours: number,
    offered: readonly OauthScope[],
  ): Promise<string> => {
    const { client_id } = interaction.params as { client_id: string };
    const granted = scopesUpTo(chosen);
    const grant = new provider.Grant({
      accountId: OPERATOR,
      clientId: client_id,
      expiresIn: lifetime_hours * 3600,
    } as never);
    grant.addResourceScope(resource, granted.join(' '));
    // what was asked for and not given must be refused by name, or it is asked for again
    const refused = offered.filter((scope) => !granted.includes(scope));
    if (refused.length > 0) grant.rejectResourceScope(resource, refused.join(' '));
    const grant_id = await grant.save();
    const key = await workflow.approveOauthGrant({
      body: {
        grant_id,
        client_id_hash: sha256(client_id),
        client_name: who.client_name,
        redirect_host: plain(who.redirect_host),
        resource,
        scopes: granted,
        lifetime_hours,
      },
    });
    log.info('oauth_granted', { name: key.name, scopes: key.scopes, until: key.expires_at });
    return grant_id;
  };

  const answer = async (request: Request, response: Response): Promise<void> => {
    const interaction = await provider.interactionDetails(request, response);
    const session = await fresh(request);
    if (!session) return showSignIn(response, interaction, null);
    const given = answerBody.safeParse(request.body);
    if (!given.success || !operator.isOurs(request, pathOf(interaction), session.token))
      return sendPage(
        response,
        403,
        failurePage(
          'forbidden',
          'This form was not sent from its page, or was changed on its way.',
        ),
      );
    const { who, scopes } = await asked(interaction);
    if (given.data.answer === 'deny') {
      const { client_name, redirect_host } = who;
      await workflow.denyOauthGrant({
        body: { client_name, redirect_host: plain(redirect_host) },
      });
      const error = { error: 'access_denied', error_description: 'the operator said no' };
      return provider.interactionFinished(request, response, error, {
        mergeWithLastSubmission: false,
      });
    }
    const offered = offeredScopes(scopes).map(({ scope }) => scope);
    // never more than was asked for, whatever the form says
    const chosen = offered.includes(given.data.scope) ? given.data.scope : 'read';
    const grantId = await allow(interaction, who, chosen, given.data.lifetime, offered);
    await provider.interactionFinished(
      request,
      response,
      { login: { accountId: OPERATOR, remember: false }, consent: { grantId } },
      { mergeWithLastSubmission: false },
    );
  };

  const form = express.urlencoded({ extended: false, limit: '8kb', parameterLimit: 20 });
  const router = express.Router();
  router.get(`${CONSENT_PATH}/:uid`, asPage(show));
  router.post(`${CONSENT_PATH}/:uid`, form, asPage(answer));
  router.post(`${CONSENT_PATH}/:uid/sign-in`, form, asPage(signIn));
  return router;
};
