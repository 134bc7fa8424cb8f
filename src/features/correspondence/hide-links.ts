/**
 * Mail that opens an account, as staff may see it: whoever held its link could act as the payer. Pictures
 * keep their address, every other address goes.
 */
export function hideLinks(message: { html: string; text: string }): { html: string; text: string } {
  return {
    html: message.html
      .replace(/href="(?!mailto:|tel:)[^"]*"/gi, 'href="#link-hidden"')
      .replace(
        /(src="|xmlns:\w+="|https?:\/\/www\.w3\.org\/)?(https?:\/\/[^\s"'<>]+)/gi,
        (whole, kept: string | undefined) => (kept ? whole : hidden),
      ),
    text: message.text.replace(/https?:\/\/\S+/gi, hidden),
  };
}

const hidden = '(link hidden)';
