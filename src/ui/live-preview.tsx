import { Loader } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import type { Endpoint } from '#lib/endpoint.ts';
import type { CallInput } from '#ui/call.ts';
import { readReply, urlOf } from '#ui/call.ts';
import { reasonOf } from '#ui/problem.tsx';

type Shown = { url: string; of: string };

const pause_ms = 450;

async function fetchPicture<E extends Endpoint>(
  endpoint: E,
  input: CallInput<E>,
  signal: AbortSignal,
): Promise<Blob> {
  const response = await fetch(urlOf(endpoint, input), {
    method: endpoint.method,
    headers: { 'content-type': 'application/json' },
    credentials: 'same-origin',
    body: JSON.stringify(input.body),
    signal,
  });
  if (!response.ok) readReply(endpoint, response.status, await response.text());
  return response.blob();
}

/** The picture of what is being written, and of which writing it is; asked for when the keys rest. */
function usePicture<E extends Endpoint>(endpoint: E, body: CallInput<E>['body'] | undefined) {
  const wanted = body === undefined ? '' : JSON.stringify(body);
  const [settled] = useDebouncedValue(wanted, pause_ms);
  const [shown, setShown] = useState<Shown>();
  const [failed, setFailed] = useState<{ of: string; words: string }>();
  useEffect(() => {
    if (!settled) return undefined;
    const stop = new AbortController();
    fetchPicture(endpoint, { body: JSON.parse(settled) } as CallInput<E>, stop.signal)
      .then((blob) => setShown({ url: URL.createObjectURL(blob), of: settled }))
      .catch((error: unknown) => {
        if (!stop.signal.aborted) setFailed({ of: settled, words: reasonOf(error) });
      });
    return () => stop.abort();
  }, [settled, endpoint]);
  useEffect(() => () => URL.revokeObjectURL(shown?.url ?? ''), [shown]);
  return { wanted, shown, problem: failed?.of === wanted ? failed.words : undefined };
}

type Props<E extends Endpoint> = {
  endpoint: E;
  /** What is written; undefined while it says too little to be set. */
  body: CallInput<E>['body'] | undefined;
  alt: string;
  /** What is missing, while `body` is. */
  missing: string;
};

/** A page that follows what is typed beside it; one of older words is never shown as if it were fresh. */
export function LivePreview<E extends Endpoint>({ endpoint, body, alt, missing }: Props<E>) {
  const { wanted, shown, problem } = usePicture(endpoint, body);
  const isFresh = shown !== undefined && shown.of === wanted;
  const words = body === undefined ? missing : (problem ?? (isFresh ? undefined : 'Being set anew …'));
  return (
    <div className="live-preview" data-fresh={isFresh} aria-busy={words === 'Being set anew …'}>
      <p className="live-preview-word" role="status" data-bad={Boolean(problem)}>
        {words === 'Being set anew …' && <Loader size={12} aria-hidden />}
        {words ?? 'As it will be'}
      </p>
      {shown ? <img src={shown.url} alt={isFresh ? alt : ''} /> : <div className="live-preview-empty" />}
    </div>
  );
}
