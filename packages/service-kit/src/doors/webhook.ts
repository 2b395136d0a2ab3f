import { createHmac } from 'node:crypto';
import { tellOutside } from '../http/tell-outside.ts';
import type { Delivery } from './mailer.ts';

export interface Webhook {
  /** The same id for every try, so that a repeat can be recognized. */
  call(id: string, body: object): Promise<Delivery>;
}

/** Posts JSON to the address of ALERT_WEBHOOK_URL, signed where a secret is set. */
export const createWebhook = (url: string, secret: string | undefined): Webhook => ({
  call: async (id, body) => {
    const text = JSON.stringify({ id, ...body });
    const told = await tellOutside(url, text, {
      'x-catalyst-delivery': id,
      ...(secret !== undefined && {
        'x-catalyst-signature': `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`,
      }),
    });
    return told.taken
      ? { delivered: true }
      : { delivered: false, error: `the webhook: ${told.error}`, permanent: told.permanent };
  },
});
