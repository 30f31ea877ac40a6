/** An address within a text. */
const address = /(?<first>[^\s<>()[\]:;,"'@])[^\s<>()[\]:;,"'@]*@(?<domain>[^\s<>()[\]:;,"'@]+)/gu;

/** A text in which no mail address stands in full: `ada@example.com` becomes `a…@example.com`. */
export const hideAddresses = (text: string): string =>
  text.replaceAll(address, '$<first>…@$<domain>');
