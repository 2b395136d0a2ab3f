/** A place at which the desk is held in the middle of an act. */
export interface Gate<Fate extends string = string> {
  /** Resolves once somebody stands before it. */
  reached: Promise<void>;
  /** Called by whoever arrives; resolves with what becomes of it. */
  stop(): Promise<Fate>;
  /** Lets on whoever stands there, and from now on everybody. */
  release(fate?: Fate): void;
  /** Resolves at the release. */
  opened: Promise<Fate>;
  is_open(): boolean;
}

export const createGate = <Fate extends string>(otherwise: Fate): Gate<Fate> => {
  const arrival = Promise.withResolvers<void>();
  const opening = Promise.withResolvers<Fate>();
  let isOpen = false;
  return {
    reached: arrival.promise,
    stop: () => {
      arrival.resolve();
      return opening.promise;
    },
    release: (fate = otherwise) => {
      isOpen = true;
      opening.resolve(fate);
    },
    opened: opening.promise,
    is_open: () => isOpen,
  };
};
