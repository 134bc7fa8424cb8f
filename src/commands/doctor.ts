import type { Command } from '#commands/command.ts';
import { redacted } from '#config.ts';
import { lastBeat } from '#jobs/heartbeat.ts';
import { openForCommand } from '#open-database.ts';

type Finding = { name: string; ok: boolean; says: string };

export const doctor: Command = {
  usage: '   what is configured, what is reachable, what to do',
  options: {},
  async run({ config }) {
    const findings: Finding[] = [];
    const database = await openForCommand(config);
    try {
      const { rows } = await database.db.pool.query<{ version: string }>('select version()');
      findings.push({ name: 'database', ok: true, says: rows[0]?.version ?? '' });
      const age_s = await lastBeat(database.db);
      const alive = age_s !== undefined && age_s < 60;
      findings.push({
        name: 'worker',
        ok: alive,
        says: alive ? 'working' : 'not running: npm start, or ROLE=worker npm start',
      });
    } finally {
      await database.close();
    }
    const server = await fetch(`${config.baseUrl}/readyz`, { signal: AbortSignal.timeout(3000) }).then(
      (reply) => reply.status,
      () => 0,
    );
    findings.push({
      name: 'server',
      ok: server === 200,
      says:
        server === 0
          ? `nothing answers at ${config.baseUrl}: npm start`
          : `answers ${server} at ${config.baseUrl}`,
    });
    findings.push({
      name: 'mail',
      ok: true,
      says: config.smtpUrl ? 'leaves by SMTP_URL' : 'stays in the built-in mailbox: set SMTP_URL to send it',
    });
    findings.push({
      name: 'mail coming in',
      ok: true,
      says: config.mailInHost
        ? `to ${config.mailInHost}${config.mailInPort === undefined ? '' : `, by SMTP on port ${config.mailInPort}`}`
        : 'none: bounces are not seen. Set OWED_MAIL_IN_HOST, or let your mail provider report (README.md)',
    });
    const ok = findings.every((finding) => finding.ok);
    return {
      ok,
      result: { ok, findings, config: redacted(config) },
      text: findings
        .map((finding) => `${finding.ok ? 'ok ' : 'NO '} ${finding.name}: ${finding.says}`)
        .join('\n'),
    };
  },
};
