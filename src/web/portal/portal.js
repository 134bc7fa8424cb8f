/* Everything here is a convenience, except for the gateway's fields: the pages work without it. */
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const one = (selector, root = document) => root.querySelector(selector);

/* A second click on a button that posts does nothing; coming back by the browser's Back button frees it. */
function hold(form) {
  form.dataset.sent = 'yes';
  const button = one('button:not([type=button]):not([name])', form);
  if (!button) return;
  button.setAttribute('aria-disabled', 'true');
  if (button.dataset.busy) {
    button.dataset.words = button.innerHTML;
    button.textContent = button.dataset.busy;
  }
}
function release(form) {
  delete form.dataset.sent;
  for (const button of all('[aria-disabled]', form)) {
    button.removeAttribute('aria-disabled');
    if (button.dataset.words) button.innerHTML = button.dataset.words;
  }
}
for (const form of all('form[data-once]')) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) return event.preventDefault();
    if (form.dataset.pay !== undefined && pay(form)) return event.preventDefault();
    hold(form);
  });
}
addEventListener('pageshow', (event) => event.persisted && all('form[data-sent]').forEach(release));

/* The gateway's fields: only the frame that we asked, from the origin that we know, is heard. */
const frames = all('iframe[data-origin]');
const failed = (form, message) => {
  delete form.dataset.asked;
  release(form);
  one('[data-pay-error]', form).textContent = message;
};
const silent = 'The secure fields do not answer. Nothing was charged. Please reload the page and try again.';
/* True when the form must not be sent yet. */
function pay(form) {
  one('[data-pay-error]', form).textContent = '';
  for (const box of all('[data-must]', form)) {
    const missing = box.offsetParent !== null && !box.checked;
    box.setAttribute('aria-invalid', missing);
    document.getElementById(`${box.id}-error`).textContent = missing ? box.dataset.must : '';
    if (missing) {
      box.focus();
      return true;
    }
  }
  const chosen = one('input[data-kind]:checked', form);
  if (!chosen || chosen.dataset.new === undefined || form.elements.token.value) return false;
  const frame = one(`iframe[data-slot=${chosen.dataset.kind}]`, form);
  hold(form);
  form.dataset.asked = chosen.dataset.kind;
  frame.contentWindow.postMessage({ type: 'owed.tokenize' }, frame.dataset.origin);
  clearTimeout(form.answer);
  form.answer = setTimeout(() => form.dataset.asked && failed(form, silent), 20_000);
  return true;
}
addEventListener('message', ({ source, origin, data }) => {
  const frame = frames.find((each) => each.contentWindow === source && each.dataset.origin === origin);
  if (!frame || !data || typeof data.type !== 'string') return;
  const form = frame.closest('form');
  if (data.type === 'owed.height' && data.px > 0)
    frame.style.height = `${Math.min(Math.ceil(data.px), 900)}px`;
  if (data.type === 'owed.ready') frame.dataset.ready = 'yes';
  if (form.dataset.asked !== frame.dataset.slot) return;
  if (data.type === 'owed.error') {
    failed(form, String(data.message || 'Please check what you typed.'));
    frame.focus();
  }
  if (data.type === 'owed.token' && typeof data.token === 'string') {
    delete form.dataset.asked;
    for (const name of ['token', 'brand', 'last4']) form.elements[name].value = data[name] ?? '';
    release(form);
    form.requestSubmit();
  }
});
/* A token is for one attempt: another choice, or coming back, needs another one. */
for (const form of all('form[data-pay]')) {
  const label = one('[data-pay-label]', form);
  const chosen = () => {
    const radio = one('input[data-kind]:checked', form);
    const frame = radio?.dataset.new !== undefined && one(`iframe[data-slot=${radio.dataset.kind}]`, form);
    if (frame && !frame.src) frame.src = frame.dataset.src;
    form.elements.token.value = '';
    if (!radio || !label || !radio.dataset.label) return;
    label.textContent = `Pay ${radio.dataset.label}`;
    form.elements.shown_total.value = radio.dataset.total;
    form.elements.shown_fee.value = radio.dataset.fee;
  };
  form.addEventListener('change', (event) => event.target.dataset.kind && chosen());
  addEventListener('pageshow', chosen);
}

