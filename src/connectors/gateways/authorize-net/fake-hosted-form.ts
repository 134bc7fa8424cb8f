/**
 * What AcceptUI.js does, by its attributes and messages: it hangs itself on the first `.AcceptUI` button,
 * writes a style element, opens a form of its own origin in a frame, and calls the page's function.
 */
export const acceptUiScript = `(() => {
  const origin = new URL(document.currentScript.src).origin;
  const options = {};
  let handler;
  const send = (frame, type, pktData) => frame.contentWindow.postMessage({ verifyOrigin: 'AcceptUI', type, pktData }, origin);
  function build() {
    const container = document.createElement('div');
    container.id = 'AcceptUIContainer';
    const frame = document.createElement('iframe');
    frame.title = 'Payment form';
    frame.style.height = '100%';
    frame.style.width = '100%';
    const sync = { verifyOrigin: 'AcceptUI', type: 'SYNC', pktData: location.origin };
    frame.src = origin + '/v3/acceptMain/acceptMain.html#' + encodeURIComponent(JSON.stringify(sync));
    container.style.position = 'fixed';
    container.append(frame);
    document.body.append(container);
    return container;
  }
  function start() {
    const button = document.getElementsByClassName('AcceptUI')[0];
    const names = ['billingAddressOptions', 'paymentOptions', 'apiLoginID', 'clientKey'];
    for (const name of [...names, 'acceptUIFormBtnTxt', 'acceptUIFormHeaderTxt'])
      options[name] = button.getAttribute('data-' + name);
    handler = button.getAttribute('data-responseHandler');
    const style = document.createElement('style');
    style.innerHTML = '#AcceptUIContainer{visibility:hidden;opacity:0}#AcceptUIContainer.show{visibility:visible;opacity:1}';
    document.head.append(style);
    let container = build();
    button.addEventListener('click', (event) => {
      container.className = 'show';
      event.preventDefault();
    });
    addEventListener('message', ({ origin: from, data }) => {
      if (from !== origin || data?.verifyOrigin !== 'AcceptMain') return;
      const frame = container.firstChild;
      if (data.type === 'ACK') send(frame, 'INIT', options);
      if (data.type === 'FIT_WINDOW') container.style.height = frame.style.height = data.pktData.height + 'px';
      if (data.type === 'RESPONSE') window[handler](data.pktData);
      if (data.type === 'RESPONSE' || data.type === 'CLOSE_IFRAME') {
        container.remove();
        container = build();
      }
    });
  }
  if (document.readyState === 'complete') start();
  else addEventListener('load', start);
})();`;

const formScript = `
const { pktData: page } = JSON.parse(decodeURIComponent(location.hash.slice(1)));
const form = document.querySelector('form');
const tell = (type, pktData) => parent.postMessage({ verifyOrigin: 'AcceptMain', type, pktData }, page);
let options;
addEventListener('message', ({ origin, data }) => {
  if (origin !== page || data?.verifyOrigin !== 'AcceptUI' || data.type !== 'INIT') return;
  options = data.pktData;
  const { showBankAccount } = JSON.parse(options.paymentOptions);
  document.body.dataset.kind = showBankAccount ? 'bank' : 'card';
  document.querySelector('h1').textContent = options.acceptUIFormHeaderTxt;
  document.querySelector('button').textContent = options.acceptUIFormBtnTxt;
  tell('FIT_WINDOW', { height: 300 });
});
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { cardNumber, expiry, cardCode, routingNumber, accountNumber, nameOnAccount } = Object.fromEntries(new FormData(form));
  const isBank = document.body.dataset.kind === 'bank';
  const data = isBank
    ? { type: 'TOKEN', id: crypto.randomUUID(), bankToken: { accountNumber, routingNumber, nameOnAccount, accountType: 'checking' } }
    : { type: 'TOKEN', id: crypto.randomUUID(), token: { cardNumber, expirationDate: expiry.replace('/', ''), cardCode } };
  const keys = { name: options.apiLoginID, clientKey: options.clientKey };
  const answer = await fetch('/xml/v1/request.api', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ securePaymentContainerRequest: { merchantAuthentication: keys, data } }),
  });
  const { messages, opaqueData } = JSON.parse((await answer.text()).replace(/^\\uFEFF/, ''));
  const shown = isBank
    ? { encryptedBankData: { accountNumber: 'XXXXX' + accountNumber.slice(-4), routingNumber: 'XXXXX' + routingNumber.slice(-4) } }
    : { encryptedCardData: { cardNumber: 'XXXXXXXXXXXX' + cardNumber.slice(-4), expDate: expiry, bin: cardNumber.slice(0, 6) } };
  tell('RESPONSE', { messages, opaqueData, ...shown, customerInformation: { firstName: '', lastName: '' } });
});
tell('ACK');`;

export const acceptMainPage = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Payment</title>
<style>body{font:16px sans-serif;margin:8px}label{display:block}
body[data-kind=card] .bank,body[data-kind=bank] .card{display:none}</style>
<body><h1>Payment</h1><form>
<label class="card">Card Number <input name="cardNumber"></label>
<label class="card">Exp. Date <input name="expiry"></label>
<label class="card">Card Code <input name="cardCode"></label>
<label class="bank">Name On Account <input name="nameOnAccount"></label>
<label class="bank">Routing Number <input name="routingNumber"></label>
<label class="bank">Account Number <input name="accountNumber"></label>
<button>Pay</button></form><script>${formScript}</script></body></html>`;
