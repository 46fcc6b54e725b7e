// Drafts in this browser: {value, origin, at, sent} by key, for KEEP_DAYS. Storage may be full or forbidden.
const PREFIX = "draft:";
const KEEP_DAYS = 60;

export function read(key) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + key));
  } catch {
    return null;
  }
}

export function write(key, record) {
  try {
    if (record) localStorage.setItem(PREFIX + key, JSON.stringify(record));
    else localStorage.removeItem(PREFIX + key);
    return true;
  } catch {
    return false; // storage is full or forbidden
  }
}

export function forgetOld() {
  try {
    const ours = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
    for (const key of ours.map((one) => one.slice(PREFIX.length)))
      if (Date.now() - (read(key)?.at ?? 0) > KEEP_DAYS * 864e5) write(key, null);
  } catch {
    /* storage is forbidden: there is nothing old */
  }
}
