import type { Html } from '#ui/html.ts';
import { raw } from '#ui/html.ts';

const icon = (paths: string): Html =>
  raw(`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${paths}</svg>`);

/** Drawn on a grid of 24 with one stroke; the words beside them carry the meaning. */
export const icons = {
  check: icon('<path d="m5 12.5 4.5 4.5L19 7.5"/>'),
  alert: icon('<circle cx="12" cy="12" r="9"/><path d="M12 7.5v5.5M12 16.2v.3"/>'),
  clock: icon('<circle cx="12" cy="12" r="9"/><path d="M12 7v5.2l3.5 2"/>'),
  cross: icon('<path d="m6.5 6.5 11 11m0-11-11 11"/>'),
  card: icon('<rect x="2.5" y="5" width="19" height="14" rx="2.5"/><path d="M2.5 9.8h19M6.5 15h4"/>'),
  bank: icon('<path d="M3.5 9.5 12 4.5l8.5 5zM6 12.5v4.5m4-4.5v4.5m4-4.5v4.5m4-4.5v4.5M3.5 19.8h17"/>'),
  plus: icon('<path d="M12 5.5v13M5.5 12h13"/>'),
  back: icon('<path d="m14.5 6-6 6 6 6"/>'),
  next: icon('<path d="m9.5 6 6 6-6 6"/>'),
  down: icon('<path d="m6.5 9.5 5.5 5.5 5.5-5.5"/>'),
  file: icon('<path d="M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 19.5h14"/>'),
  mail: icon('<rect x="3" y="5.5" width="18" height="13" rx="2"/><path d="m3.5 7.5 8.5 6 8.5-6"/>'),
  lock: icon(
    '<rect x="5" y="10.5" width="14" height="9.5" rx="2"/><path d="M8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5"/>',
  ),
};
