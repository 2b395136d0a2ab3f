import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { OperatorSession } from '@catalyst/contracts';
import { sha256 } from '@catalyst/service-kit';
import type { Request, Response } from 'express';
import type { Services } from '../services.ts';

interface Deps {
  workflow: Services['door'];
  /** What the marks of forms are made with. */
  form_key: Buffer;
  origin: string;
}

/** Who is signed in, by the cookie of his browser. */
export interface SignedIn extends OperatorSession {
  token: string;
}

const COOKIE = '__Host-operator';
/** Lax: the operator comes from the site of who asks, and must be known all the same. */
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Lax';

const tokenOf = (request: Request): string | undefined =>
  (request.get('cookie') ?? '')
    .split(';')
    .map((pair) => pair.trim().split('='))
    .find(([name]) => name === COOKIE)?.[1];

export const addressOf = (request: Request): string =>
  (request.get('x-forwarded-for') ?? request.socket.remoteAddress ?? 'unknown')
    .split(',')[0]!
    .trim()
    .slice(0, 60) || 'unknown';

/** The one operator's sessions at the desk's pages; kept at workflow, so that each copy knows them. */
export const createOperatorSessions = ({ workflow, form_key, origin }: Deps) => {
  /** A mark that only a page which we gave to this browser has, for one form. */
  const mark = (form: string, token: string): string =>
    createHmac('sha256', form_key).update(`${form}\n${token}`).digest('base64url');
  return {
    find: async (request: Request): Promise<SignedIn | null> => {
      const token = tokenOf(request);
      if (!token || !/^[A-Za-z0-9_-]{43}$/.test(token)) return null;
      const { session } = await workflow.findSession({ body: { session_hash: sha256(token) } });
      return session && { ...session, token };
    },
    /** Tries both factors; on success the browser has a new session. Null, or what to say. */
    signIn: async (
      request: Request,
      response: Response,
      given: { password: string; code: string },
    ): Promise<string | null> => {
      const token = randomBytes(32).toString('base64url');
      const came = await workflow.signIn({
        body: {
          password: given.password.slice(0, 200),
          code: given.code.slice(0, 40),
          address: addressOf(request),
          session_hash: sha256(token),
        },
      });
      if (came.outcome === 'signed_in') {
        const expires = new Date(came.session.expires_at).toUTCString();
        response.append('set-cookie', `${COOKIE}=${token}; ${ATTRIBUTES}; Expires=${expires}`);
        return null;
      }
      if (came.outcome === 'wait')
        return `Too many tries. Wait ${came.wait_s} seconds, then try again.`;
      return came.outcome === 'not_set'
        ? 'No operator is set at this desk yet: scripts/catalyst operator set'
        : 'That is not the password with its code. A code is taken once: wait for the next.';
    },
    signOut: async (response: Response, { token }: SignedIn): Promise<void> => {
      await workflow.signOut({ body: { session_hash: sha256(token) } });
      response.append('set-cookie', `${COOKIE}=; ${ATTRIBUTES}; Max-Age=0`);
    },
    mark,
    /** Whether a form was sent from our own page in the browser that it was made for. */
    isOurs: (request: Request, form: string, token: string): boolean => {
      const site = request.get('sec-fetch-site');
      const from = request.get('origin');
      if (site !== undefined && site !== 'same-origin') return false;
      if (from !== undefined && from !== origin) return false;
      const given = Buffer.from(String((request.body as { csrf?: unknown }).csrf ?? ''));
      const right = Buffer.from(mark(form, token));
      return given.length === right.length && timingSafeEqual(given, right);
    },
  };
};
export type OperatorSessions = ReturnType<typeof createOperatorSessions>;
