/** How mail programs press one-click unsubscribe (RFC 8058, 3.1): either encoding of a form is right. */
export const oneClickPresses = {
  form: {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'List-Unsubscribe=One-Click',
  },
  parts: {
    headers: { 'content-type': 'multipart/form-data; boundary=press' },
    payload:
      '--press\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--press--\r\n',
  },
};
