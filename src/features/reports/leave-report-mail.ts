import { sql } from 'kysely';
import { type Database, systemActor } from '#db/db.ts';
import { record } from '#db/events.ts';
import { reportOf } from '#features/reports/catalogue.ts';
import { organizationNow } from '#lib/clock.ts';
import { Refusal } from '#lib/errors.ts';
import type { Secrets } from '#lib/secrets.ts';

type Leaver = { organizationId: string; id: string; email: string };
const purpose = 'report mail leave';

/** A link that takes one address off one report, and nothing else. It needs no sign-in: few have one. */
export function leaveLinks(baseUrl: string, secrets: Pick<Secrets, 'sign'>, leaver: Leaver) {
  const about = Buffer.from(JSON.stringify(leaver)).toString('base64url');
  const token = `${about}.${secrets.sign(purpose, about)}`;
  return {
    page: `${baseUrl}/console/stop-mails?kind=report&token=${token}`,
    oneClick: `${baseUrl}/stop-mails/reports?token=${token}`,
  };
}

function leaverOf(secrets: Pick<Secrets, 'verify'>, token: string): Leaver {
  const [about = '', signature = ''] = token.split('.');
  if (secrets.verify(purpose, about, signature))
    return JSON.parse(Buffer.from(about, 'base64url').toString()) as Leaver;
  throw new Refusal('link_expired', 'This link is not whole. Open it from the mail again.');
}

type Row = {
  report: string;
  recipients: string[];
  stoppedAt: Date | null;
  name: string;
  clockOffsetMs: bigint;
};

/** Look, or take the address off; the last one stops the report. Pressed twice it says the same. */
export async function leaveReportMail(
  db: Database,
  secrets: Pick<Secrets, 'verify'>,
  { token, press }: { token: string; press: boolean },
) {
  const leaver = leaverOf(secrets, token);
  const { organizationId, id, email } = leaver;
  return db.transaction(systemActor('report-leave'), async (tx) => {
    const row = await tx.row<Row>(sql`select m.report, m.recipients, m.stopped_at, o.name, o.clock_offset_ms
      from report_mails m join organizations o on o.id = m.organization_id
      where m.organization_id = ${organizationId} and m.id = ${id} for update of m`);
    if (!row) throw new Refusal('link_expired', 'This report is not sent any more.');
    const isOn = row.stoppedAt === null && row.recipients.includes(email);
    if (press && isOn) {
      const now = organizationNow(row);
      await tx.run(sql`update report_mails set recipients = case when cardinality(recipients) > 1
          then array_remove(recipients, ${email}) else recipients end,
          stopped_at = case when cardinality(recipients) > 1 then null else ${now}::timestamptz end
        where organization_id = ${organizationId} and id = ${id}`);
      const by = { actor: systemActor('report-leave'), organizationId, now };
      await record(tx, by, [
        { type: 'report_mail.left', subjectId: id, data: { email, report: row.report } },
      ]);
    }
    return {
      object: 'report_mail_leave' as const,
      organization_name: row.name,
      email,
      title: reportOf(row.report).title,
      left: press || !isOn,
    };
  });
}
