import { Button, Menu, Skeleton, Tabs } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots, IconPencil, IconPlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { getCustomer } from '#features/customers/api.ts';
import { doNotContactWords } from '#features/customers/setting-word-rules.ts';
import type { Customer } from '#features/customers/ui/staff/customer-columns.tsx';
import { CustomerDrawer } from '#features/customers/ui/staff/customer-drawer.tsx';
import { CustomerProfile } from '#features/customers/ui/staff/customer-profile.tsx';
import { FamilyCard } from '#features/customers/ui/staff/family-card.tsx';
import { MessageSettings } from '#features/customers/ui/staff/message-settings.tsx';
import { portalWords } from '#features/customers/ui/staff/portal-words.ts';
import { ButtonLink } from '#ui/button-link.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Figures, PageHead, Sheet } from '#ui/page.tsx';
import { PhoneNumber } from '#ui/phone-number.tsx';
import { Problem } from '#ui/problem.tsx';
import { State } from '#ui/state.tsx';
import { TabList } from '#ui/tab-list.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

export const customerTabs = [
  'overview',
  'payments',
  'schedules',
  'links',
  'plans',
  'credit',
  'estimates',
  'methods',
  'autopay',
  'portal',
  'messages',
  'collections',
  'timeline',
] as const;
export type CustomerTab = (typeof customerTabs)[number];

type Door = { opened: boolean; onClose: () => void };
type Props = {
  id: string;
  tab: CustomerTab;
  /** It was opened to be edited. */
  editing: boolean;
  onTab: (tab: CustomerTab) => void;
  /** What other rooms show of this customer. */
  rooms: {
    /** What stands in the way of reaching it. */
    notice: ReactNode;
    /** Makes one record of two: belongs to merges. */
    merge: (customer: Customer, door: Door) => ReactNode;
    /** Ends the relationship, or takes it up again, after a look at what hangs on it. */
    deactivate: (customer: Customer, door: Door) => ReactNode;
    invoices: (customer: Customer) => ReactNode;
    statement: (customer: Customer) => ReactNode;
    /** Its ids, and who wrote and changed it: belongs to the audit log. */
    record: (customer: Customer) => ReactNode;
    /** Its dunning policy: belongs to reminders. */
    reminders: ReactNode;
    payments: ReactNode;
    schedules: ReactNode;
    paymentLinks: (customer: Customer) => ReactNode;
    paymentPlans: ReactNode;
    credit: (customer: Customer) => ReactNode;
    methods: ReactNode;
    methodActions: ReactNode;
    autopay: ReactNode;
    portal: (customer: Customer) => ReactNode;
    messages: ReactNode;
    texts: ReactNode;
    pickCollector: (value: string | null, onChange: (id: string | null) => void) => ReactNode;
    collections: (customer: Customer) => ReactNode;
    estimates: ReactNode;
    timeline: ReactNode;
  };
};

const titles = {
  overview: 'Overview',
  payments: 'Payments',
  schedules: 'Schedules',
  links: 'Payment links',
  plans: 'Payment plans',
  credit: 'Credit',
  estimates: 'Estimates',
  methods: 'Payment methods',
  autopay: 'Autopay',
  portal: 'Portal',
  messages: 'Messages',
  collections: 'Collections',
  timeline: 'Timeline',
};

export function CustomerPage({ id, tab, editing, onTab, rooms }: Props) {
  const { can } = useFrame();
  const customer = useAsk(getCustomer, { params: { id } });
  if (customer.error)
    return (
      <>
        <Head />
        <Problem error={customer.error} onRetry={() => void customer.refetch()} />
      </>
    );
  if (!customer.data)
    return (
      <>
        <Head />
        <Skeleton height={90} radius="lg" mb="lg" />
        <Skeleton height={360} radius="lg" />
      </>
    );
  const { data } = customer;
  return (
    <>
      <Head customer={data} rooms={rooms} editing={editing} />
      {rooms.notice}
      <Standing customer={data} />
      <Tabs value={tab} onChange={(next) => onTab((next ?? 'overview') as CustomerTab)} keepMounted={false}>
        <TabList label="About this customer" chosen={tab} names={customerTabs} titles={titles} />
        <Tabs.Panel value="overview">
          <div className="columns">
            <Sheet title="Invoices" flush aside={rooms.statement(data)}>
              {rooms.invoices(data)}
            </Sheet>
            <Beside customer={data} rooms={rooms} />
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="payments">
          <Sheet flush>{rooms.payments}</Sheet>
        </Tabs.Panel>
        <Tabs.Panel value="schedules">{rooms.schedules}</Tabs.Panel>
        <Tabs.Panel value="links">{tab === 'links' && rooms.paymentLinks(data)}</Tabs.Panel>
        <Tabs.Panel value="plans">{tab === 'plans' && rooms.paymentPlans}</Tabs.Panel>
        <Tabs.Panel value="credit">{tab === 'credit' && rooms.credit(data)}</Tabs.Panel>
        <Tabs.Panel value="estimates">{tab === 'estimates' && rooms.estimates}</Tabs.Panel>
        <Tabs.Panel value="methods">
          <Sheet flush title="Stored payment methods" aside={can('payments:write') && rooms.methodActions}>
            {rooms.methods}
          </Sheet>
        </Tabs.Panel>
        <Tabs.Panel value="autopay">{tab === 'autopay' && rooms.autopay}</Tabs.Panel>
        <Tabs.Panel value="portal">{tab === 'portal' && rooms.portal(data)}</Tabs.Panel>
        <Tabs.Panel value="messages">
          {tab === 'messages' && (
            <div className="stack loose">
              <MessageSettings customer={data} pickCollector={rooms.pickCollector} />
              <Sheet title="Sent" flush>
                {rooms.messages}
              </Sheet>
              {rooms.texts}
            </div>
          )}
        </Tabs.Panel>
        <Tabs.Panel value="collections">{tab === 'collections' && rooms.collections(data)}</Tabs.Panel>
        <Tabs.Panel value="timeline">{rooms.timeline}</Tabs.Panel>
      </Tabs>
    </>
  );
}

