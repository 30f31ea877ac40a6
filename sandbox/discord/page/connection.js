/** The page's only way out: three addresses of the server it came from. */

export async function fetchState(person) {
  const query = person ? `?person=${encodeURIComponent(person)}` : '';
  const response = await fetch(`/page/state${query}`);
  if (!response.ok) throw new Error(`state answered ${response.status}`);
  return response.json();
}

/** Sends what the person did; resolves with the answer, `refused` included, also when the server is away. */
export async function act(body) {
  try {
    const response = await fetch('/page/act', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return await response.json();
  } catch {
    return { lost: true };
  }
}

const waitsMs = [500, 1000, 2000, 4000];

/**
 * Listens for one person until closed. After a break it asks for what it missed; when that is no
 * longer kept, `onReset` reads everything anew.
 */
export function listen({ person, cursor, onEvent, onReset, onOnline, onOffline }) {
  let source;
  let timer;
  let last = cursor;
  let failures = 0;
  let closed = false;
  const open = () => {
    const query = new URLSearchParams({ person, after: last });
    source = new EventSource(`/page/events?${query}`);
    source.addEventListener('open', () => {
      failures = 0;
      onOnline();
    });
    source.addEventListener('message', (message) => {
      last = message.lastEventId;
      onEvent(JSON.parse(message.data));
    });
    source.addEventListener('reset', onReset);
    source.addEventListener('error', () => {
      source.close();
      if (closed) return;
      onOffline();
      failures += 1;
      // A server that was started anew may know other people; the state says so.
      const again = failures > 1 ? () => fetchState(person).then(onReset, retry) : open;
      timer = setTimeout(again, waitsMs[Math.min(failures, waitsMs.length) - 1]);
    });
  };
  const retry = () => {
    if (closed) return;
    failures += 1;
    timer = setTimeout(
      () => void fetchState(person).then(onReset, retry),
      waitsMs[Math.min(failures, waitsMs.length) - 1],
    );
  };
  open();
  return () => {
    closed = true;
    clearTimeout(timer);
    source.close();
  };
}

/** A chosen file as the server takes it. */
export function readFile(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('error', () => reject(reader.error));
    reader.addEventListener('load', () => {
      const base64 = reader.result.split(',')[1] ?? '';
      resolve({ file: { name: file.name, type: file.type || 'application/octet-stream', base64 } });
    });
    reader.readAsDataURL(file);
  });
}
