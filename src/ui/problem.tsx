import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect } from 'react';
import { ApiError } from '#ui/call.ts';
import { noteProblem } from '#ui/last-seen.ts';

export const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : 'Something went wrong. Try again.';

const requestOf = (error: unknown): string | undefined =>
  error instanceof ApiError ? error.request_id : undefined;

/** What is not there will not be there after another try. */
const isGone = (error: Error): boolean => error instanceof ApiError && error.status === 404;

/** A refusal or failure where it happened, with what support needs to find it. */
export function Problem({ error, onRetry }: { error: Error | null | undefined; onRetry?: () => void }) {
  useEffect(() => noteProblem(error), [error]);
  if (!error) return null;
  const request = requestOf(error);
  return (
    <div className="problem" role="alert">
      <IconAlertTriangle size={18} aria-hidden />
      <div>
        <p>{reasonOf(error)}</p>
        {request && (
          <p className="fine">
            Request <code>{request}</code>
          </p>
        )}
      </div>
      {onRetry && !isGone(error) && (
        <Button size="xs" variant="default" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** For actions without a form of their own: what went wrong, in a corner, until it is closed. */
export function tellProblem(error: unknown): void {
  noteProblem(error);
  const request = requestOf(error);
  notifications.show({
    color: 'brick',
    title: reasonOf(error),
    message: request ? `Request ${request}` : '',
    autoClose: 12_000,
    closeButtonProps: { 'aria-label': 'Close' },
    role: 'alert',
  });
}

export function tell(message: string, detail?: string): void {
  notifications.show({
    color: 'moss',
    title: message,
    message: detail ?? '',
    autoClose: 5000,
    closeButtonProps: { 'aria-label': 'Close' },
  });
}

/** The server's complaints by form field; names with a dot keep it, as forms address nested values so. */
export const fieldsOf = (error: unknown): Record<string, string> =>
  error instanceof ApiError ? error.fields : {};
