/** What a data stream sends of a refusal. */
export const error = (code: number, msg: string) => [{ T: 'error', code, msg }];
