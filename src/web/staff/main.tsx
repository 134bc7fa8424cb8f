import './no-made-code.ts';
import './styles/layers.css';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/shell.css';
import './styles/page-head.css';
import './styles/doors.css';
import './styles/parts.css';
import './styles/bank-rules.css';
import './styles/tables.css';
import './styles/forms.css';
import './styles/home.css';
import './styles/palette.css';
import './styles/invoices.css';
import './styles/payments.css';
import './styles/messages.css';
import './styles/reports.css';
import './styles/templates.css';
import './styles/imports.css';
import './styles/collections.css';
import './styles/lists.css';
import './styles/notices.css';
import './styles/settings.css';
import './styles/billing.css';
import './styles/reminders.css';
import './styles/late-fees.css';
import './styles/profile.css';
import './styles/print.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { getSession } from '#features/users/api.ts';
import { ApiError } from '#ui/call.ts';
import { cssVariables, theme } from '#ui/mantine-theme.ts';
import { askKey } from '#ui/use-endpoint.ts';
import { makeRouter } from '#web/staff/router.tsx';

const client = new QueryClient({
  queryCache: new QueryCache({
    // A session that ended is noticed by whatever asks next; the shell then leads to the sign-in page.
    onError: (error, query) => {
      const about = query.queryKey[0] === getSession.path;
      if (error instanceof ApiError && error.status === 401 && !about) {
        void client.invalidateQueries({ queryKey: askKey(getSession) });
      }
    },
  }),
  // call() has its own patience with lost answers.
  defaultOptions: { queries: { retry: false, staleTime: 5000 }, mutations: { retry: false } },
});

const router = makeRouter();
const root = document.getElementById('root');
if (!root) throw new Error('the page has no #root');
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <Notifications position="bottom-right" limit={4} />
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
