import type { UseQueryResult } from '@tanstack/react-query';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import type { z } from 'zod';
import type { Endpoint } from '#lib/endpoint.ts';
import type { CallInput } from '#ui/call.ts';
import { ApiError, call, newIdempotencyKey } from '#ui/call.ts';

export const askKey = <E extends Endpoint>(endpoint: E, input: CallInput<E> = {}) =>
  [endpoint.path, input.params ?? null, input.query ?? null] as const;

export const askOptions = <E extends Endpoint>(endpoint: E, input: CallInput<E> = {}) => ({
  queryKey: askKey(endpoint, input),
  queryFn: ({ signal }: { signal: AbortSignal }): Promise<z.output<E['reply']>> =>
    call(endpoint, input, undefined, signal),
});

type AskChoices = { enabled?: boolean; every_ms?: number | false; keep?: boolean };

/** Read an endpoint. `keep` shows the page before while the next one loads. */
export function useAsk<E extends Endpoint>(
  endpoint: E,
  input: CallInput<E> = {},
  choices: AskChoices = {},
): UseQueryResult<z.output<E['reply']>, Error> {
  return useQuery({
    ...askOptions(endpoint, input),
    enabled: choices.enabled ?? true,
    refetchInterval: choices.every_ms ?? false,
    ...(choices.keep ? { placeholderData: keepPreviousData } : {}),
  });
}

export type Act<E extends Endpoint> = {
  /** Resolves with the reply; rejects with ApiError, which `error` also shows. */
  run: (input: CallInput<E>) => Promise<z.output<E['reply']>>;
  busy: boolean;
  error: Error | null;
  reset: () => void;
};

/**
 * Write through an endpoint. The key belongs to the intention: the same input after a lost answer reuses it,
 * and a definite answer, yes or no, retires it. Everything on screen is read again after: nothing is guessed;
 * `readAgain: false` is for the doors, which lead to another page anyway.
 */
export function useAct<E extends Endpoint>(endpoint: E, choices: { readAgain?: boolean } = {}): Act<E> {
  const client = useQueryClient();
  const intention = useRef<{ key: string; input: string } | null>(null);
  const mutation = useMutation<z.output<E['reply']>, Error, CallInput<E>>({
    mutationFn: async (input) => {
      const text = JSON.stringify(input);
      if (intention.current?.input !== text) intention.current = { key: newIdempotencyKey(), input: text };
      try {
        const reply = await call(endpoint, input, intention.current.key);
        intention.current = null;
        return reply;
      } catch (error) {
        if (error instanceof ApiError && error.status >= 400 && error.status < 500) intention.current = null;
        throw error;
      }
    },
    onSuccess: () => {
      if (choices.readAgain !== false) void client.invalidateQueries();
    },
  });
  return {
    run: mutation.mutateAsync,
    busy: mutation.isPending,
    error: mutation.error,
    reset: mutation.reset,
  };
}
