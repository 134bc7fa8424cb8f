import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { offeredProviders } from '#features/oidc/api.ts';
import { type RefusedSignIn, refusals } from '#features/oidc/rules.ts';
import { useAsk } from '#ui/use-endpoint.ts';

const isRefusal = (code: string | undefined): code is RefusedSignIn => code !== undefined && code in refusals;

/** Why a sign-in through a provider ended here. */
export function RefusedNote({ code }: { code: string | undefined }) {
  if (!isRefusal(code)) return null;
  return (
    <p className="note" data-tone="warn" role="alert">
      {refusals[code]}
    </p>
  );
}

/** The other ways to sign in: those for everybody, and those of a company once an address of it is typed. */
export function SignInProviders({ email, next }: { email: string; next: string | undefined }) {
  const [typed] = useDebouncedValue(email.trim(), 300);
  const isWhole = /^[^\s@]+@[^\s@]+\.[a-z]{2,}$/i.test(typed);
  const offered = useAsk(offeredProviders, isWhole ? { query: { email: typed } } : {}, { keep: true });
  const rows = offered.data?.data ?? [];
  if (rows.length === 0) return null;
  const query = next ? `?next=${encodeURIComponent(next)}` : '';
  return (
    <div className="stack">
      <p className="door-or">or</p>
      {rows.map(({ id, label }) => (
        <Button key={id} component="a" href={`/oidc/${id}/start${query}`} size="md" variant="default">
          Sign in with {label}
        </Button>
      ))}
    </div>
  );
}