function Head({ customer, rooms, editing = false }: Partial<EditProps>) {
  const { can } = useFrame();
  const back = { to: '/customers', label: 'Customers' };
  if (!customer || !rooms) return <PageHead back={back} title="Customer" />;
  return (
    <PageHead
      back={back}
      title={customer.display_name}
      state={
        <>
          {!customer.active && <State tone="faint">Inactive</State>}
          {customer.do_not_contact && (
            <State tone="warn">{doNotContactWords[customer.do_not_contact].label}</State>
          )}
        </>
      }
      detail={<Reach customer={customer} />}
      actions={
        <>
          {can('customers:write') && <EditCustomer customer={customer} rooms={rooms} editing={editing} />}
          {can('invoices:write') && customer.active && (
            <ButtonLink
              to="/invoices/new"
              search={{ customer_id: customer.id }}
              leftSection={<IconPlus size={16} aria-hidden />}
            >
              New invoice
            </ButtonLink>
          )}
        </>
      }
    />
  );
}

function Reach({ customer }: { customer: Customer }) {
  const { email, phone, external_id: id } = customer;
  const ways = [
    ...(email ? [{ key: 'email', shown: email }] : []),
    ...(phone ? [{ key: 'phone', shown: <PhoneNumber typed={phone} /> }] : []),
    ...(id ? [{ key: 'id', shown: id }] : []),
  ];
  if (ways.length === 0) return 'No e-mail address yet: invoices cannot be sent';
  return ways.map(({ key, shown }, at) => (
    <span key={key} className="whole">
      {shown}
      {at < ways.length - 1 && ' · '}
    </span>
  ));
}

const Beside = ({ customer, rooms }: { customer: Customer; rooms: Props['rooms'] }) => (
  <div className="stack loose">
    <CustomerProfile customer={customer} />
    {rooms.record(customer)}
    <FamilyCard customer={customer} />
    {rooms.reminders}
  </div>
);

type EditProps = { customer: Customer; rooms: Props['rooms']; editing: boolean };

function EditCustomer({ customer, rooms, editing }: EditProps) {
  const [opened, door] = useDisclosure(editing);
  const [merging, mergeDoor] = useDisclosure();
  const [ending, endDoor] = useDisclosure();
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <Button variant="default" px={10} aria-label="More actions">
            <IconDots size={16} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => window.print()}>Print this page</Menu.Item>
          {!customer.merged_into_id && (
            <Menu.Item onClick={mergeDoor.open}>Merge into another customer…</Menu.Item>
          )}
          {!customer.merged_into_id && (
            <Menu.Item onClick={endDoor.open}>
              {customer.active ? 'Deactivate…' : 'Activate again…'}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Button
        variant="default"
        leftSection={<IconPencil size={16} aria-hidden />}
        onClick={door.open}
        data-edit
      >
        Edit
      </Button>
      <CustomerDrawer opened={opened} onClose={door.close} customer={customer} />
      {rooms.merge(customer, { opened: merging, onClose: mergeDoor.close })}
      {rooms.deactivate(customer, { opened: ending, onClose: endDoor.close })}
    </>
  );
}

function Standing({ customer }: { customer: Customer }) {
  const { money } = useFrame();
  const { label } = portalWords[customer.portal.state];
  const late = customer.past_due_balance;
  return (
    <Figures
      figures={[
        {
          label: 'Open',
          value: money(customer.open_balance, customer.currency),
          note: `${customer.open_invoices} ${customer.open_invoices === 1 ? 'invoice' : 'invoices'}`,
        },
        { label: 'Past due', value: money(late, customer.currency), tone: late > 0n ? 'bad' : undefined },
        { label: 'Unapplied cash', value: money(customer.unapplied_cash, customer.currency) },
        { label: 'Portal', value: label },
      ]}
    />
  );
}
