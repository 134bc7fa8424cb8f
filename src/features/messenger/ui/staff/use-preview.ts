import { useQuery } from '@tanstack/react-query';
import { previewMessenger } from '#features/messenger/api.ts';
import type { CallInput } from '#ui/call.ts';
import { call } from '#ui/call.ts';

export type PreviewAsk = NonNullable<CallInput<typeof previewMessenger>['body']>;

/** What would go out today with these changes. */
export const usePreview = (body: PreviewAsk, enabled = true) =>
  useQuery({
    queryKey: [previewMessenger.path, body],
    queryFn: ({ signal }) => call(previewMessenger, { body }, undefined, signal),
    enabled,
  });
