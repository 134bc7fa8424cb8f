import { Skeleton } from '@mantine/core';
import { PageHead } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';

type Props = {
  back: { to: string; label: string };
  title: string;
  asked: { error: unknown; refetch: () => unknown };
};

/** The page of one thing while it is asked for, or why it did not come. */
export function PageWait({ back, title, asked }: Props) {
  return (
    <>
      <PageHead back={back} title={title} />
      {asked.error ? (
        <Problem error={asked.error} onRetry={() => void asked.refetch()} />
      ) : (
        <Skeleton height={320} radius="lg" />
      )}
    </>
  );
}
