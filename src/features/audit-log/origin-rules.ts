import { deviceOf } from '#lib/device.ts';

type Acted = { actor: { kind: string; id: string | null }; ip: string | null; userAgent: string | null };
type From = {
  /** Where it came from, in words; null where nothing is known any more. */
  says: string | null;
  ip: string | null;
  device: string | null;
};

/** How the system names itself when somebody at the server runs a command, and when the host's staff acts. */
const command = /^owed (.+)$/;
const host = /^host: (.+)$/;

/** From where something was done: a browser or program with its address, a command, the scheduler. */
export function fromOf({ actor, ip, userAgent }: Acted): From {
  const device = ip === null ? null : deviceOf(userAgent);
  if (ip !== null) return { says: `${ip} · ${device}`, ip, device };
  return { says: machineOf(actor), ip, device };
}

function machineOf({ kind, id }: Acted['actor']): string | null {
  if (kind === 'job') return `Scheduler (${(id ?? 'job').replaceAll(/[_-]/g, ' ')})`;
  if (kind !== 'system') return null;
  const run = id?.match(command)?.[1];
  if (run) return `Command line (owed ${run})`;
  return id && host.test(id) ? 'The host’s desk' : 'Owed itself';
}

/** Who acts where they do not belong, and as whom: somebody at the server, the host’s staff. */
export function actingAs({ kind, id }: Acted['actor']): { name: string; as: string } | undefined {
  if (kind !== 'system' || !id) return undefined;
  if (command.test(id)) return { name: 'Somebody at the server', as: 'its operator' };
  const name = id.match(host)?.[1];
  return name ? { name, as: 'the host of this Owed' } : undefined;
}