/* The total of what is ticked, in whole minor units: sums of decimals would drift. */
const live = one('[data-live]');
if (live) {
  const { locale, currency, mark } = live.dataset;
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
  const unit = 10 ** format.resolvedOptions().maximumFractionDigits;
  /* As the server reads it: the mark that parts thousands may stand nowhere else. */
  const thousands = mark === ',' ? /^\d+(\.\d{2,3})*\.\d{3}(,|$)/ : /^\d+(,\d{2,3})*,\d{3}(\.|$)/;
  const minor = (text) => {
    const plain = text.replace(/[\s'’]|\p{Sc}/gu, '');
    if (plain.includes(mark === ',' ? '.' : ',') && !thousands.test(plain)) return 0;
    const value = Number(
      mark === ',' ? plain.replaceAll('.', '').replace(',', '.') : plain.replaceAll(',', ''),
    );
    return plain && value > 0 ? Math.round(value * unit) : 0;
  };
  const picks = all('[data-pick]');
  const button = one('[data-next]');
  let timer;
  const count = () => {
    let total = 0;
    let chosen = 0;
    for (const pick of picks) {
      const amount = one('[data-amount]', pick.closest('li'));
      const most = Number(pick.dataset.pick);
      const part = amount ? minor(amount.value) : most;
      if (pick.checked) chosen += 1;
      if (pick.checked) total += part;
      if (amount) amount.setAttribute('aria-invalid', pick.checked && (part === 0 || part > most));
    }
    const words = `${chosen} of ${picks.length} ${picks.length === 1 ? 'invoice' : 'invoices'}`;
    one('[data-count]').textContent = words;
    one('[data-total]').textContent = format.format(total / unit);
    button.setAttribute('aria-disabled', chosen === 0);
    clearTimeout(timer);
    timer = setTimeout(() => {
      one('[data-spoken]').textContent = `${words} chosen, ${format.format(total / unit)} in total`;
    }, 600);
  };
  live.hidden = false;
  addEventListener('input', count);
  addEventListener('pageshow', count);
  button.form.addEventListener(
    'submit',
    (event) => {
      if (picks.some((pick) => pick.checked)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      picks[0].focus();
    },
    true,
  );
  count();
}

for (const button of all('[data-reveal]')) {
  const input = document.getElementById(button.getAttribute('aria-controls'));
  button.hidden = false;
  button.addEventListener('click', () => {
    const show = input.type === 'password';
    input.type = show ? 'text' : 'password';
    button.setAttribute('aria-pressed', show);
    button.firstChild.data = show ? 'Hide' : 'Show';
  });
}

/* Asks how the payment stands, ever more slowly; after some minutes the page says what to do instead. */
const poll = one('[data-poll]');
if (poll) {
  let wait_ms = 900;
  const ask = async () => {
    try {
      const answer = await fetch(poll.dataset.poll, {
        headers: { accept: 'application/json' },
        cache: 'no-store',
      });
      const { done, url } = answer.ok ? await answer.json() : {};
      if (done && new URL(url, location.href).origin === location.origin) return location.replace(url);
    } catch {
      /* Offline for a moment: the next question tells. */
    }
    wait_ms = Math.min(wait_ms * 1.25, 8000);
    setTimeout(ask, wait_ms);
  };
  setTimeout(ask, wait_ms);
}

/* A menu closes on Escape and on a click elsewhere. */
const menu = one('details.person');
if (menu) {
  addEventListener('click', (event) => !menu.contains(event.target) && menu.removeAttribute('open'));
  menu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    menu.removeAttribute('open');
    one('summary', menu).focus();
  });
}

/* A signature by hand. Black on white in any theme: it goes on paper. */
for (const pad of all('[data-pad]')) {
  const canvas = one('canvas', pad);
  const pen = canvas.getContext('2d');
  const field = canvas.closest('form').elements.drawing;
  const move = ({ offsetX: x, offsetY: y }, how) => {
    const scale = canvas.width / canvas.clientWidth;
    pen[how](x * scale, y * scale);
  };
  const clear = () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    field.value = '';
  };
  pad.hidden = false;
  pen.lineWidth = 4;
  pen.lineCap = pen.lineJoin = 'round';
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    move(event, 'moveTo');
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    move(event, 'lineTo');
    pen.stroke();
    field.value = ' ';
  });
  canvas.addEventListener('pointerup', () => {
    if (field.value) field.value = canvas.toDataURL();
  });
  one('[data-clear]', pad).addEventListener('click', clear);
  addEventListener('pageshow', clear);
}

/* A plan is shown as its terms are typed, by the server's own rules; without script a button shows it. */
for (const terms of all('[data-plan]')) {
  const form = terms.closest('form');
  const shown = one('[data-preview]', form);
  one('[data-plain]', form).hidden = true;
  let wait;
  let latest;
  const ask = async () => {
    const asked = {};
    latest = asked;
    const body = new URLSearchParams(new FormData(form));
    if (!body.get('down_payment') || !body.get('first_on')) return;
    const answer = await fetch(terms.dataset.url, { method: 'POST', body }).catch(() => undefined);
    if (answer?.ok && asked === latest) shown.innerHTML = await answer.text();
  };
  terms.addEventListener('input', () => {
    clearTimeout(wait);
    wait = setTimeout(ask, 350);
  });
  if (!shown.children.length) void ask();
}
