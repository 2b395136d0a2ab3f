import express, { type Request, type Response, type Router } from 'express';
import { z } from 'zod';
import { dateAndTime } from '../domain/wording.ts';
import { asPage } from './as-page.ts';
import type { OperatorSessions } from './operator-sessions.ts';
import { sendPage } from './page.ts';
import { operatorPage, signInPage } from './pages.ts';

const SIGN_IN = '/operator/sign-in';
const SIGN_OUT = '/operator/sign-out';
const PAGE = '/operator';
const signInBody = z.object({ password: z.string(), code: z.string() });

/** Where the operator signs in and out by himself, rather than because a program asks for him. */
export const createOperatorPage = (operator: OperatorSessions): Router => {
  // nobody is signed in yet, so the mark is of no session: what the form needs is our own page
  const showSignIn = (response: Response, said: string | null): void =>
    sendPage(
      response,
      said === null ? 200 : 403,
      signInPage({ action: SIGN_IN, csrf: operator.mark(SIGN_IN, ''), said }, null),
    );
  const show = async (request: Request, response: Response): Promise<void> => {
    const session = await operator.find(request);
    if (!session) return showSignIn(response, null);
    sendPage(
      response,
      200,
      operatorPage({
        action: SIGN_OUT,
        csrf: operator.mark(SIGN_OUT, session.token),
        until: dateAndTime(session.expires_at),
      }),
    );
  };
  const signIn = async (request: Request, response: Response): Promise<void> => {
    const given = signInBody.safeParse(request.body);
    if (!given.success || !operator.isOurs(request, SIGN_IN, ''))
      return showSignIn(response, 'This form was not sent from its page: try again.');
    const said = await operator.signIn(request, response, given.data);
    if (said !== null) return showSignIn(response, said);
    response.redirect(303, PAGE);
  };
  const signOut = async (request: Request, response: Response): Promise<void> => {
    const session = await operator.find(request);
    if (session && operator.isOurs(request, SIGN_OUT, session.token))
      await operator.signOut(response, session);
    response.redirect(303, PAGE);
  };
  const form = express.urlencoded({ extended: false, limit: '8kb', parameterLimit: 20 });
  const router = express.Router();
  router.get(PAGE, asPage(show));
  router.post(SIGN_IN, form, asPage(signIn));
  router.post(SIGN_OUT, form, asPage(signOut));
  return router;
};
