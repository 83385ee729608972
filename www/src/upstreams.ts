//! Which mail servers the proxy offers. Asked once; without an answer the proxy's default is used.

/** A mail server, as the proxy names it. */
export type Upstream = {
  /** None for the default one. */
  readonly name: string | null;
  readonly label: string;
  readonly default: boolean;
};

/** The mail servers to choose from; empty where that could not be learned. */
export async function loadUpstreams(): Promise<readonly Upstream[]> {
  try {
    const answer = await fetch("api/config", { credentials: "omit" });
    if (!answer.ok) return [];
    const config: unknown = await answer.json();
    const list = typeof config === "object" && config !== null && "imap" in config ? config.imap : [];
    return Array.isArray(list) ? list.filter(isUpstream) : [];
  } catch {
    // Signing in will tell what is wrong, in better words than a failed question could.
    return [];
  }
}

function isUpstream(value: unknown): value is Upstream {
  if (typeof value !== "object" || value === null) return false;
  const one = value as Partial<Record<keyof Upstream, unknown>>;
  return (
    (one.name === null || typeof one.name === "string") &&
    typeof one.label === "string" &&
    typeof one.default === "boolean"
  );
}
