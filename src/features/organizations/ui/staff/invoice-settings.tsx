import { Switch, Textarea, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { orNull, SaveBar, useSave } from '#features/organizations/ui/staff/save-settings.tsx';
import type { Organization } from '#features/organizations/ui/staff/settings-page.tsx';
import { Sheet } from '#ui/page.tsx';
import { useFields } from '#ui/use-fields.ts';

type Form = ReturnType<typeof useInvoiceForm>;

function useInvoiceForm(organization: Organization) {
  return useFields(
    {
      terms_days: String(organization.terms_days),
      invoice_footer: organization.invoice_footer ?? '',
      reply_to: organization.reply_to ?? '',
      attach_invoice_pdf: organization.attach_invoice_pdf,
      email_organization_receipts: organization.email_organization_receipts,
      allow_partial_payments: organization.allow_partial_payments,
      track_opens: organization.track_opens,
      track_clicks: organization.track_clicks,
    },
    {
      terms_days: (text) =>
        /^\d{1,3}$/.test(text.trim()) && Number(text) <= 365 ? null : 'Give a number of days from 0 to 365',
    },
  );
}

export function InvoiceSettings({ organization }: { organization: Organization }) {
  const { act, save } = useSave();
  const form = useInvoiceForm(organization);
  const submit = form.submit((values) =>
    save({
      terms_days: Number(values.terms_days),
      attach_invoice_pdf: values.attach_invoice_pdf,
      email_organization_receipts: values.email_organization_receipts,
      allow_partial_payments: values.allow_partial_payments,
      invoice_footer: orNull(values.invoice_footer),
      reply_to: orNull(values.reply_to),
      track_opens: values.track_opens,
      track_clicks: values.track_clicks,
    }),
  );
  return (
    <form onSubmit={submit} className="stack loose" noValidate>
      <OnInvoices form={form} />
      <InMails form={form} replyTo={organization.email} />
      <Sheet title="Payments">
        <div className="stack">
          <Switch
            label="Customers may pay part of an invoice"
            description="Each customer can be set apart from this"
            {...form.flag('allow_partial_payments')}
          />
          <Switch label="Send us a copy of each receipt" {...form.flag('email_organization_receipts')} />
        </div>
      </Sheet>
      <SaveBar act={act} />
    </form>
  );
}

function OnInvoices({ form }: { form: Form }) {
  return (
    <Sheet title="Invoices">
      <div className="fields two">
        <TextInput
          label="Payment terms, days"
          inputMode="numeric"
          description="From the invoice date; a customer may have its own"
          {...form.text('terms_days')}
        />
        <div className="wide">
          <Textarea
            label="Footer"
            description="Stands at the foot of each invoice"
            {...form.text('invoice_footer')}
          />
        </div>
      </div>
    </Sheet>
  );
}

function InMails({ form, replyTo }: { form: Form; replyTo: string | null }) {
  return (
    <Sheet
      title="Mail"
      aside={
        <Link to="/settings" search={{ section: 'templates' }}>
          Its words
        </Link>
      }
    >
      <div className="stack">
        <TextInput
          label="Replies go to"
          type="email"
          placeholder={replyTo ?? 'The address of your business'}
          {...form.text('reply_to')}
        />
        <Switch label="Attach the invoice as PDF" {...form.flag('attach_invoice_pdf')} />
        <Switch
          label="Note when a mail is opened"
          description="By a picture of one dot. Many mail programs load no pictures, some load all of them."
          {...form.flag('track_opens')}
        />
        <Switch
          label="Note when a link in a mail is opened"
          description="Links lead through this installation; nobody else learns of them."
          {...form.flag('track_clicks')}
        />
      </div>
    </Sheet>
  );
}
